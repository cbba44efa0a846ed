"""Neighbours joined to aggregates, and the smaller matrix they make."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@compiled
def strength_back(start: Ints, column: Ints, inward: Floats, i: int, other: int) -> float:
    """Return the entry of row ``other`` in column ``i``."""
    for j in range(start[other], start[other + 1]):
        if column[j] == i:
            return float(inward[j])
    return 0.0


@compiled
def join_blocks(start: Ints, column: Ints, inward: Floats, row: Ints, line: Ints, aggregate: Ints) -> int:
    """Join the rows that lie in one block of two by two and exchange with each other; return the number of aggregates.

    Parameters
    ----------
    start, column, inward : the matrix.
    row, line : (n,) where each unknown lies, counted in blocks of its own level.
    aggregate : (n,) out: consecutive numbers in the order of the rows.

    Notes
    -----
    A wall may part a block: what does not exchange inside the block stays apart. An exchange below a twentieth of a row's
    strongest does not count.
    """
    aggregate[:] = -1
    count = 0
    waiting = np.empty(aggregate.size, np.int32)
    for first in range(aggregate.size):
        if aggregate[first] >= 0:
            continue
        aggregate[first] = count
        waiting[0] = first
        left = 1
        while left > 0:
            left -= 1
            i = waiting[left]
            strongest = 0.0
            for j in range(start[i], start[i + 1]):
                strongest = max(strongest, inward[j] + strength_back(start, column, inward, i, column[j]))
            for j in range(start[i], start[i + 1]):
                other = column[j]
                together = row[other] // 2 == row[i] // 2 and line[other] // 2 == line[i] // 2
                if not together or aggregate[other] >= 0:
                    continue
                if inward[j] + strength_back(start, column, inward, i, other) >= 0.05 * strongest:
                    aggregate[other] = count
                    waiting[left] = other
                    left += 1
        count += 1
    return count


@compiled
def blocks_of(aggregate: Ints, row: Ints, count: int) -> Ints:
    """Return (count,) where each aggregate lies, from where its rows lie."""
    found = np.empty(count, np.int32)
    for i in range(aggregate.size):
        found[aggregate[i]] = row[i] // 2
    return found


@compiled
def children_by_aggregate(aggregate: Ints, count: int) -> tuple[Ints, Ints]:
    """Return where the rows of each aggregate begin in a list of rows, and that list."""
    first = np.zeros(count + 1, np.int32)
    for i in range(aggregate.size):
        first[aggregate[i] + 1] += 1
    for k in range(count):
        first[k + 1] += first[k]
    fill = first.copy()
    rows = np.empty(aggregate.size, np.int32)
    for i in range(aggregate.size):
        rows[fill[aggregate[i]]] = i
        fill[aggregate[i]] += 1
    return first, rows


@compiled
def coarse_matrix(
    start: Ints, column: Ints, inward: Floats, diagonal: Floats, aggregate: Ints, count: int
) -> tuple[Ints, Ints, Floats, Floats]:
    """Return the matrix of sums over aggregates: what leaves one for another, and what leaves it in all."""
    first, rows = children_by_aggregate(aggregate, count)
    coarse_start = np.zeros(count + 1, np.int32)
    outside = 0
    for i in range(aggregate.size):
        for j in range(start[i], start[i + 1]):
            outside += aggregate[column[j]] != aggregate[i]
    coarse_column = np.empty(outside, np.int32)
    coarse_inward = np.empty(outside, np.float64)
    coarse_diagonal = np.zeros(count, np.float64)
    place = np.full(count, -1, np.int32)
    filled = 0
    for k in range(count):
        begin = filled
        for r in range(first[k], first[k + 1]):
            i = rows[r]
            coarse_diagonal[k] += diagonal[i]
            for j in range(start[i], start[i + 1]):
                other = aggregate[column[j]]
                if column[j] == i:
                    continue
                if other == k:
                    coarse_diagonal[k] -= inward[j]
                elif place[other] >= begin:
                    coarse_inward[place[other]] += inward[j]
                else:
                    place[other] = filled
                    coarse_column[filled] = other
                    coarse_inward[filled] = inward[j]
                    filled += 1
        coarse_start[k + 1] = filled
    return coarse_start, coarse_column[:filled].copy(), coarse_inward[:filled].copy(), coarse_diagonal


@compiled
def four_strongest(start: Ints, column: Ints, inward: Floats, diagonal: Floats) -> tuple[Ints, Floats]:
    """Return columns and entries with four a row; weaker ones are left out and taken off the diagonal.

    So a constant still lacks what it lacked, and the row still has an M-matrix's signs. A row with fewer entries names itself
    with the entry 0.
    """
    count = diagonal.size
    columns, entries = np.empty(4 * count, np.int32), np.zeros(4 * count)
    for i in range(count):
        for k in range(4):
            columns[4 * i + k] = i
        for j in range(start[i], start[i + 1]):
            weakest = 4 * i
            for k in range(4 * i + 1, 4 * i + 4):
                if entries[k] < entries[weakest]:
                    weakest = k
            if inward[j] > entries[weakest]:
                diagonal[i] -= entries[weakest]
                columns[weakest], entries[weakest] = column[j], inward[j]
            else:
                diagonal[i] -= inward[j]
    return columns, entries
