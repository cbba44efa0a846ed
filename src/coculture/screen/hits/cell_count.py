"""The guard against taking a treatment that kills for one that acts: cells counted against the negative controls."""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Floats, group_means
from coculture.screen.well_table import WellTable

FEWER_CELLS = "fewer cells: may be cytotoxic"


def cell_count_percent(table: WellTable, column: str) -> Floats:
    """Return each well's cells as percent of the mean of its stratum's negative controls, NaN where not counted.

    Array over wells; all NaN when the well table has no such column.
    """
    if column not in table.frame:
        return np.full(len(table.frame), np.nan)
    counts = table.frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
    negative = table.counting((table.frame["role"] == "negative").to_numpy() & np.isfinite(counts))
    _, mean = group_means(counts[negative], table.stratum[negative], len(table.strata))
    return 100.0 * counts / np.where(mean > 0, mean, np.nan)[table.stratum]
