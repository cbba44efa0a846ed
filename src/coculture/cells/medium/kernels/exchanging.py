"""Cells and the voxels they are in. Numbers only; see :mod:`coculture.cells.medium.medium`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled
def sort_into_voxels(position: Floats, voxel_um: float, shape: Integers, voxel: Integers, order: Integers) -> None:
    """Write each cell's ``voxel`` (n,) and the ``order`` (n,) of cells by voxel, in it by place.

    Sums over the cells of a voxel taken in this order do not depend on the order of cells in memory.
    """
    n = len(position)
    start = np.zeros(shape[0] * shape[1] * shape[2] + 1, np.int64)
    for i in range(n):
        place = 0
        for axis in range(3):
            length = shape[axis]
            here = min(max(math.floor(position[i, 2 - axis] / voxel_um), 0), length - 1)
            place = place * length + here
        voxel[i] = place
        start[place + 1] += 1
    for place in range(len(start) - 1):
        start[place + 1] += start[place]
    filled = start[:-1].copy()
    for i in range(n):
        hole = filled[voxel[i]]
        filled[voxel[i]] += 1
        while hole > start[voxel[i]] and _is_before(position, i, order[hole - 1]):
            order[hole] = order[hole - 1]
            hole -= 1
        order[hole] = i


@compiled
def _is_before(position: Floats, first: int, second: int) -> bool:
    for axis in range(3):
        if position[first, axis] != position[second, axis]:
            return bool(position[first, axis] < position[second, axis])
    return False


@compiled
def most_taken(minutes: float, export: float, voxel_um3: float, before: float) -> float:
    """Return the rate, 1/min, at which a negative export takes from its voxel.

    It takes in proportion to what is there, the wanted amount at the concentration ``before`` (Patankar's way), so that it cannot
    take more than there is; an emptied voxel counts as holding a millionth of what a step would take.
    """
    wanted = -export / voxel_um3
    return wanted / max(before, 1e-6 * minutes * wanted)


@compiled
def add_exchange(
    minutes: float,
    order: Integers,
    voxel: Integers,
    concentration: Floats,
    voxel_um3: float,
    volume: Floats,
    secretion: Floats,
    target: Floats,
    uptake: Floats,
    export: Floats,
    sink: Floats,
    source: Floats,
) -> None:
    """Add to ``sink`` (1/min) and ``source`` (µM/min), (voxels,) each, what the cells do there.

    For a negative export see :func:`most_taken`.
    """
    for i in order:
        place = voxel[i]
        share = volume[i] / voxel_um3
        sink[place] += (uptake[i] + secretion[i]) * share
        source[place] += secretion[i] * target[i] * share
        if export[i] >= 0.0:
            source[place] += export[i] / voxel_um3
        else:
            sink[place] += most_taken(minutes, export[i], voxel_um3, concentration[place])


@compiled
def cells_gain(
    minutes: float,
    voxel: Integers,
    voxel_um3: float,
    before: Floats,
    after: Floats,
    volume: Floats,
    secretion: Floats,
    target: Floats,
    uptake: Floats,
    export: Floats,
    gain: Floats,
) -> None:
    """Write to ``gain`` (n,) the amount each cell took less what it gave, µM·µm³, as :func:`add_exchange` has it."""
    for i in range(len(voxel)):
        now = after[voxel[i]]
        given = secretion[i] * volume[i] * (target[i] - now)
        if export[i] >= 0.0:
            given += export[i]
        else:
            given -= most_taken(minutes, export[i], voxel_um3, before[voxel[i]]) * voxel_um3 * now
        gain[i] = minutes * (uptake[i] * volume[i] * now - given)
