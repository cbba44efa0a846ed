"""Neighbour lists: row ``i`` is ``neighbour[start[i]:start[i + 1]]``, ascending."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Short = NDArray[np.int32]

_LONG_ROW = 24


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
def mirror_weight(start: Whole, neighbour: Short, weight: Reals, row: int, column: int) -> float:
    """Return the weight of the entry (row, column), 0 where there is none."""
    if start[row + 1] - start[row] > _LONG_ROW:
        place = find_entry(start, neighbour, row, column)
        return float(weight[place]) if place >= 0 else 0.0
    found = 0.0
    for place in range(start[row], start[row + 1]):  # no early way out: a short row is read faster than a branch is missed
        found += weight[place] if neighbour[place] == column else 0.0
    return found


@compiled
def _mirror_in_even_rows(neighbour: Short, weight: Reals, length: int, unit: bool) -> tuple[int, float]:
    """Do :func:`mirror_sums` where every row has the same length: no row's place need be looked up, no loop end guessed."""
    equal, products = 0, 0.0
    for place in range(neighbour.size):
        row, other = place // length, np.int64(neighbour[place])
        if other > row:
            hits, back = 0, 0.0
            for mirror in range(other * length, other * length + length):
                hit = neighbour[mirror] == row
                hits += hit
                back += weight[mirror] if hit and not unit else 0.0
            equal += hits if unit or back == weight[place] else 0
            products += float(hits) if unit else back * weight[place]
    return equal, products


@compiled
def mirror_sums(start: Whole, neighbour: Short, weight: Reals, unit: bool) -> tuple[int, float]:
    """Return how many pairs of rows hold each other with equal weights, and Σ w_ij w_ji over rows i < j.

    ``unit`` tells that all weights are 1; they are then not read. Rows are gone through once, with a finger in each: row j
    is asked for i, i', … in ascending order, so its finger only moves forward.
    """
    rows = start.size - 1
    length = start[1] if rows > 0 else 0
    even = True
    for row in range(rows):
        even = even and start[row + 1] - start[row] == length
    if even and length <= _LONG_ROW:
        return _mirror_in_even_rows(neighbour, weight, length, unit)
    finger = np.empty((rows, 2), np.int32)  # where the finger is, and where its row ends
    for row in range(rows):
        finger[row, 0], finger[row, 1] = start[row], start[row + 1]
    equal, products = 0, 0.0
    for row in range(rows):
        for place in range(start[row], start[row + 1]):
            other = neighbour[place]
            if other > row:
                mirror, end = finger[other, 0], finger[other, 1]
                while mirror < end and neighbour[mirror] < row:
                    mirror += 1
                finger[other, 0] = mirror
                if mirror < end and neighbour[mirror] == row:
                    equal += 1 if unit or weight[mirror] == weight[place] else 0
                    products += 1.0 if unit else weight[mirror] * weight[place]
    return equal, products
