"""Which wells lie at the edge of their plate."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.plate.layout import STANDARD_PLATES
from coculture.screen.group_statistics import Integers


def edge_wells(wells: pd.Series, row: Integers, column: Integers) -> NDArray[np.bool_]:
    """Return which wells lie in an outer row or column.

    The plate is taken to be the smallest standard one (6 to 1536 wells) that holds every well of the screen. Of chips
    only the first and the last unit of each lie at the edge. Wells whose name tells no place do not count.

    Parameters
    ----------
    wells : (n,) names.
    row, column : (n,) places, -1 where not known.
    """
    chip = wells.str.fullmatch(r"C\d+U\d+").to_numpy(dtype=bool)
    known = (row >= 0) & (column >= 0)
    edge = np.zeros(len(wells), dtype=bool)
    units = known & chip
    if units.any():
        edge |= units & ((column == 0) | (column == column[units].max()))
    grid = known & ~chip
    if grid.any():
        highest_row, highest_column = int(row[grid].max()), int(column[grid].max())
        sizes = [size for size in STANDARD_PLATES.values() if highest_row < size[0] and highest_column < size[1]]
        n_rows, n_columns = min(sizes, default=(highest_row + 1, highest_column + 1))
        edge |= grid & ((row == 0) | (row == n_rows - 1) | (column == 0) | (column == n_columns - 1))
    return edge
