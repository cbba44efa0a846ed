"""Cells answering to signals by rules. Numbers only; see :mod:`coculture.cells.processes.rules`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_MOST = 1e150
"""A signal this many times its half-maximum, to its power, counts as full: nothing overflows."""


@compiled
def effect(signal: float, half_max: float, power: float) -> float:
    """Return ``(s/half_max)^n``, 0 for a signal that is not positive."""
    if not signal > 0.0:
        return 0.0
    share = signal / half_max
    if power == 1.0:
        return min(share, _MOST)
    if power == 2.0:
        return min(share * share, _MOST)
    if power == 4.0:
        square = share * share
        return min(square * square, _MOST)
    return min(float(share**power), _MOST)


@compiled
def follow_rules(
    signals: Floats,
    kind: Integers,
    dead: Flags,
    group_start: Integers,
    column: Integers,
    base: Floats,
    rule_start: Integers,
    signal: Integers,
    up: Flags,
    saturation: Floats,
    half_max: Floats,
    power: Floats,
    for_dead: Flags,
    by_cell: Floats,
) -> None:
    """Write to ``by_cell`` (n, columns) the behaviours that rules change.

    ``signals`` (signals, n). Groups ``group_start[t]:group_start[t + 1]`` are the behaviours of type t that rules change; group
    g has ``column[g]``, ``base[g]`` and rules ``rule_start[g]:rule_start[g + 1]``. A rule not meant for the dead has no effect
    in a dead cell; where no rule of a behaviour is meant for them, they keep their value.
    """
    for i in range(len(kind)):
        for group in range(group_start[kind[i]], group_start[kind[i] + 1]):
            full_up, full_down, towards_up, towards_down, follows = 0.0, 0.0, 0.0, 0.0, False
            for rule in range(rule_start[group], rule_start[group + 1]):
                if dead[i] and not for_dead[rule]:
                    continue
                follows = True
                share = effect(signals[signal[rule], i], half_max[rule], power[rule])
                if up[rule]:
                    full_up += share
                    towards_up += share * (saturation[rule] - base[group])
                else:
                    full_down += share
                    towards_down += share * saturation[rule]
            if follows:
                raised = base[group] + towards_up / (1.0 + full_up)
                by_cell[i, column[group]] = (raised + towards_down) / (1.0 + full_down)


@compiled
def count_contacts(kind: Integers, state: Integers, start: Integers, neighbour: NDArray[np.int32], counts: Floats) -> None:
    """Add to ``counts`` (n, 4 + types) how many touched cells are in each state, then of each type."""
    for i in range(len(kind)):
        for place in range(start[i], start[i + 1]):
            j = neighbour[place]
            counts[i, state[j]] += 1.0
            counts[i, 4 + kind[j]] += 1.0
