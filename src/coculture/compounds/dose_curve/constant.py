"""No effect: the same response at every dose."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coculture.compounds.dose_curve.axis import Floats


def constant(dose: ArrayLike, level: ArrayLike) -> Floats:
    """Return ``level`` at every dose, broadcast to the shape of both."""
    doses, levels = np.broadcast_arrays(np.asarray(dose, dtype=np.float64), np.asarray(level, dtype=np.float64))
    return np.where(np.isnan(doses), np.nan, levels)
