"""Robust z: distance from the negative controls' median in their scaled MAD."""

from __future__ import annotations

import numpy as np

from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.well_table import Readings


def robust_z(readings: Readings) -> Normalised:
    """Return ``(x - median₋) / (1.4826 MAD₋)`` with the stratum's negative controls.

    A stratum with fewer than three controls, or whose controls' MAD is zero, is left out.
    """
    negative = readings.statistics(readings.negative)
    usable = (negative.count >= 3) & (negative.mad > 0)
    spread = np.where(usable, negative.mad, np.nan)
    values = (readings.values - negative.median[readings.stratum]) / spread[readings.stratum]
    lacking = {
        int(code): "fewer than three negative controls" if negative.count[code] < 3 else "the negative controls' MAD is zero"
        for code in np.flatnonzero(~usable)
    }
    return Normalised(values, lacking)


METHOD = Normalisation("robust-z", "robust_z", "robust z", robust_z)
