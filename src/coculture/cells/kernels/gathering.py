"""Values of behaviours brought together a cell. Numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled
def gather(by_type: Floats, by_cell: Floats, column: Integers, number: Integers, kind: Integers, out: Floats) -> None:
    """Write to ``out`` (n, k) behaviour ``number[k]`` of every cell: its own where ``column[k]`` >= 0, else its type's."""
    for i in range(len(kind)):
        for k in range(len(number)):
            out[i, k] = by_cell[i, column[k]] if column[k] >= 0 else by_type[kind[i], number[k]]


@compiled
def gather_rows(
    by_type: Floats, by_cell: Floats, column: Integers, number: Integers, kind: Integers, rows: Integers, out: Floats
) -> None:
    """Write to ``out`` (rows, k) what :func:`gather` does, of some rows alone."""
    for place in range(len(rows)):
        i = rows[place]
        for k in range(len(number)):
            out[place, k] = by_cell[i, column[k]] if column[k] >= 0 else by_type[kind[i], number[k]]
