"""Cells that touch and do something to each other: attack, engulf, fuse. Numbers only.

Chances belong to a pair of cells and a step: a pair's clock rings after an exponential time drawn from the hash of both ids. What
happens in a tick is therefore the continuous-time process with rates that stay the same in the tick, in any order of the cells.

``by_type``, ``by_cell`` and ``column`` are those of :class:`coculture.cells.parameters.Parameters`; a number below 0 stands for
a rate of 0.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.random_numbers import mixed, uniform
from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Short = NDArray[np.int32]

ATTACK, ENGULF, FUSE, TRANSFORM = 100_000, 1001, 1002, 2000
"""Purposes of random numbers; attacks use ``ATTACK`` and on, one a start within a tick, transformation ``TRANSFORM`` and on."""

LIVING, APOPTOTIC = 0, 1
_NEAR_ZERO = 1e-12


@compiled
def behaviour(by_type: Floats, by_cell: Floats, column: Integers, number: int, kind: int, cell: int) -> float:
    """Return a behaviour's value in a cell."""
    if number < 0:
        return 0.0
    return float(by_cell[cell, column[number]] if column[number] >= 0 else by_type[kind, number])


@compiled
def ringing(key: np.uint64, one: int, other: int, step: int, purpose: int, rate: float) -> float:
    """Return when the clock of a pair rings, min from now."""
    return -math.log1p(-uniform(key ^ mixed(np.uint64(other)), one, step, purpose)) / rate


@compiled
def pair_events(
    key: np.uint64,
    step: int,
    purpose: int,
    minutes: float,
    rows: Integers,
    cell_id: Integers,
    kind: Integers,
    state: Integers,
    start: Integers,
    neighbour: Short,
    by_type: Floats,
    by_cell: Floats,
    column: Integers,
    number: Integers,
    when: Floats,
    who: Integers,
    whom: Integers,
) -> int:
    """Write the meetings in the next ``minutes`` of cells ``rows`` with those they touch; return how many.

    ``number`` (types + 2,) names the behaviour that holds the rate toward a living cell of each type, an apoptotic and a
    necrotic one.
    """
    filled = 0
    types = len(number) - 2
    for row in rows:
        for place in range(start[row], start[row + 1]):
            j = neighbour[place]
            if state[j] == LIVING:
                asked = number[kind[j]]
            else:
                asked = number[types] if state[j] == APOPTOTIC else number[types + 1]
            rate = behaviour(by_type, by_cell, column, asked, kind[row], row)
            if rate <= 0.0:
                continue
            moment = ringing(key, cell_id[row], cell_id[j], step, purpose, rate)
            if moment < minutes:
                when[filled], who[filled], whom[filled] = moment, row, j
                filled += 1
    return filled


@compiled
def touched_target(i: int, target: int, cell_id: Integers, state: Integers, start: Integers, neighbour: Short) -> int:
    """Return the row of the living cell ``target`` (an id) among those that i touches, -1 where it is not."""
    for place in range(start[i], start[i + 1]):
        if cell_id[neighbour[place]] == target and state[neighbour[place]] == LIVING:
            return int(neighbour[place])
    return -1


@compiled
def next_attack(
    key: np.uint64,
    step: int,
    purpose: int,
    i: int,
    cell_id: Integers,
    kind: Integers,
    state: Integers,
    start: Integers,
    neighbour: Short,
    by_type: Floats,
    by_cell: Floats,
    column: Integers,
    attack: Integers,
    drawing: Integers,
) -> tuple[float, int]:
    """Return when the next attack of i begins, min from now, and on whom (a row); infinite and -1 where there is none."""
    first, chosen = math.inf, -1
    for place in range(start[i], start[i + 1]):
        j = neighbour[place]
        if state[j] != LIVING:
            continue
        rate = behaviour(by_type, by_cell, column, attack[kind[j]], kind[i], i)
        if rate <= 0.0:
            continue
        rate *= behaviour(by_type, by_cell, column, drawing[kind[i]], kind[j], j)
        if rate <= 0.0:
            continue
        moment = ringing(key, cell_id[i], cell_id[j], step, purpose, rate)
        if moment < first:
            first, chosen = moment, int(j)
    return first, chosen


@compiled
def go_on_attacking(
    key: np.uint64,
    step: int,
    minutes: float,
    rows: Integers,
    cell_id: Integers,
    kind: Integers,
    state: Integers,
    start: Integers,
    neighbour: Short,
    by_type: Floats,
    by_cell: Floats,
    column: Integers,
    attack: Integers,
    drawing: Integers,
    lasting: int,
    harming: int,
    target: Integers,
    attack_min: Floats,
    damage: Floats,
    delivered: Floats,
    attacked_min: Floats,
) -> None:
    """Let the cells ``rows``, in ascending order of their ids, go on with attacks and begin new ones for ``minutes``.

    ``attack`` (types,) behaviours of attack on each type, ``drawing`` (types,) those of immunogenicity to each type; ``lasting``
    and ``harming`` those of duration and damage. ``target`` holds ids.
    """
    for i in rows:
        left, purpose = minutes, ATTACK
        duration = behaviour(by_type, by_cell, column, lasting, kind[i], i)
        harm = behaviour(by_type, by_cell, column, harming, kind[i], i)
        j = touched_target(i, target[i], cell_id, state, start, neighbour) if target[i] >= 0 else -1
        while left > 0.0:
            if j < 0:
                target[i], attack_min[i] = -1, 0.0
                moment, j = next_attack(
                    key, step, purpose, i, cell_id, kind, state, start, neighbour, by_type, by_cell, column, attack, drawing
                )
                purpose += 1
                if j < 0 or moment >= left:
                    break
                left -= moment
                target[i] = cell_id[j]
            busy = min(left, max(duration - attack_min[i], 0.0))
            attack_min[i] += busy
            damage[j] += harm * busy
            delivered[i] += harm * busy
            attacked_min[j] += busy
            left -= busy
            if attack_min[i] >= duration - _NEAR_ZERO:
                target[i], attack_min[i], j = -1, 0.0, -1
