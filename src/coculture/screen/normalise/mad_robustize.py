"""MAD-robustize: distance from the median of the plate's treated wells in their scaled MAD."""

from __future__ import annotations

from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.normalise.in_spreads import in_spreads
from coculture.screen.well_table import Readings


def mad_robustize(readings: Readings) -> Normalised:
    """Return ``(x - median) / (1.4826 MAD)`` over the stratum's treated wells, most of which are taken to do nothing.

    A stratum with fewer than three treated wells, or whose MAD is zero, is left out. No small number is added to the MAD:
    a read-out that hardly varies has no value on this scale.
    """
    treated = readings.statistics(readings.judged)
    return in_spreads(
        readings,
        treated.count,
        treated.median,
        treated.mad,
        too_few="fewer than three treated wells",
        no_spread="the treated wells' MAD is zero",
    )


METHOD = Normalisation("mad-robustize", "mad_robustized", "robust z of treated wells", mad_robustize, noted=False)
