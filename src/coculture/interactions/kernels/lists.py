"""Neighbour lists: row ``i`` is ``neighbour[start[i]:start[i + 1]]``, ascending."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Short = NDArray[np.int32]


@compiled
def lists_from_pairs(cells: int, targets: int, first: Whole, second: Whole) -> tuple[Whole, Short, Whole]:
    """Sort pairs by first, then second (two counting sorts); return ``start``, ``neighbour`` and the order of the pairs."""
    by_second = np.zeros(targets + 1, np.int64)
    start = np.zeros(cells + 1, np.int64)
    for pair in range(first.size):
        by_second[second[pair] + 1] += 1
        start[first[pair] + 1] += 1
    for number in range(1, targets + 1):
        by_second[number] += by_second[number - 1]
    for number in range(1, cells + 1):
        start[number] += start[number - 1]
    halfway, order = np.empty(first.size, np.int64), np.empty(first.size, np.int64)
    for pair in range(first.size):
        halfway[by_second[second[pair]]] = pair
        by_second[second[pair]] += 1
    place, neighbour = start.copy(), np.empty(first.size, np.int32)
    for step in range(halfway.size):
        pair = halfway[step]
        order[place[first[pair]]] = pair
        neighbour[place[first[pair]]] = second[pair]
        place[first[pair]] += 1
    return start, neighbour, order


@compiled
def find_entry(start: Whole, neighbour: Short, row: int, column: int) -> int:
    """Return the place of ``column`` in a row (binary search), or -1."""
    low, high = start[row], start[row + 1]
    while low < high:
        middle = (low + high) // 2
        if neighbour[middle] < column:
            low = middle + 1
        else:
            high = middle
    return int(low) if low < start[row + 1] and neighbour[low] == column else -1


@compiled
def first_fault(start: Whole, neighbour: Short) -> int:
    """Return the first row that names itself or the same neighbour twice, -1 where none does."""
    for row in range(start.size - 1):
        for place in range(start[row], start[row + 1]):
            if neighbour[place] == row or (place > start[row] and neighbour[place] == neighbour[place - 1]):
                return row
    return -1


@compiled
def first_repeat(start: Whole, neighbour: Short) -> int:
    """Return the first row that names the same neighbour twice, -1 where none does."""
    for row in range(start.size - 1):
        for place in range(start[row] + 1, start[row + 1]):
            if neighbour[place] == neighbour[place - 1]:
                return row
    return -1


@compiled
def is_symmetric(start: Whole, neighbour: Short, weight: Reals) -> bool:
    """Tell whether every entry has its mirror, of the same weight."""
    for row in range(start.size - 1):
        for place in range(start[row], start[row + 1]):
            mirror = find_entry(start, neighbour, neighbour[place], row)
            if mirror < 0 or weight[mirror] != weight[place]:
                return False
    return True
