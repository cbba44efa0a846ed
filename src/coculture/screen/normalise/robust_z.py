"""Robust z: distance from the negative controls' median in their scaled MAD."""

from __future__ import annotations

from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.normalise.in_spreads import in_spreads
from coculture.screen.well_table import Readings


def robust_z(readings: Readings) -> Normalised:
    """Return ``(x - median₋) / (1.4826 MAD₋)`` with the stratum's negative controls.

    A stratum with fewer than three controls, or whose controls' MAD is zero, is left out.
    """
    negative = readings.statistics(readings.negative)
    return in_spreads(
        readings,
        negative.count,
        negative.median,
        negative.mad,
        too_few="fewer than three negative controls",
        no_spread="the negative controls' MAD is zero",
    )


METHOD = Normalisation("robust-z", "robust_z", "robust z", robust_z)
