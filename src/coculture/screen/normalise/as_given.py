"""As given: for read-outs that were brought to a common scale before, and for looking at raw values."""

from __future__ import annotations

from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.well_table import Readings


def as_given(readings: Readings) -> Normalised:
    """Return the values unchanged. Effects are still differences from the stratum's negative controls."""
    return Normalised(readings.values, {})


METHOD = Normalisation("as-given", "raw", "", as_given)
