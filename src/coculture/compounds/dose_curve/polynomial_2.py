"""A parabola through zero, which may turn back."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coculture.compounds.dose_curve.axis import Floats, checked_doses


def polynomial_2(dose: ArrayLike, linear: ArrayLike, quadratic: ArrayLike) -> Floats:
    """Return ``linear * d + quadratic * d**2``; InputError for a negative dose.

    The same curve as ``a (d/b + (d/b)**2)`` with ``linear = a/b`` and ``quadratic = a/b**2``, without the pole at
    ``quadratic = 0``.
    """
    doses = checked_doses(dose)
    return np.asarray(np.asarray(linear, dtype=np.float64) * doses + np.asarray(quadratic, dtype=np.float64) * doses**2)
