"""The control wells of every stratum, summarised once for all statistics of quality."""

from __future__ import annotations

from dataclasses import dataclass

from coculture.screen.group_statistics import GroupStatistics
from coculture.screen.well_table import Readings


@dataclass(frozen=True)
class Controls:
    """Statistics of negative and positive controls, arrays of shape (strata,)."""

    negative: GroupStatistics
    positive: GroupStatistics

    @classmethod
    def of(cls, readings: Readings) -> Controls:
        """Summarise the controls of one read-out."""
        return cls(readings.statistics(readings.negative), readings.statistics(readings.positive))
