"""Coefficient of variation of a group of control wells."""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Floats, GroupStatistics


def coefficient_of_variation(group: GroupStatistics) -> Floats:
    """Return ``100 SD / |mean|`` in percent per stratum; NaN below two wells or at a mean of zero."""
    return 100.0 * group.sd / np.where(group.mean == 0, np.nan, np.abs(group.mean))
