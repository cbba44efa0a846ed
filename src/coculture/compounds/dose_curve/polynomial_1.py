"""A response in proportion to dose."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coculture.compounds.dose_curve.axis import Floats, checked_doses


def polynomial_1(dose: ArrayLike, scale: ArrayLike) -> Floats:
    """Return ``scale * d``; InputError for a negative dose."""
    return np.asarray(np.asarray(scale, dtype=np.float64) * checked_doses(dose))
