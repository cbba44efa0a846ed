"""MAD-robustize: distance from the median of the plate's treated wells in their scaled MAD."""

from __future__ import annotations

import numpy as np

from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.well_table import Readings


def mad_robustize(readings: Readings) -> Normalised:
    """Return ``(x - median) / (1.4826 MAD)`` over the stratum's treated wells, most of which are taken to do nothing.

    A stratum with fewer than three treated wells, or whose MAD is zero, is left out. No small number is added to the MAD:
    a read-out that hardly varies has no value on this scale.
    """
    treated = readings.statistics(readings.judged)
    with np.errstate(invalid="ignore"):
        usable = (treated.count >= 3) & (treated.mad > 0)
    values = (readings.values - treated.median[readings.stratum]) / np.where(usable, treated.mad, np.nan)[readings.stratum]
    lacking = {
        int(code): "fewer than three treated wells" if treated.count[code] < 3 else "the treated wells' MAD is zero"
        for code in np.flatnonzero(~usable)
    }
    return Normalised(values, lacking)


METHOD = Normalisation("mad-robustize", "mad_robustized", "robust z of treated wells", mad_robustize, noted=False)
