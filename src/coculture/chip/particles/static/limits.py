"""The two limits in which the deposited fraction has a short formula: for checks, and for quick estimates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.chip.particles.static.column import SettlingColumn

Floats = NDArray[np.float64]


def early_diffusion_limit(column: SettlingColumn, minutes: Floats) -> Floats:
    """Return ``2 √(D t/π) / H``: without settling, while the top is not yet felt."""
    return np.asarray(2 * np.sqrt(column.diffusion_times(minutes) / np.pi))


def settling_limit(column: SettlingColumn, minutes: Floats) -> Floats:
    """Return ``v t / H`` up to 1: without diffusion everything falls at one speed. 0 for particles that rise."""
    fallen = column.settling_um_per_min * np.asarray(minutes, np.float64) / column.height_um
    return np.asarray(np.clip(fallen, 0.0, 1.0))
