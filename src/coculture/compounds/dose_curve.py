"""Dose-response curves, forward: from dose to response. The screen fits these same functions.

One meaning for every parameter, whatever fits or uses the curve:

``bottom``, ``top``
    The lower and the upper plateau of the response, ``bottom <= top``, whichever of them lies at dose zero.
``slope``
    Steepness and direction: above 0 the response rises with dose, below 0 it falls. On a concentration axis it is the
    Hill slope; on the ordinal axis it is the logistic slope per step.
``ec50``
    Dose at which the response is half-way between the plateaus, in the unit of the dose axis.

The position of a dose on the curve's axis is its natural logarithm for concentrations (uM, ug/mL) and the number
itself for ``step``, where only the order of the doses is known. Dose zero (nothing added) lies at minus infinity on
both axes: there the response is the plateau from which the curve starts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from coculture.errors import InputError
from coculture.units import DOSE_UNITS

Floats = NDArray[np.float64]


def is_ordinal(unit: str) -> bool:
    """Tell whether doses in ``unit`` are only ordered (``step``); InputError if it is no unit of dose."""
    if unit not in DOSE_UNITS:
        raise InputError(f"'{unit}' is not a unit of dose", remedy="use one of: " + ", ".join(DOSE_UNITS))
    return unit == "step"


def axis_position(dose: ArrayLike, unit: str) -> Floats:
    """Return the position of each dose on the axis of its curve.

    Parameters
    ----------
    dose : doses >= 0 in ``unit``, any shape.
    unit : ``uM``, ``ug/mL`` (position ``ln(dose)``) or ``step`` (position = dose).

    Returns
    -------
    Positions, the shape of ``dose``; minus infinity for dose 0.

    Raises
    ------
    InputError : if the unit is not one of dose or a dose is negative.
    """
    doses = np.asarray(dose, dtype=np.float64)
    ordinal = is_ordinal(unit)
    if bool((doses < 0).any()):
        raise InputError(f"a dose is negative: {float(doses.min())} {unit}", remedy="give doses >= 0")
    with np.errstate(divide="ignore"):
        return np.where(doses == 0, -np.inf, doses) if ordinal else np.log(doses)


def axis_dose(position: ArrayLike, unit: str) -> Floats:
    """Return the dose at each axis position: the inverse of :func:`axis_position`."""
    positions = np.asarray(position, dtype=np.float64)
    return np.where(positions == -np.inf, 0.0, positions) if is_ordinal(unit) else np.exp(positions)


def logistic_at(position: ArrayLike, bottom: float, top: float, slope: float, midpoint: float) -> Floats:
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
    if slope == 0 or not np.isfinite(slope):
        raise InputError(f"the slope of a dose-response curve is {slope}", remedy="give a finite slope other than 0")
    return np.asarray(bottom + (top - bottom) * expit(slope * (np.asarray(position, dtype=np.float64) - midpoint)))


def logistic(dose: ArrayLike, bottom: float, top: float, slope: float, ec50: float, unit: str = "uM") -> Floats:
    """Return the four-parameter logistic (Hill) response at doses.

    For concentrations ``y = bottom + (top - bottom) * d**slope / (ec50**slope + d**slope)`` (Hill 1910), which for a
    negative slope is the falling curve; for ``step`` the logistic in the step itself.

    Parameters
    ----------
    dose : doses >= 0 in ``unit``, any shape.
    bottom, top, slope, ec50 : as the module says; ``ec50`` in ``unit``.
    unit : ``uM``, ``ug/mL`` or ``step``.

    Raises
    ------
    InputError : for a negative dose, a slope of 0, or an ec50 that is not above 0 on a concentration axis.
    """
    if not is_ordinal(unit) and not ec50 > 0:
        raise InputError(f"an EC50 of {ec50} {unit} is not a concentration", remedy="give an EC50 above 0")
    midpoint = float(axis_position(ec50, unit)) if ec50 > 0 else float(ec50)
    return logistic_at(axis_position(dose, unit), bottom, top, slope, midpoint)
