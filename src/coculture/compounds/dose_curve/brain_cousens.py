"""Hormesis after Brain and Cousens: a stimulation linear in dose over a logistic."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from coculture.compounds.dose_curve.axis import Floats, checked_doses, checked_positive


def brain_cousens(
    dose: ArrayLike, start: ArrayLike, end: ArrayLike, steepness: ArrayLike, location: ArrayLike, stimulation: ArrayLike
) -> Floats:
    """Return ``end + (start - end + stimulation * d) / (1 + (d / location)**steepness)``.

    Brain & Cousens (1989), Weed Res. 29:93. ``start`` is the response at dose 0, ``end`` the one at high dose, for a
    steepness above 1. ``stimulation`` 0 is the four-parameter logistic; otherwise ``location`` is not the EC50.

    Parameters
    ----------
    dose : concentrations >= 0.
    start, end : plateaus, in units of the response.
    steepness, location : above 0; ``location`` in the unit of dose.
    stimulation : initial slope of the response, per unit of dose.

    Raises
    ------
    InputError : for a negative dose, or a steepness or location not above 0.
    """
    doses = checked_doses(dose)
    b, e = checked_positive(steepness, "steepness"), checked_positive(location, "location")
    first, last = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    with np.errstate(divide="ignore"):
        left = expit(-b * (np.log(doses) - np.log(e)))
    return np.asarray(last + (first - last + np.asarray(stimulation, dtype=np.float64) * doses) * left)
