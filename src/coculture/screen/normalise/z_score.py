"""z: distance from the negative controls' mean in their standard deviation."""

from __future__ import annotations

from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.normalise.in_spreads import in_spreads
from coculture.screen.well_table import Readings


def z_score(readings: Readings) -> Normalised:
    """Return ``(x - mean₋) / SD₋`` with the stratum's negative controls; robust-z is safer where some of them are outliers.

    A stratum with fewer than three controls, or whose controls do not vary, is left out.
    """
    negative = readings.statistics(readings.negative)
    return in_spreads(
        readings,
        negative.count,
        negative.mean,
        negative.sd,
        too_few="fewer than three negative controls",
        no_spread="the negative controls do not vary",
    )


METHOD = Normalisation("z", "z_score", "z", z_score, noted=False)
