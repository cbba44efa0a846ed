"""Cells that choose a direction and walk. Numbers only; see :mod:`coculture.cells.processes.mechanics`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.random_numbers import uniform
from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TURN, ANGLE, HEIGHT = 1, 2, 3
"""Purposes of random numbers."""

SPEED, STAY, WEIGHT, HELD_BACK = 0, 1, 2, 3
"""Columns of ``walk`` (n, 4): µm/min; chance to keep the direction for a step; weight of the bias; share of speed lost toward
touched cells."""

_NEAR_ZERO = 1e-9


@compiled
def new_heading(key: np.uint64, cell: int, step: int, flat: bool, bias: Floats, weight: float, heading: Floats) -> None:
    """Draw a direction, mix it with ``bias`` (a unit vector or 0) by ``weight``, and write it to ``heading`` at length 1."""
    turn = 2.0 * math.pi * uniform(key, cell, step, ANGLE)
    up = 0.0 if flat else 2.0 * uniform(key, cell, step, HEIGHT) - 1.0
    around = math.sqrt(1.0 - up * up)
    heading[0] = (1.0 - weight) * around * math.cos(turn) + weight * bias[0]
    heading[1] = (1.0 - weight) * around * math.sin(turn) + weight * bias[1]
    heading[2] = (1.0 - weight) * up + weight * bias[2]
    length = math.sqrt(heading[0] ** 2 + heading[1] ** 2 + heading[2] ** 2)
    if length > _NEAR_ZERO:
        heading[0] /= length
        heading[1] /= length
        heading[2] /= length


@compiled
def prepare_walk(walk: Floats, living: NDArray[np.bool_], minutes: float) -> None:
    """Turn the column of persistence times (min) into chances to stay, ``exp(−Δt/persistence)``; the dead do not walk."""
    for i in range(len(walk)):
        if not living[i]:
            walk[i, SPEED] = 0.0
        elif walk[i, SPEED] > 0.0:
            walk[i, STAY] = math.exp(-minutes / walk[i, STAY]) if walk[i, STAY] > 0.0 else 0.0


@compiled
def bias_directions(gradients: Floats, weights: Floats, bias: Floats) -> None:
    """Write to ``bias`` (n, 3) the direction of Σ weight · (unit vector of the gradient), over solutes; 0 where there is none.

    ``gradients`` (n, solutes, 3), ``weights`` (n, solutes).
    """
    for i in range(len(bias)):
        bias[i, :] = 0.0
        for solute in range(weights.shape[1]):
            if weights[i, solute] != 0.0:
                length = 0.0
                for axis in range(3):
                    length += gradients[i, solute, axis] ** 2
                if length > 0.0:
                    for axis in range(3):
                        bias[i, axis] += weights[i, solute] * gradients[i, solute, axis] / math.sqrt(length)
        length = math.sqrt(bias[i, 0] ** 2 + bias[i, 1] ** 2 + bias[i, 2] ** 2)
        if length > 0.0:
            for axis in range(3):
                bias[i, axis] /= length


@compiled
def turn_headings(key: np.uint64, step: int, flat: bool, cell_id: Integers, walk: Floats, bias: Floats, heading: Floats) -> None:
    """Let each walking cell choose a new direction with its chance; one that has none yet chooses at once.

    ``bias`` (n, 3), or (1, 3) for all.
    """
    same = len(bias) == 1
    for i in range(len(cell_id)):
        if walk[i, SPEED] <= 0.0:
            continue
        lost = heading[i, 0] == 0.0 and heading[i, 1] == 0.0 and heading[i, 2] == 0.0
        if lost or uniform(key, cell_id[i], step, TURN) >= walk[i, STAY]:
            new_heading(key, cell_id[i], step, flat, bias[0 if same else i], walk[i, WEIGHT], heading[i])


@compiled
def add_walking(heading: Floats, walk: Floats, out: Floats) -> None:
    """Add to ``out`` (n, 3) each cell's own velocity."""
    for i in range(len(walk)):
        speed = walk[i, SPEED]
        if speed > 0.0:
            out[i, 0] += speed * heading[i, 0]
            out[i, 1] += speed * heading[i, 1]
            out[i, 2] += speed * heading[i, 2]


@compiled
def add_walking_held_back(
    position: Floats, radius: Floats, start: Integers, neighbour: NDArray[np.int32], heading: Floats, walk: Floats, out: Floats
) -> None:
    """Add to ``out`` each cell's own velocity, less the given share of its parts toward cells it touches, one after the other."""
    for i in range(len(walk)):
        speed, share = walk[i, SPEED], walk[i, HELD_BACK]
        if speed <= 0.0:
            continue
        u, v, w = speed * heading[i, 0], speed * heading[i, 1], speed * heading[i, 2]
        for place in range(start[i], start[i + 1]):
            j = neighbour[place]
            dx, dy, dz = position[j, 0] - position[i, 0], position[j, 1] - position[i, 1], position[j, 2] - position[i, 2]
            apart = math.sqrt(dx * dx + dy * dy + dz * dz)
            if apart >= radius[i] + radius[j] or apart < _NEAR_ZERO:
                continue
            toward = (u * dx + v * dy + w * dz) / apart
            if toward > 0.0:
                lost = share * toward / apart
                u, v, w = u - lost * dx, v - lost * dy, w - lost * dz
        out[i, 0] += u
        out[i, 1] += v
        out[i, 2] += w
