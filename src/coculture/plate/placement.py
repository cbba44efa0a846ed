"""Where on the plates wells go: controls spread, treatments randomised, blocked or in order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coculture.plate.layout import Layout

Placement = Literal["randomised", "blocked", "ordered"]

Positions = NDArray[np.int64]
"""Wells as (row, column), counted from 0, shape (n, 2)."""

Entries = NDArray[np.int64]
"""Treatment number and replicate of the wells of one block, shape (n, 2)."""


def usable_positions(layout: Layout, edge_margin: int) -> Positions:
    """Return the positions at least ``edge_margin`` wells away from the outside, shape (n, 2), row by row."""
    names = [name for name in layout.wells() if layout.edge_distance(name) >= edge_margin]
    return layout.positions(names)


def spread(positions: Positions, numbers: Sequence[int], rng: np.random.Generator) -> list[Positions]:
    """Choose wells for several kinds of controls, each kind spread over the whole plate.

    Each kind is a Latin hypercube sample (McKay, Beckman and Conover 1979): with n wells, rows and columns are each cut
    into n strata and every stratum is hit once, so that a gradient along either axis meets all kinds alike. A well that
    is taken gives way to the nearest free one.

    Parameters
    ----------
    positions : shape (n, 2), the wells that may be used.
    numbers : how many wells each kind gets; their sum is at most n.
    rng : random stream.

    Returns
    -------
    list of arrays, shape (numbers[i], 2) : the wells of each kind.
    """
    low, high = positions.min(axis=0), positions.max(axis=0) + 1
    free = np.ones(len(positions), dtype=bool)
    chosen = []
    for number in numbers:
        strata = np.column_stack([rng.permutation(number), rng.permutation(number)])
        targets = low + (strata + rng.random((number, 2))) / max(number, 1) * (high - low) - 0.5
        taken = []
        for target in targets:
            distance = np.where(free, ((positions - target) ** 2).sum(axis=1), np.inf)
            nearest = int(distance.argmin())
            free[nearest] = False
            taken.append(nearest)
        chosen.append(positions[np.array(taken, dtype=np.int64)].reshape(-1, 2))
    return chosen


def without(positions: Positions, taken: Positions) -> Positions:
    """Return ``positions`` less ``taken``, in their order."""
    gone = {tuple(place) for place in taken.tolist()}
    return np.array([place for place in positions.tolist() if tuple(place) not in gone], dtype=np.int64).reshape(-1, 2)


def column_by_column(positions: Positions) -> Positions:
    """Sort positions by column, then row: contiguous runs are compact blocks of columns."""
    return positions[np.lexsort((positions[:, 0], positions[:, 1]))]


def plan_plates(
    kinds: int, replicates: int, capacity: int, placement: Placement, rng: np.random.Generator
) -> list[list[Entries]]:
    """Share the wells of all treatments out over plates.

    Parameters
    ----------
    kinds : number of different treatments, told apart by 0 to kinds - 1.
    replicates : wells of each.
    capacity : wells for treatments on one plate, at least 1.
    placement : see :class:`~coculture.plate.design.DesignSpec`.
    rng : random stream.

    Returns
    -------
    list of plates, each a list of blocks, each an array of shape (n, 2) : treatment and replicate (from 1) of its wells.
    """
    if placement == "blocked":
        return _plan_blocked(kinds, replicates, capacity, rng)
    entries = np.column_stack([np.repeat(np.arange(kinds), replicates), np.tile(np.arange(1, replicates + 1), kinds)])
    if placement == "ordered":
        return [[entries[start : start + capacity]] for start in range(0, len(entries), capacity)]
    plates = math.ceil(len(entries) / capacity)
    return [[block] for block in np.array_split(rng.permutation(entries), plates)]


def _plan_blocked(kinds: int, replicates: int, capacity: int, rng: np.random.Generator) -> list[list[Entries]]:
    blocks = [np.column_stack([rng.permutation(kinds), np.full(kinds, number)]) for number in range(1, replicates + 1)]
    blocks_on_plate = capacity // kinds
    if blocks_on_plate == 0:
        plates_of_block = math.ceil(kinds / capacity)
        return [[part] for block in blocks for part in np.array_split(block, plates_of_block)]
    plates = np.array_split(np.arange(replicates), math.ceil(replicates / blocks_on_plate))
    return [[blocks[number] for number in plate] for plate in plates]


def place_blocks(free: Positions, sizes: Sequence[int], placement: Placement, rng: np.random.Generator) -> Positions:
    """Choose a well for each entry of a plate's blocks.

    Parameters
    ----------
    free : shape (n, 2), wells not taken by controls, row by row; n is at least the sum of ``sizes``.
    sizes : entries of each block.
    placement : see :class:`~coculture.plate.design.DesignSpec`.
    rng : random stream.

    Returns
    -------
    array, shape (sum(sizes), 2) : the wells, block after block.
    """
    if placement == "ordered":
        return free[: sum(sizes)]
    if placement == "randomised":
        return rng.permutation(free)[: sum(sizes)]
    runs = np.array_split(column_by_column(free), len(sizes))
    return np.concatenate([rng.permutation(run)[:size] for run, size in zip(runs, sizes, strict=True)])
