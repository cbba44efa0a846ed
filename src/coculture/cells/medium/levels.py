"""The grids of one solute, each twice as coarse as the one before: what a multigrid cycle walks over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_HELD = 1e4
"""Stiffness that keeps corrections away from held voxels on coarse levels."""


@dataclass(frozen=True, eq=False)
class Levels:
    """Grids behind each other in flat arrays; see :mod:`coculture.cells.medium.kernels.solving`.

    Attributes
    ----------
    sizes : (levels, 3) voxels along z, y and x.
    start : (levels + 1,) where each begins.
    paces : (levels, 3) what ties a voxel to its neighbours along z, y and x, for a diffusion number of 1.
    stiffness : what diffusion adds to the diagonal, for a diffusion number of 1.
    mask : 1 in free voxels, 0 in held ones and ghosts.
    inner : (voxels,) places of the first level's voxels in the flat arrays.
    to_held : (voxels,) what ties a voxel to held sides and voxels, for a diffusion number of 1; in held voxels what ties them
        to free ones, negative.
    from_sides : (voxels,) what the held sides give, for a diffusion number of 1, µM.
    """

    sizes: NDArray[np.int64]
    start: NDArray[np.int64]
    paces: Floats
    stiffness: Floats
    mask: Floats
    inner: NDArray[np.int64]
    to_held: Floats
    from_sides: Floats

    @classmethod
    def of(cls, border: Floats, held: Flags) -> Levels:
        """Return the levels of a grid (z, y, x) with ``held`` voxels and held ``border`` (6,), NaN where nothing passes."""
        sizes, paces = [np.array(held.shape)], [np.ones(3)]
        while sizes[-1].max() > 2:
            halved = sizes[-1] > 2
            ratio = np.where(halved, 2.0, 1.0)
            paces.append(paces[-1] * ratio.prod() / ratio**2)
            sizes.append(np.where(halved, (sizes[-1] + 1) // 2, sizes[-1]))
        stiffness, masks, tied = [], [], held.astype(np.float64)
        for level, (size, pace) in enumerate(zip(sizes, paces, strict=True)):
            if level:
                tied = _summed(tied, sizes[level - 1], size)
            masks.append(_with_ghosts(~held if level == 0 else np.ones(size, bool)))
            extra = _HELD * tied * (level > 0)
            stiffness.append(_with_ghosts(_ties(np.ones(size, bool), pace) + _sides(size, border, pace)[0] + extra))
        sides, given = _sides(sizes[0], border, paces[0])
        held_near, free_near = _ties(held, paces[0]), _ties(~held, paces[0])
        places = _with_ghosts(np.ones(held.shape)).ravel()
        return cls(
            np.array(sizes, dtype=np.int64),
            np.concatenate([[0], np.cumsum([one.size for one in masks])]).astype(np.int64),
            np.array(paces),
            np.concatenate([one.ravel() for one in stiffness]),
            np.concatenate([one.ravel() for one in masks]).astype(np.float64),
            np.flatnonzero(places),
            np.where(held, -free_near, sides + held_near).ravel(),
            given.ravel(),
        )


def _with_ghosts(values: Floats | Flags) -> Floats:
    along_z = 1 if values.shape[0] > 1 else 0
    return np.pad(values.astype(np.float64), ((along_z, along_z), (1, 1), (1, 1)))


def _summed(values: Floats, fine: NDArray[np.int64], coarse: NDArray[np.int64]) -> Floats:
    """Return the sums over the fine voxels in each coarse one."""
    for axis in range(3):
        if coarse[axis] < fine[axis]:
            values = np.add.reduceat(values, np.arange(0, fine[axis], 2), axis=axis)
    return values


def _ties(chosen: Flags, pace: Floats) -> Floats:
    """Return (z, y, x) the sum of the paces to each voxel's chosen neighbours."""
    wide = np.pad(chosen.astype(np.float64), 1)
    inner, total = (slice(1, -1),) * 3, np.zeros(chosen.shape)
    for axis in range(3):
        for step in (-1, 1):
            total += pace[axis] * np.roll(wide, step, axis=axis)[inner]
    return total


def _sides(size: NDArray[np.int64], border: Floats, pace: Floats) -> tuple[Floats, Floats]:
    """Return (z, y, x) twice the paces to held sides, and the same times the sides' concentrations."""
    ties, given = np.zeros(size), np.zeros(size)
    for axis in range(3):
        for end in range(2):
            value = border[2 * (2 - axis) + end]
            if not np.isnan(value):
                where: list[slice | int] = [slice(None)] * 3
                where[axis] = -end
                ties[tuple(where)] += 2.0 * pace[axis]
                given[tuple(where)] += 2.0 * pace[axis] * value
    return ties, given
