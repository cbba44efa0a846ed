"""Neighbour lists in an order that does not depend on memory. Numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled


@compiled
def order_by_id(start: NDArray[np.int64], neighbour: NDArray[np.int32], cell_id: NDArray[np.int64]) -> None:
    """Sort every row of ``neighbour`` by the neighbours' ids, in place (insertion: rows are short)."""
    for row in range(len(start) - 1):
        for place in range(start[row] + 1, start[row + 1]):
            name = neighbour[place]
            own = cell_id[name]
            hole = place
            while hole > start[row] and cell_id[neighbour[hole - 1]] > own:
                neighbour[hole] = neighbour[hole - 1]
                hole -= 1
            neighbour[hole] = name
