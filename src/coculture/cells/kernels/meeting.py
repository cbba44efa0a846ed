"""Cells that touch and do something to each other: attack, engulf, fuse. Numbers only.

Chances belong to a pair of cells and a step: a pair's clock rings after an exponential time drawn from the hash of both ids. What
happens in a tick is therefore the continuous-time process with rates that stay the same in the tick, in any order of the cells.

Rates come gathered, a row for each cell that acts: kernels that call others with whole arrays lose more time on the call than
on the work.
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
def soon(key: np.uint64, one: int, other: int, step: int, purpose: int, rate: float, minutes: float) -> float:
    """Return when the clock of a pair rings, min from now; infinite where that is not within ``minutes``.

    The time is ``−log(1 − u)/rate`` with u in [0, 1); since ``−log(1 − u) >= u``, most clocks are known to be late without a
    logarithm.
    """
    chance = uniform(key ^ mixed(np.uint64(other)), one, step, purpose)
    if chance >= rate * minutes:
        return math.inf
    moment = -math.log1p(-chance) / rate
    return moment if moment < minutes else math.inf


@compiled
def pair_events(
    key: np.uint64,
    step: int,
    purpose: int,
    minutes: float,
    rows: Integers,
    rates: Floats,
    cell_id: Integers,
    kind: Integers,
    state: Integers,
    start: Integers,
    neighbour: Short,
    when: Floats,
    who: Integers,
    whom: Integers,
) -> int:
    """Write the meetings in the next ``minutes`` of cells ``rows`` with those they touch; return how many.

    ``rates`` (rows, types + 2) toward a living cell of each type, an apoptotic and a necrotic one, 1/min.
    """
    filled = 0
    types = rates.shape[1] - 2
    for place in range(len(rows)):
        row = rows[place]
        for at in range(start[row], start[row + 1]):
            j = neighbour[at]
            if state[j] == LIVING:
                rate = rates[place, kind[j]]
            else:
                rate = rates[place, types if state[j] == APOPTOTIC else types + 1]
            if rate <= 0.0:
                continue
            moment = soon(key, cell_id[row], cell_id[j], step, purpose, rate, minutes)
            if moment < minutes:
                when[filled], who[filled], whom[filled] = moment, row, j
                filled += 1
    return filled


@compiled
def go_on_attacking(
    key: np.uint64,
    step: int,
    minutes: float,
    rows: Integers,
    rates: Floats,
    duration: Floats,
    harm: Floats,
    drawing: Floats,
    each_draws: bool,
    cell_id: Integers,
    kind: Integers,
    state: Integers,
    start: Integers,
    neighbour: Short,
    target: Integers,
    attack_min: Floats,
    damage: Floats,
    delivered: Floats,
    attacked_min: Floats,
) -> None:
    """Let the cells ``rows``, in ascending order of their ids, go on with attacks and begin new ones for ``minutes``.

    ``rates`` (rows, types) of attack on each type, 1/min; ``duration`` and ``harm`` (rows,) min and 1/min; ``drawing`` the
    immunogenicity to each type, a row a cell where ``each_draws``, else a row a type. ``target`` holds ids.
    """
    for place in range(len(rows)):
        i = rows[place]
        left, purpose, j = minutes, ATTACK, -1
        if target[i] >= 0:
            for at in range(start[i], start[i + 1]):
                if cell_id[neighbour[at]] == target[i] and state[neighbour[at]] == LIVING:
                    j = neighbour[at]
        while left > 0.0:
            if j < 0:
                target[i], attack_min[i], first = -1, 0.0, math.inf
                for at in range(start[i], start[i + 1]):
                    other = neighbour[at]
                    rate = rates[place, kind[other]]
                    if rate > 0.0 and state[other] == LIVING:
                        rate *= drawing[other if each_draws else kind[other], kind[i]]
                        moment = soon(key, cell_id[i], cell_id[other], step, purpose, rate, left)
                        if moment < first:
                            first, j = moment, other
                purpose += 1
                if j < 0:
                    break
                left -= first
                target[i] = cell_id[j]
            busy = min(left, max(duration[place] - attack_min[i], 0.0))
            attack_min[i] += busy
            damage[j] += harm[place] * busy
            delivered[i] += harm[place] * busy
            attacked_min[j] += busy
            left -= busy
            if attack_min[i] >= duration[place] - _NEAR_ZERO:
                target[i], attack_min[i], j = -1, 0.0, -1
