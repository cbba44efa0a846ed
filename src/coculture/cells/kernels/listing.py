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


@compiled
def reach_suffices(
    position: NDArray[np.float64], marked: NDArray[np.float64], extent: NDArray[np.float64], reach: NDArray[np.float64]
) -> bool:
    """Tell whether no cell has come further from its marked place than its ``reach`` exceeds its ``extent``."""
    for i in range(len(extent)):
        dx, dy, dz = position[i, 0] - marked[i, 0], position[i, 1] - marked[i, 1], position[i, 2] - marked[i, 2]
        room = reach[i] - extent[i]
        if room < 0.0 or dx * dx + dy * dy + dz * dz > room * room:
            return False
    return True


@compiled
def furthest_ways(
    position: NDArray[np.float64], marked: NDArray[np.float64], kind: NDArray[np.int64], out: NDArray[np.float64]
) -> None:
    """Raise ``out`` (types,) to how far the cells of every type came from their marked places."""
    squares = out * out
    for i in range(len(kind)):
        dx, dy, dz = position[i, 0] - marked[i, 0], position[i, 1] - marked[i, 1], position[i, 2] - marked[i, 2]
        squares[kind[i]] = max(squares[kind[i]], dx * dx + dy * dy + dz * dz)
    out[:] = np.sqrt(squares)


@compiled
def sizes_up(
    position: NDArray[np.float64], reach: NDArray[np.float64], speed: NDArray[np.float64],
    low: NDArray[np.float64], high: NDArray[np.float64], sums: NDArray[np.float64],
) -> None:  # fmt: skip
    """Lower ``low`` and raise ``high`` (3,) to the box around all; write to ``sums`` (4, 4) those of ``reachⁱ speedʲ``."""
    sums[:] = 0.0
    for i in range(len(reach)):
        for axis in range(3):
            low[axis] = min(low[axis], position[i, axis])
            high[axis] = max(high[axis], position[i, axis])
        of_reach = 1.0
        for power in range(4):
            term = of_reach
            for other in range(4 - power):
                sums[power, other] += term
                term *= speed[i]
            of_reach *= reach[i]


@compiled
def keep_touching(
    start: NDArray[np.int64], neighbour: NDArray[np.int32], position: NDArray[np.float64], radius: NDArray[np.float64], gap: float
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return lists of those neighbours with ``d <= r_i + r_j + gap``, in the same order."""
    begin = np.zeros(len(start), np.int64)
    kept = np.empty(len(neighbour), np.int32)
    filled = 0
    for i in range(len(radius)):
        for place in range(start[i], start[i + 1]):
            j = neighbour[place]
            dx, dy, dz = position[i, 0] - position[j, 0], position[i, 1] - position[j, 1], position[i, 2] - position[j, 2]
            touching = radius[i] + radius[j] + gap
            kept[filled] = j
            filled += dx * dx + dy * dy + dz * dz <= touching * touching
        begin[i + 1] = filled
    return begin, kept[:filled].copy()


@compiled
def lists_without(
    start: NDArray[np.int64], neighbour: NDArray[np.int32], holes: NDArray[np.int64], fillers: NDArray[np.int64], left: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the lists of the first ``left`` rows, after ``fillers`` moved into ``holes`` and the rest was taken out."""
    source, place_of = np.arange(left), np.full(len(start) - 1, -1, np.int32)
    for k in range(len(holes)):
        source[holes[k]] = fillers[k]
    for row in range(left):
        place_of[source[row]] = row
    begin, kept = np.zeros(left + 1, np.int64), np.empty(len(neighbour), np.int32)
    filled = 0
    for row in range(left):
        for place in range(start[source[row]], start[source[row] + 1]):
            moved_to = place_of[neighbour[place]]
            kept[filled] = moved_to
            filled += moved_to >= 0
        begin[row + 1] = filled
    return begin, kept[:filled].copy()
