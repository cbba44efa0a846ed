"""Cells pushed, pulled and walking, many small steps a call. Numbers only; see :mod:`coculture.cells.processes.mechanics`.

Every cell sums its own forces over its neighbours in ascending order of their ids. A pair is therefore looked at from both
sides, with exactly opposite results, and the sum does not depend on the order of the cells in memory, on the grid of the
neighbour search or on when the lists were made: a neighbour out of reach adds nothing, not even a rounding error.
"""

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
def turn_headings(
    key: np.uint64,
    step: int,
    minutes: float,
    flat: bool,
    cell_id: Integers,
    speed: Floats,
    persistence: Floats,
    bias: Floats,
    weight: Floats,
    heading: Floats,
) -> None:
    """Let each walking cell choose a new direction with the chance ``1 − exp(−Δt/persistence)``."""
    for i in range(len(cell_id)):
        if speed[i] <= 0.0:
            continue
        stay = math.exp(-minutes / persistence[i]) if persistence[i] > 0.0 else 0.0
        if uniform(key, cell_id[i], step, TURN) >= stay:
            new_heading(key, cell_id[i], step, flat, bias[i], weight[i], heading[i])


@compiled
def velocities(
    position: Floats,
    radius: Floats,
    kind: Integers,
    start: Integers,
    neighbour: NDArray[np.int32],
    repulsion: Floats,
    adhesion: Floats,
    reach: Floats,
    affinity: Floats,
    flat: bool,
    out: Floats,
) -> None:
    """Write to ``out`` (n, 3) the velocity each cell has from its neighbours.

    ``repulsion`` and ``adhesion`` (n,) hold square roots of the strengths, so that a pair's strength, their geometric mean, is a
    product; ``reach`` (n,) is in µm; ``affinity`` (n, types) holds square roots of affinities.
    """
    for i in range(len(radius)):
        x, y, z = position[i, 0], position[i, 1], position[i, 2]
        own_radius, own_reach, own_repulsion, own_adhesion, own_kind = radius[i], reach[i], repulsion[i], adhesion[i], kind[i]
        along_x, along_y, along_z = 0.0, 0.0, 0.0
        for place in range(start[i], start[i + 1]):
            j = np.uint64(neighbour[place])
            dx, dy = x - position[j, 0], y - position[j, 1]
            dz = 0.0 if flat else z - position[j, 2]
            square = dx * dx + dy * dy + dz * dz
            touching, furthest = own_radius + radius[j], own_reach + reach[j]
            if square >= furthest * furthest and square >= touching * touching:
                continue
            apart = math.sqrt(square)
            both = 1.0 / (touching * furthest)
            overlap = max(1.0 - apart * (both * furthest), 0.0)
            near = max(1.0 - apart * (both * touching), 0.0)
            pull = own_adhesion * adhesion[j] * (affinity[i, kind[j]] * affinity[j, own_kind])
            share = (own_repulsion * repulsion[j] * overlap * overlap - pull * near * near) / max(apart, _NEAR_ZERO)
            along_x += share * dx
            along_y += share * dy
            along_z += share * dz
        out[i, 0], out[i, 1], out[i, 2] = along_x, along_y, along_z


@compiled
def pressures(position: Floats, radius: Floats, start: Integers, neighbour: NDArray[np.int32], scale: float, out: Floats) -> None:
    """Write to ``out`` (n,) the simple pressure: the sum over touched cells of (1 − d/R)², over ``scale``."""
    for i in range(len(radius)):
        total = 0.0
        for place in range(start[i], start[i + 1]):
            j = neighbour[place]
            square = 0.0
            for axis in range(3):
                square += (position[i, axis] - position[j, axis]) ** 2
            overlap = max(1.0 - math.sqrt(square) / (radius[i] + radius[j]), 0.0)
            total += overlap * overlap
        out[i] = total / scale


@compiled
def hold_back(
    position: Floats, radius: Floats, start: Integers, neighbour: NDArray[np.int32], share: Floats, walking: Floats
) -> None:
    """Take from each cell's ``walking`` velocity (n, 3) the given share of its parts toward cells it touches."""
    for i in range(len(radius)):
        if share[i] <= 0.0:
            continue
        for place in range(start[i], start[i + 1]):
            j = neighbour[place]
            dx = position[j, 0] - position[i, 0]
            dy = position[j, 1] - position[i, 1]
            dz = position[j, 2] - position[i, 2]
            apart = math.sqrt(dx * dx + dy * dy + dz * dz)
            if apart >= radius[i] + radius[j] or apart < _NEAR_ZERO:
                continue
            toward = (walking[i, 0] * dx + walking[i, 1] * dy + walking[i, 2] * dz) / apart
            if toward > 0.0:
                lost = share[i] * toward / apart
                walking[i, 0] -= lost * dx
                walking[i, 1] -= lost * dy
                walking[i, 2] -= lost * dz


@compiled
def add_walls(
    position: Floats,
    radius: Floats,
    far: Floats,
    away: Floats,
    origin: Floats,
    repulsion: Floats,
    adhesion: Floats,
    reach: Floats,
    out: Floats,
) -> None:
    """Add to ``out`` the push and pull of the nearest wall: a plane ``far`` (n,) from ``origin`` along ``away`` (n, 3)."""
    for i in range(len(radius)):
        if not far[i] < 1e300:
            continue
        now = far[i]
        for axis in range(3):
            now += away[i, axis] * (position[i, axis] - origin[i, axis])
        overlap, near = max(1.0 - max(now, 0.0) / radius[i], 0.0), max(1.0 - max(now, 0.0) / reach[i], 0.0)
        speed = repulsion[i] * overlap * overlap - adhesion[i] * near * near
        for axis in range(3):
            out[i, axis] += speed * away[i, axis]


@compiled
def integrate(position: Floats, now: Floats, before: Floats, movable: NDArray[np.bool_], minutes: float, marked: Floats) -> float:
    """Move by ``Δt (3/2 v − 1/2 v_before)`` (Adams-Bashforth); return the square of the longest way from ``marked``.

    ``before`` takes the present velocities.
    """
    longest = 0.0
    for i in range(len(position)):
        square = 0.0
        for axis in range(3):
            if movable[i]:
                position[i, axis] += minutes * (1.5 * now[i, axis] - 0.5 * before[i, axis])
            before[i, axis] = now[i, axis]
            moved = position[i, axis] - marked[i, axis]
            square += moved * moved
        longest = max(longest, square)
    return longest
