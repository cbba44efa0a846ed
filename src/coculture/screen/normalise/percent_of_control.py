"""Percent of control: 100 is the mean of the plate's negative controls, 0 is a reading of zero."""

from __future__ import annotations

import numpy as np

from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.well_table import Readings

SMALLEST_RATIO = 3.0
"""The controls' mean must be this many of its standard errors above zero to serve as a denominator."""


def percent_of_control(readings: Readings) -> Normalised:
    """Return ``100 * x / mean(negative controls of the stratum)``.

    The read-out must be on a ratio scale. A stratum whose control mean is not above zero by three standard errors
    (or that has a single control, unless above zero) is left out: its percentages would be noise.
    """
    negative = readings.statistics(readings.negative)
    error = np.where(negative.count > 1, negative.sd, 0.0) / np.sqrt(np.maximum(negative.count, 1))
    usable = (negative.mean > 0) & (negative.mean >= SMALLEST_RATIO * error)
    with np.errstate(invalid="ignore"):
        mean = np.where(usable, negative.mean, np.nan)
    values = 100.0 * (readings.values / mean[readings.stratum])
    lacking = {
        int(code): "no negative control" if negative.count[code] == 0 else "the negative controls' mean is not clearly above zero"
        for code in np.flatnonzero(~usable)
    }
    return Normalised(values, lacking)


METHOD = Normalisation("percent-of-control", "percent_of_control", "% of control", percent_of_control)
