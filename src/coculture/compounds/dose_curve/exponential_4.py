"""A response that nears its plateau exponentially with dose."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coculture.compounds.dose_curve.axis import Floats, checked_doses, checked_positive


def exponential_4(dose: ArrayLike, top: ArrayLike, gain: ArrayLike) -> Floats:
    """Return ``top * (1 - 2**(-d / gain))``: half of ``top`` at ``d = gain``.

    Parameters
    ----------
    dose : concentrations >= 0.
    top : response at high dose, of either sign.
    gain : above 0; ``gain`` in the unit of dose.

    Raises
    ------
    InputError : for a negative dose, or a parameter not above 0.
    """
    doses, ga = checked_doses(dose), checked_positive(gain, "gain")
    return np.asarray(-np.asarray(top, dtype=np.float64) * np.expm1(-np.log(2.0) * (doses / ga)))
