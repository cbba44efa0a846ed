"""Concentrations and gradients at places between voxels. Numbers only."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled
def interpolate(position: Floats, voxel_um: float, shape: Integers, concentration: Floats, out: Floats) -> None:
    """Write to ``out`` (n, solutes) the concentrations (solutes, z, y, x) at places, linear between the voxels' centres."""
    low, share = np.empty(3, np.int64), np.empty(3)
    for row in range(len(position)):
        _corner(position, row, voxel_um, shape, low, share)
        for solute in range(concentration.shape[0]):
            total = 0.0
            for corner in range(8):
                weight, k, j, i = _corner_weight(corner, low, share)
                if weight > 0.0:
                    total += weight * concentration[solute, k, j, i]
            out[row, solute] = total


@compiled
def _corner(position: Floats, row: int, voxel_um: float, shape: Integers, low: Integers, share: Floats) -> None:
    """Write the lower corner (z, y, x) of the cube of centres around a place and how far in it lies, 0 to 1 along each axis."""
    for axis in range(3):
        along = position[row, 2 - axis] / voxel_um - 0.5
        along = min(max(along, 0.0), shape[axis] - 1.0)
        low[axis] = min(int(along), max(shape[axis] - 2, 0))
        share[axis] = along - low[axis]


@compiled
def _corner_weight(corner: int, low: Integers, share: Floats) -> tuple[float, int, int, int]:
    up_z, up_y, up_x = corner >> 2, (corner >> 1) & 1, corner & 1
    weight = share[0] if up_z else 1.0 - share[0]
    weight *= share[1] if up_y else 1.0 - share[1]
    weight *= share[2] if up_x else 1.0 - share[2]
    return weight, low[0] + up_z, low[1] + up_y, low[2] + up_x


@compiled
def interpolate_gradients(
    position: Floats, voxel_um: float, shape: Integers, border: Floats, concentration: Floats, out: Floats
) -> None:
    """Write to ``out`` (n, solutes, 3) the gradients along x, y, z: differences over two voxels, linear between centres.

    ``border`` (solutes, 6) holds the concentrations at the sides, NaN where nothing passes.
    """
    low, share = np.empty(3, np.int64), np.empty(3)
    for row in range(len(position)):
        _corner(position, row, voxel_um, shape, low, share)
        for solute in range(concentration.shape[0]):
            for axis in range(3):
                total = 0.0
                for corner in range(8):
                    weight, k, j, i = _corner_weight(corner, low, share)
                    if weight > 0.0 and shape[2 - axis] > 1:
                        total += weight * _slope(concentration[solute], border[solute], shape, axis, k, j, i)
                out[row, solute, axis] = total / voxel_um


@compiled
def _slope(field: Floats, border: Floats, shape: Integers, axis: int, k: int, j: int, i: int) -> float:
    """Return the change a voxel of one solute along x (0), y (1) or z (2), as the mean of the slopes at its two faces."""
    here = field[k, j, i]
    at = (i, j, k)[axis]
    step_k, step_j, step_i = int(axis == 2), int(axis == 1), int(axis == 0)
    if at > 0:
        lower = here - field[k - step_k, j - step_j, i - step_i]
    else:
        lower = 0.0 if math.isnan(border[2 * axis]) else 2.0 * (here - border[2 * axis])
    if at < shape[2 - axis] - 1:
        upper = field[k + step_k, j + step_j, i + step_i] - here
    else:
        upper = 0.0 if math.isnan(border[2 * axis + 1]) else 2.0 * (border[2 * axis + 1] - here)
    return float(0.5 * (lower + upper))
