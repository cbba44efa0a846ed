"""z: distance from the negative controls' mean in their standard deviation."""

from __future__ import annotations

import numpy as np

from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.well_table import Readings


def z_score(readings: Readings) -> Normalised:
    """Return ``(x - mean₋) / SD₋`` with the stratum's negative controls; robust-z is safer where some of them are outliers.

    A stratum with fewer than three controls, or whose controls do not vary, is left out.
    """
    negative = readings.statistics(readings.negative)
    with np.errstate(invalid="ignore"):
        usable = (negative.count >= 3) & (negative.sd > 0)
    values = (readings.values - negative.mean[readings.stratum]) / np.where(usable, negative.sd, np.nan)[readings.stratum]
    lacking = {
        int(code): "fewer than three negative controls" if negative.count[code] < 3 else "the negative controls do not vary"
        for code in np.flatnonzero(~usable)
    }
    return Normalised(values, lacking)


METHOD = Normalisation("z", "z_score", "z", z_score, noted=False)
