"""Springs that form between touching cells and break. Numbers only; see :mod:`coculture.cells.processes.springs`.

``partner`` (n, most) holds the ids of the cells that each cell is tied to, −1 where a place is free.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.random_numbers import mixed, uniform
from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ATTACH, DETACH = 11, 12
"""Purposes of random numbers."""


@compiled
def pair_chance(key: np.uint64, one: int, other: int, step: int, purpose: int) -> float:
    """Return the number in [0, 1) that belongs to a pair of cells, whichever way round, the step and the purpose."""
    return uniform(mixed(key ^ np.uint64(max(one, other))), min(one, other), step, purpose)


@compiled
def has(partner: Integers, row: int, cell: int) -> bool:
    """Tell whether the row's cell is tied to that cell."""
    found = False
    for place in range(partner.shape[1]):
        found = found or partner[row, place] == cell
    return found


@compiled
def count(partner: Integers, row: int) -> int:
    """Return how many springs the row's cell holds."""
    held = 0
    for place in range(partner.shape[1]):
        held += partner[row, place] >= 0
    return held


@compiled
def keep_springs(
    key: np.uint64, step: int, minutes: float, cell_id: Integers, rows: Integers, rate: Floats, partner: Integers, out: Integers
) -> None:
    """Write to ``out`` the springs that hold on: both cells are there, both name each other, and chance lets it.

    ``rows`` (n, most) are the rows of the partners, −1 where there is none; ``rate`` (n,) of detaching, 1/min.
    """
    for i in range(len(cell_id)):
        kept = 0
        for place in range(partner.shape[1]):
            out[i, place] = -1
            j = rows[i, place]
            if j < 0 or not has(partner, j, cell_id[i]):
                continue
            stay = math.exp(-(rate[i] + rate[j]) * minutes)
            if pair_chance(key, cell_id[i], cell_id[j], step, DETACH) < stay:
                out[i, kept] = cell_id[j]
                kept += 1


@compiled
def form_springs(
    key: np.uint64, step: int, minutes: float, order: Integers, cell_id: Integers, kind: Integers, living: NDArray[np.bool_],
    start: Integers, neighbour: NDArray[np.int32], rate: Floats, affinity: Floats, most: Floats, partner: Integers,
) -> None:  # fmt: skip
    """Tie touching living cells, pair after pair in the order of their ids, while both have a place free.

    ``order`` (n,) sorts rows by id; a pair ties at the rate ``a_i A_ij + a_j A_ji``, with ``rate`` (n,) 1/min and ``affinity``
    (n, types); ``most`` (n,) springs a cell can hold.
    """
    for i in order:
        for place in range(start[i], start[i + 1]):
            j = neighbour[place]
            if cell_id[j] < cell_id[i] or not living[i] or not living[j]:
                continue
            together = rate[i] * affinity[i, kind[j]] + rate[j] * affinity[j, kind[i]]
            if together <= 0.0 or has(partner, i, cell_id[j]):
                continue
            own, others = count(partner, i), count(partner, j)
            if own + 1 > most[i] or others + 1 > most[j]:
                continue
            if pair_chance(key, cell_id[i], cell_id[j], step, ATTACH) < -math.expm1(-together * minutes):
                partner[i, own] = cell_id[j]
                partner[j, others] = cell_id[i]


@compiled
def spring_lists(rows: Integers) -> tuple[Integers, NDArray[np.int32]]:
    """Return the springs as lists: row i's go to ``other[start[i]:start[i + 1]]``."""
    start = np.zeros(len(rows) + 1, np.int64)
    other = np.empty(rows.size, np.int32)
    filled = 0
    for i in range(len(rows)):
        for place in range(rows.shape[1]):
            if rows[i, place] >= 0:
                other[filled] = rows[i, place]
                filled += 1
        start[i + 1] = filled
    return start, other[:filled].copy()
