"""Signal to background: how many times the positive controls read what the negative controls read."""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Floats
from coculture.screen.quality.controls import Controls


def signal_to_background(controls: Controls) -> Floats:
    """Return ``mean₊ / mean₋`` per stratum; NaN where the negative mean is not above zero (no ratio scale)."""
    background = controls.negative.mean
    with np.errstate(invalid="ignore"):
        return controls.positive.mean / np.where(background > 0, background, np.nan)
