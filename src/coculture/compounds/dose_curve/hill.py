"""The Hill curve from zero: no plateau but the one it rises (or falls) to."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from coculture.compounds.dose_curve.axis import Floats, checked_doses, checked_positive


def hill(dose: ArrayLike, top: ArrayLike, gain: ArrayLike, power: ArrayLike) -> Floats:
    """Return ``top / (1 + (gain / d)**power)``: half of ``top`` at ``d = gain``.

    Parameters
    ----------
    dose : concentrations >= 0.
    top : response at high dose, of either sign.
    gain, power : above 0; ``gain`` in the unit of dose.

    Raises
    ------
    InputError : for a negative dose, or a gain or power not above 0.
    """
    doses = checked_doses(dose)
    ga, p = checked_positive(gain, "gain"), checked_positive(power, "power")
    with np.errstate(divide="ignore"):
        return np.asarray(np.asarray(top, dtype=np.float64) * expit(p * (np.log(doses) - np.log(ga))))
