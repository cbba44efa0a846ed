"""A response that grows exponentially with dose."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coculture.compounds.dose_curve.axis import Floats, checked_doses, checked_positive


def exponential_2(dose: ArrayLike, scale: ArrayLike, width: ArrayLike) -> Floats:
    """Return ``scale * (exp(d / width) - 1)``: zero at dose 0, without a plateau.

    Parameters
    ----------
    dose : concentrations >= 0.
    scale : in units of the response, of either sign.
    width : above 0; ``width`` in the unit of dose.

    Raises
    ------
    InputError : for a negative dose, or a parameter not above 0.
    """
    doses, b = checked_doses(dose), checked_positive(width, "width")
    return np.asarray(np.asarray(scale, dtype=np.float64) * np.expm1(doses / b))
