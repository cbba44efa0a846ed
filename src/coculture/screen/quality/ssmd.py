"""SSMD: the controls' difference in units of its own standard deviation."""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Floats
from coculture.screen.quality.controls import Controls


def ssmd(controls: Controls) -> Floats:
    """Return ``(mean₊ - mean₋) / √(SD₊² + SD₋²)`` (Zhang 2007, Genomics 89:552, method of moments).

    Array over strata, signed; NaN where a group has fewer than two wells or nothing varies.
    """
    negative, positive = controls.negative, controls.positive
    spread = np.hypot(positive.sd, negative.sd)
    return (positive.mean - negative.mean) / np.where(spread == 0, np.nan, spread)
