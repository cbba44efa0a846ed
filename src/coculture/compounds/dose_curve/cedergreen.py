"""Hormesis after Cedergreen, Ritz and Streibig: a stimulation that sets in between the doses over a logistic."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from coculture.compounds.dose_curve.axis import Floats, checked_doses, checked_positive


def cedergreen(
    dose: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    steepness: ArrayLike,
    location: ArrayLike,
    stimulation: ArrayLike,
    onset: float = 1.0,
) -> Floats:
    """Return ``end + (start - end + stimulation * exp(-1 / d**onset)) / (1 + (d / location)**steepness)``.

    Cedergreen, Ritz & Streibig (2005), Environ. Toxicol. Chem. 24:3166, whose three models have an ``onset`` (their
    alpha) of 1, 0.5 and 0.25. ``stimulation`` is the theoretical upper bound of the hormesis. ``exp(-1 / d**onset)``
    depends on the unit of dose: fits in uM and in nM are different models.

    Parameters
    ----------
    dose : concentrations >= 0.
    start, end, steepness, location : as in :func:`coculture.compounds.dose_curve.brain_cousens.brain_cousens`.
    stimulation : in units of the response.
    onset : above 0.

    Raises
    ------
    InputError : for a negative dose, or a steepness, location or onset not above 0.
    """
    doses = checked_doses(dose)
    b, e = checked_positive(steepness, "steepness"), checked_positive(location, "location")
    checked_positive(onset, "onset")
    first, last = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    with np.errstate(divide="ignore"):
        left = expit(-b * (np.log(doses) - np.log(e)))
        raised = np.exp(-1.0 / doses**onset)
    return np.asarray(last + (first - last + np.asarray(stimulation, dtype=np.float64) * raised) * left)
