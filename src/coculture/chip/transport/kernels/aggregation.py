"""Pairs of strongly coupled rows, and the smaller matrix they make."""

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
def match_pairs(start: Ints, column: Ints, inward: Floats, aggregate: Ints) -> int:
    """Join every row with the free neighbour it exchanges most with; return the number of aggregates.

    A row whose strong partners are all taken joins the aggregate of the strongest. ``aggregate`` is filled with consecutive
    numbers in row order.
    """
    aggregate[:] = -1
    count = 0
    for i in range(aggregate.size):
        if aggregate[i] >= 0:
            continue
        free, free_strength, nearest, strongest = -1, 0.0, -1, 0.0
        for j in range(start[i], start[i + 1]):
            other = column[j]
            if other == i:
                continue
            strength = inward[j] + strength_back(start, column, inward, i, other)
            if strength > strongest:
                nearest, strongest = other, strength
            if aggregate[other] < 0 and strength > free_strength:
                free, free_strength = other, strength
        if free >= 0 and free_strength >= 0.25 * strongest:
            aggregate[i] = count
            aggregate[free] = count
            count += 1
        elif nearest >= 0 and aggregate[nearest] >= 0:
            aggregate[i] = aggregate[nearest]
        else:
            aggregate[i] = count
            count += 1
    return count


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
    coarse_column = np.empty(inward.size, np.int32)
    coarse_inward = np.empty(inward.size, np.float64)
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
