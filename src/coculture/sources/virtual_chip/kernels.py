"""Fields on a grid, read at places between its cells. Numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]


@compiled
def read_between(field: Floats, is_open: NDArray[np.bool_], x: Floats, y: Floats, pitch: float, out: Floats) -> None:
    """Write to ``out`` (n,) the field at places x, y (n,): bilinear between the centres of open cells, walls left out.

    A place whose four neighbours are all walls, or that lies outside, reads the nearest cell of the grid.
    """
    rows, columns = field.shape
    for i in range(len(x)):
        across, down = x[i] / pitch - 0.5, y[i] / pitch - 0.5
        left, above = int(np.floor(across)), int(np.floor(down))
        total, weight = 0.0, 0.0
        for row in range(above, above + 2):
            for column in range(left, left + 2):
                if 0 <= row < rows and 0 <= column < columns and is_open[row, column]:
                    share = (1.0 - abs(across - column)) * (1.0 - abs(down - row))
                    total += share * field[row, column]
                    weight += share
        if weight > 0.0:
            out[i] = total / weight
        else:
            row = min(max(int(y[i] / pitch), 0), rows - 1)
            column = min(max(int(x[i] / pitch), 0), columns - 1)
            out[i] = field[row, column]


@compiled
def add_where_cells_are(values: Floats, place: NDArray[np.int64], out: Floats) -> None:
    """Add ``values`` (n,) to the flattened grid ``out`` at each cell's ``place`` (n,)."""
    for i in range(len(values)):
        out[place[i]] += values[i]
