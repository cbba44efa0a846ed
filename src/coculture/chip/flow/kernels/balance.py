"""Make a nearly balanced flow balance to rounding, by what little is left over along a tree of faces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Open = NDArray[np.bool_]


@compiled
def breadth_first(
    across: NDArray[np.bool_],
    down: Open,
    seeds: Whole,
    order: Whole,
    parent: NDArray[np.int8],
) -> int:
    """Walk from ``seeds`` through open faces; fill ``order`` (cells as reached) and ``parent``; return how many were reached.

    ``parent`` says where a cell was reached from: 0 left, 1 right, 2 above, 3 below, 4 it is a seed, -1 not reached.
    """
    columns = parent.shape[1]
    parent[:] = -1
    filled = 0
    for seed in seeds:
        if parent[seed // columns, seed % columns] < 0:
            parent[seed // columns, seed % columns] = 4
            order[filled] = seed
            filled += 1
    taken = 0
    while taken < filled:
        y, x = order[taken] // columns, order[taken] % columns
        taken += 1
        for side in range(4):
            if side == 0:
                free, row, column = across[y, x + 1], y, x + 1
            elif side == 1:
                free, row, column = across[y, x], y, x - 1
            elif side == 2:
                free, row, column = down[y + 1, x], y + 1, x
            else:
                free, row, column = down[y, x], y - 1, x
            if free and parent[row, column] < 0:
                parent[row, column] = side
                order[filled] = row * columns + column
                filled += 1
    return filled


@compiled
def push_to_seeds(excess: Floats, flow_x: Floats, flow_y: Floats, order: Whole, reached: int, parent: NDArray[np.int8]) -> None:
    """Change ``flow_x`` and ``flow_y`` in place so that ``excess`` (net outflow too much) is 0 everywhere but in the seeds."""
    columns = excess.shape[1]
    for step in range(reached - 1, -1, -1):
        y, x = order[step] // columns, order[step] % columns
        much = excess[y, x]
        side = parent[y, x]
        if side == 4 or much == 0.0:
            continue
        if side == 0:
            flow_x[y, x] += much
            excess[y, x - 1] += much
        elif side == 1:
            flow_x[y, x + 1] -= much
            excess[y, x + 1] += much
        elif side == 2:
            flow_y[y, x] += much
            excess[y - 1, x] += much
        else:
            flow_y[y + 1, x] -= much
            excess[y + 1, x] += much
        excess[y, x] = 0.0
