"""A response in proportion to a power of the dose."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coculture.compounds.dose_curve.axis import Floats, checked_doses, checked_positive


def power(dose: ArrayLike, scale: ArrayLike, exponent: ArrayLike) -> Floats:
    """Return ``scale * d**exponent``; InputError for a negative dose or an exponent not above 0."""
    return np.asarray(np.asarray(scale, dtype=np.float64) * checked_doses(dose) ** checked_positive(exponent, "exponent"))
