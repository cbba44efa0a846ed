"""Cells pushed and pulled, many small steps a call. Numbers only; see :mod:`coculture.cells.processes.mechanics`.

Every cell sums its own forces over its neighbours in ascending order of their ids. A pair is therefore looked at from both
sides, with exactly opposite results, and the sum does not depend on the order of the cells in memory, on the grid of the
neighbour search or on when the lists were made: a neighbour out of reach adds nothing, not even a rounding error.

``body`` (n, 4) holds what a pair's force asks of each cell, side by side: radius and reach of adhesion (µm), and the square roots
of the strengths of repulsion and adhesion (µm/min), so that a pair's strength, their geometric mean, is a product.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.walking import add_walking, add_walking_held_back, turn_headings
from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Short = NDArray[np.int32]

RADIUS, REACH, REPULSION, ADHESION = 0, 1, 2, 3
"""Columns of ``body``."""

_NEAR_ZERO = 1e-9


@compiled
def prepare_body(body: Floats, radius: Floats) -> None:
    """Turn columns (any, reach in radii, repulsion, adhesion) into those of ``body``."""
    for i in range(len(body)):
        body[i, RADIUS] = radius[i]
        body[i, REACH] = max(body[i, REACH] * radius[i], _NEAR_ZERO)
        body[i, REPULSION] = math.sqrt(body[i, REPULSION])
        body[i, ADHESION] = math.sqrt(body[i, ADHESION])


@compiled
def push_and_pull(
    position: Floats, body: Floats, kind: Integers, affinity: Floats, start: Integers, neighbour: Short, out: Floats
) -> None:
    """Write to ``out`` (n, 3) the velocity each cell has from its neighbours.

    ``affinity`` (n, types) holds square roots of affinities; (0, types) where all are 1. There is no early way out for
    a neighbour out of reach: the processor guesses it wrong too often in a disordered layer.
    """
    choosy = len(affinity) > 0
    for i in range(len(body)):
        x, y, z = position[i, 0], position[i, 1], position[i, 2]
        radius, reach, repulsion, adhesion = body[i, RADIUS], body[i, REACH], body[i, REPULSION], body[i, ADHESION]
        along_x, along_y, along_z = 0.0, 0.0, 0.0
        for place in range(start[i], start[i + 1]):
            j = np.uint64(neighbour[place])
            dx, dy, dz = x - position[j, 0], y - position[j, 1], z - position[j, 2]
            apart = max(math.sqrt(dx * dx + dy * dy + dz * dz), _NEAR_ZERO)
            touching, furthest = radius + body[j, RADIUS], reach + body[j, REACH]
            both = 1.0 / (touching * furthest)
            overlap = max(1.0 - apart * (both * furthest), 0.0)
            near = max(1.0 - apart * (both * touching), 0.0)
            pull = adhesion * body[j, ADHESION]
            if choosy:
                pull *= affinity[i, kind[j]] * affinity[j, kind[i]]
            share = (repulsion * body[j, REPULSION] * overlap * overlap - pull * near * near) / apart
            along_x += share * dx
            along_y += share * dy
            along_z += share * dz
        out[i, 0], out[i, 1], out[i, 2] = along_x, along_y, along_z


@compiled
def pressures(position: Floats, radius: Floats, start: Integers, neighbour: Short, scale: float, out: Floats) -> None:
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
def add_walls(position: Floats, body: Floats, walls: Floats, strength: Floats, out: Floats) -> None:
    """Add to ``out`` the push and pull of each cell's nearest wall, taken as a plane.

    ``walls`` (n, 7): the distance from a place (infinite: no wall), the unit vector away from the wall, the place;
    ``strength`` (n, 2): repulsion and adhesion, µm/min.
    """
    for i in range(len(body)):
        if not walls[i, 0] < 1e300:
            continue
        now = walls[i, 0]
        for axis in range(3):
            now += walls[i, 1 + axis] * (position[i, axis] - walls[i, 4 + axis])
        now = max(now, 0.0)
        overlap, near = max(1.0 - now / body[i, RADIUS], 0.0), max(1.0 - now / body[i, REACH], 0.0)
        speed = strength[i, 0] * overlap * overlap - strength[i, 1] * near * near
        for axis in range(3):
            out[i, axis] += speed * walls[i, 1 + axis]


@compiled
def add_springs(position: Floats, start: Integers, other: Short, stiffness: Floats, out: Floats) -> None:
    """Add to ``out`` the pull of springs: row i's go to the rows ``other[start[i]:start[i + 1]]``.

    ``stiffness`` (n,) holds square roots, 1/√min; a spring between i and j pulls with ``√(k_i k_j) (x_j − x_i)``.
    """
    for i in range(len(position)):
        for place in range(start[i], start[i + 1]):
            j = other[place]
            strength = stiffness[i] * stiffness[j]
            for axis in range(3):
                out[i, axis] += strength * (position[j, axis] - position[i, axis])


@compiled
def integrate(
    position: Floats, now: Floats, before: Floats, movable: NDArray[np.bool_], minutes: float,
    marked: Floats, reach: Floats, extent: Floats,
) -> bool:  # fmt: skip
    """Move by ``Δt (3/2 v − 1/2 v_before)`` (Adams-Bashforth); tell whether a cell used up its room.

    ``before`` takes the present velocities; ``movable`` (n,), or empty where every cell moves. A cell has used up its room when
    it has come further from its ``marked`` place than its ``reach`` exceeds its ``extent``; ``reach`` is empty where none can.
    """
    far, some_stay, watched = False, len(movable) > 0, len(reach) > 0
    for i in range(len(position)):
        if not some_stay or movable[i]:
            for axis in range(3):
                position[i, axis] += minutes * (1.5 * now[i, axis] - 0.5 * before[i, axis])
        for axis in range(3):
            before[i, axis] = now[i, axis]
        if watched:
            square = 0.0
            for axis in range(3):
                moved = position[i, axis] - marked[i, axis]
                square += moved * moved
            room = reach[i] - extent[i]
            far |= square >= room * room
    return far


@compiled
def move(
    key: np.uint64, step: int, steps: int, minutes: float, flat: bool,
    cell_id: Integers, kind: Integers, radius: Floats, position: Floats, velocity: Floats, heading: Floats,
    start: Integers, neighbour: Short, marked: Floats, reach: Floats, extent: Floats,
    pairs: bool, body: Floats, affinity: Floats, movable: NDArray[np.bool_],
    walk: Floats, bias: Floats, held_back: bool, carried: Floats,
    walls: Floats, wall_strength: Floats, spring_start: Integers, spring_other: Short, stiffness: Floats,
) -> int:  # fmt: skip
    """Move every cell for at most ``steps`` steps of ``minutes`` each; return how many were made.

    It stops after the step in which a cell used up its room, when the neighbour lists no longer hold; see :func:`integrate`.
    ``pairs`` tells whether cells push or pull each other. Whatever else a model lacks comes as an array of length 0 and costs
    nothing: ``walk``, ``carried``, ``walls``, ``spring_start``; see the functions above.
    """
    now = np.empty_like(position)
    for number in range(steps):
        if pairs:
            push_and_pull(position, body, kind, affinity, start, neighbour, now)
        else:
            now[:] = 0.0
        if len(walls):
            add_walls(position, body, walls, wall_strength, now)
        if len(spring_start):
            add_springs(position, spring_start, spring_other, stiffness, now)
        if len(walk):
            turn_headings(key, step + number, flat, cell_id, walk, bias, heading)
            if held_back:
                add_walking_held_back(position, radius, start, neighbour, heading, walk, now)
            else:
                add_walking(heading, walk, now)
        if len(carried):
            now += carried
        if step + number == 0:
            velocity[:] = now  # nothing went before: the first step is Euler's
        if integrate(position, now, velocity, movable, minutes, marked, reach, extent):
            return number + 1
    return steps
