"""Weibull's second curve: the mirrored Gumbel law, slow next to the bottom plateau and steep towards the top one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coculture.compounds.dose_curve.axis import Floats
from coculture.compounds.dose_curve.sigmoid import between_plateaus


def weibull_2_at(position: ArrayLike, bottom: ArrayLike, top: ArrayLike, slope: ArrayLike, location: ArrayLike) -> Floats:
    """Return ``bottom + (top - bottom) * (1 - exp(-exp(slope * (position - location))))`` at axis positions.

    The Weibull type 2 model (Ritz 2010, Environ. Toxicol. Chem. 29:220). At ``location`` the response has gone
    ``1 - exp(-1)`` = 63.2 % of the way from bottom to top.

    Parameters
    ----------
    position, bottom, top, slope : as in :func:`coculture.compounds.dose_curve.logistic.logistic_at`.
    location : axis position of the inflection.

    Raises
    ------
    InputError : for a slope of 0.
    """
    return between_plateaus(position, bottom, top, slope, location, _fraction)


def _fraction(argument: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return np.asarray(-np.expm1(-np.exp(argument)))
