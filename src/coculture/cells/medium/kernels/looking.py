"""Concentrations and gradients at places between voxels. Numbers only."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled
def interpolate(position: Floats, voxel_um: float, shape: Integers, values: Floats, out: Floats) -> None:
    """Write to ``out`` (n, m) the voxels' numbers (z, y, x, m) at places: linear between centres, constant beyond them."""
    count = values.shape[3]
    flat = values.reshape(-1)
    along_y, along_z = count * shape[2], count * shape[2] * shape[1]
    for row in range(len(position)):
        low_k, share_k = _along(position[row, 2] / voxel_um, shape[0])
        low_j, share_j = _along(position[row, 1] / voxel_um, shape[1])
        low_i, share_i = _along(position[row, 0] / voxel_um, shape[2])
        for m in range(count):
            out[row, m] = 0.0
        for corner in range(8 if share_k > 0.0 else 4):
            weight = share_k if corner & 4 else 1.0 - share_k
            weight *= share_j if corner & 2 else 1.0 - share_j
            weight *= share_i if corner & 1 else 1.0 - share_i
            if weight > 0.0:
                k, j, i = low_k + (corner >> 2), low_j + ((corner >> 1) & 1), low_i + (corner & 1)
                here = k * along_z + j * along_y + i * count
                for m in range(count):
                    out[row, m] += weight * flat[here + m]


@compiled
def _along(place: float, length: int) -> tuple[int, float]:
    """Return the centre below a place along one axis, in voxels, and how far the place lies toward the next, 0 to 1."""
    place = min(max(place - 0.5, 0.0), length - 1.0)
    low = min(int(place), max(length - 2, 0))
    return low, place - low


@compiled
def slopes(voxel_um: float, shape: Integers, border: Floats, concentration: Floats, out: Floats) -> None:
    """Write to ``out`` (z, y, x, solutes, 3) every voxel's gradients along x, y and z: means of the slopes at its two faces.

    ``concentration`` is (solutes, z, y, x); ``border`` (solutes, 6) holds the concentrations at the sides, NaN where nothing
    passes.
    """
    for solute in range(len(concentration)):
        here = concentration[solute]
        for k in range(shape[0]):
            for j in range(shape[1]):
                for i in range(shape[2]):
                    now = here[k, j, i]
                    to_left = now - here[k, j, i - 1] if i > 0 else _at_side(now, border[solute, 0])
                    to_right = here[k, j, i + 1] - now if i < shape[2] - 1 else -_at_side(now, border[solute, 1])
                    to_front = now - here[k, j - 1, i] if j > 0 else _at_side(now, border[solute, 2])
                    to_back = here[k, j + 1, i] - now if j < shape[1] - 1 else -_at_side(now, border[solute, 3])
                    below = now - here[k - 1, j, i] if k > 0 else _at_side(now, border[solute, 4])
                    above = here[k + 1, j, i] - now if k < shape[0] - 1 else -_at_side(now, border[solute, 5])
                    out[k, j, i, solute, 0] = (to_left + to_right) / (2.0 * voxel_um)
                    out[k, j, i, solute, 1] = (to_front + to_back) / (2.0 * voxel_um)
                    out[k, j, i, solute, 2] = (below + above) / (2.0 * voxel_um)


@compiled
def _at_side(now: float, held: float) -> float:
    return 0.0 if math.isnan(held) else 2.0 * (now - held)


@compiled
def nearest_side(position: Floats, size: Floats, far: Floats, away: Floats) -> None:
    """Write to ``far`` (n,) how near the nearest side of a box is, and to ``away`` (n, 3) the unit vector away from it."""
    for row in range(len(position)):
        far[row], at, sign = math.inf, 0, 1.0
        for axis in range(len(size)):
            low, high = position[row, axis], size[axis] - position[row, axis]
            if low < far[row]:
                far[row], at, sign = low, axis, 1.0
            if high < far[row]:
                far[row], at, sign = high, axis, -1.0
        for axis in range(3):
            away[row, axis] = 0.0
        away[row, at] = sign
