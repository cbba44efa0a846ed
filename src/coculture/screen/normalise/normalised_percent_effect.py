"""Normalised percent effect: 0 is the mean of the plate's negative controls, 100 the mean of its positive controls."""

from __future__ import annotations

import numpy as np

from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.well_table import Readings

SMALLEST_WINDOW = 3.0
"""The two control means must differ by this many standard errors of their difference."""


def normalised_percent_effect(readings: Readings) -> Normalised:
    """Return ``100 * (x - mean₋) / (mean₊ - mean₋)`` with the means of the stratum's controls.

    A stratum without positive controls, or whose controls differ by less than three standard errors, is left out.
    """
    negative, positive = readings.statistics(readings.negative), readings.statistics(readings.positive)
    window = positive.mean - negative.mean
    variance = sum(np.where(s.count > 1, s.sd, 0.0) ** 2 / np.maximum(s.count, 1) for s in (negative, positive))
    with np.errstate(invalid="ignore"):
        usable = (window != 0) & (np.abs(window) >= SMALLEST_WINDOW * np.sqrt(variance))
    scale = np.where(usable, window, np.nan)
    values = 100.0 * (readings.values - negative.mean[readings.stratum]) / scale[readings.stratum]
    lacking = {}
    for code in np.flatnonzero(~usable):
        if negative.count[code] == 0:
            lacking[int(code)] = "no negative control"
        elif positive.count[code] == 0:
            lacking[int(code)] = "no positive control"
        else:
            lacking[int(code)] = "positive and negative controls do not differ clearly"
    return Normalised(values, lacking)


METHOD = Normalisation(
    "normalised-percent-effect", "normalised_percent_effect", "% of the control window", normalised_percent_effect
)
