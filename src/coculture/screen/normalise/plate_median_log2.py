"""Plate median on the log scale: doublings away from the median of the plate's treated wells."""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import group_statistics
from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.well_table import Readings


def plate_median_log2(readings: Readings) -> Normalised:
    """Return ``log2 x - median(log2 of the stratum's treated wells)``.

    The read-out must be above zero: wells that are not get no value, and a remark counts them.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.where(readings.values > 0, np.log2(readings.values), np.nan)
    middle = group_statistics(logs, readings.stratum, readings.n_strata, readings.judged).median
    lacking = {int(code): "no treated well above zero" for code in np.flatnonzero(~np.isfinite(middle))}
    lost = int((np.isfinite(readings.values) & ~np.isfinite(logs) & ~readings.blank).sum())
    remark = (f"plate-median-log2: {lost} wells read zero or less and have no logarithm.",) if lost else ()
    return Normalised(logs - middle[readings.stratum], lacking, remark)


METHOD = Normalisation("plate-median-log2", "plate_median_log2", "log2 × plate median", plate_median_log2, noted=False)
