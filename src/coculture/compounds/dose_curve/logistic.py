"""The logistic with four parameters, and with a fifth for asymmetry."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, log_expit

from coculture.compounds.dose_curve.axis import Floats, axis_position, checked_positive, is_ordinal
from coculture.compounds.dose_curve.sigmoid import between_plateaus
from coculture.errors import InputError


def logistic_at(position: ArrayLike, bottom: ArrayLike, top: ArrayLike, slope: ArrayLike, midpoint: ArrayLike) -> Floats:
    """Return the four-parameter logistic at axis positions.

    ``y = bottom + (top - bottom) / (1 + exp(-slope * (position - midpoint)))``

    Parameters
    ----------
    position : axis positions, any shape; minus infinity is dose zero.
    bottom, top : plateaus, in units of the response.
    slope : steepness per unit of the axis; its sign is the direction. Not 0.
    midpoint : axis position of the EC50.

    Raises
    ------
    InputError : if ``slope`` is 0 or not finite: the curve would have no midpoint.
    """
    return between_plateaus(position, bottom, top, slope, midpoint, expit)


def logistic_5_at(
    position: ArrayLike, bottom: ArrayLike, top: ArrayLike, slope: ArrayLike, location: ArrayLike, asymmetry: ArrayLike
) -> Floats:
    """Return the five-parameter logistic at axis positions.

    ``y = bottom + (top - bottom) / (1 + exp(-slope * (position - location)))**asymmetry`` (Richards 1959, J. Exp. Bot.
    10:290). ``asymmetry`` 1 is the four-parameter logistic; otherwise ``location`` is not the dose of half effect.

    Parameters
    ----------
    position, bottom, top, slope, location : as in :func:`logistic_at`.
    asymmetry : above 0.

    Raises
    ------
    InputError : for a slope of 0 or an asymmetry that is not above 0.
    """
    power = checked_positive(asymmetry, "asymmetry")
    return between_plateaus(position, bottom, top, slope, location, lambda z: np.asarray(np.exp(power * log_expit(z))))


def logistic(dose: ArrayLike, bottom: float, top: float, slope: float, ec50: float, unit: str = "uM") -> Floats:
    """Return the four-parameter logistic (Hill) response at doses.

    For concentrations ``y = bottom + (top - bottom) * d**slope / (ec50**slope + d**slope)`` (Hill 1910), which for a
    negative slope is the falling curve; for ``step`` the logistic in the step itself.

    Parameters
    ----------
    dose : doses >= 0 in ``unit``, any shape.
    bottom, top, slope, ec50 : as the package says; ``ec50`` in ``unit``.
    unit : ``uM``, ``ug/mL`` or ``step``.

    Raises
    ------
    InputError : for a negative dose, a slope of 0, or an ec50 that is not above 0 on a concentration axis.
    """
    if not is_ordinal(unit) and not ec50 > 0:
        raise InputError(f"an EC50 of {ec50} {unit} is not a concentration", remedy="give an EC50 above 0")
    midpoint = float(axis_position(ec50, unit)) if ec50 > 0 else float(ec50)
    return logistic_at(axis_position(dose, unit), bottom, top, slope, midpoint)
