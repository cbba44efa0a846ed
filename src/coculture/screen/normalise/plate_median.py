"""Plate median: the median of the plate's treated wells is 1. For primary screens, where most treatments do nothing."""

from __future__ import annotations

import numpy as np

from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.well_table import Readings


def plate_median(readings: Readings) -> Normalised:
    """Return ``x / median(treated wells of the stratum)``; a stratum whose median is not above zero is left out."""
    middle = readings.statistics(readings.judged).median
    with np.errstate(invalid="ignore"):
        usable = middle > 0
    values = readings.values / np.where(usable, middle, np.nan)[readings.stratum]
    return Normalised(values, {int(code): _reason(middle[code]) for code in np.flatnonzero(~usable)})


def _reason(middle: float) -> str:
    return "no treated well" if np.isnan(middle) else "the treated wells' median is not above zero"


METHOD = Normalisation("plate-median", "plate_median", "× plate median", plate_median, noted=False)
