"""Cells going through their cycle, growing, dying. Numbers only; see :mod:`coculture.cells.processes` (cycle, volume, death)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.random_numbers import uniform
from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PHASE, DEATH, DYING, SECOND = 100, 4, 6, 10_000
"""Purposes of random numbers; phases use ``PHASE`` + their number, a second number of the same purpose ``SECOND`` more."""


@compiled
def waiting(stay: float, key: np.uint64, cell: int, step: int, purpose: int) -> float:
    """Return what a stay begins with, of mean 1.

    ``stay`` 1: its length is fixed, and it begins with 1. 0: chance, an exponential number. Between: a Gaussian number of that
    standard deviation (Box & Muller 1958), not below 0.
    """
    if stay == 1.0:
        return 1.0
    first = -math.log1p(-uniform(key, cell, step, purpose))
    if stay == 0.0:
        return first
    turn = math.cos(2.0 * math.pi * uniform(key, cell, step, purpose + SECOND))
    return max(1.0 + stay * math.sqrt(2.0 * first) * turn, 0.0)


@compiled
def begin_stays(
    key: np.uint64, step: int, cell_id: Integers, kind: Integers, phase: Integers, fixed: Floats, remaining: Floats
) -> None:
    """Write to ``remaining`` (n,) what each cell's stay in its present phase begins with."""
    for i in range(len(cell_id)):
        remaining[i] = waiting(fixed[kind[i], phase[i]], key, cell_id[i], step, PHASE + phase[i])


@compiled
def draw_chances(key: np.uint64, step: int, purpose: int, cell_id: Integers, out: Floats) -> None:
    """Write to ``out`` (n,) the number in [0, 1) that belongs to each cell, this step and the purpose."""
    for i in range(len(cell_id)):
        out[i] = uniform(key, cell_id[i], step, purpose)


@compiled
def go_through_phases(
    key: np.uint64,
    step: int,
    minutes: Floats,
    cell_id: Integers,
    kind: Integers,
    living: NDArray[np.bool_],
    rates: Floats,
    n_phases: Integers,
    fixed: Floats,
    divides: NDArray[np.bool_],
    phase: Integers,
    phase_min: Floats,
    remaining: Floats,
    left_min: Floats,
) -> None:
    """Let every living cell go on in its cycle until its ``minutes`` (n,) are up or it divides.

    ``rates`` (n, phases) 1/min; ``n_phases`` (types,), ``fixed`` and ``divides`` (types, phases). A cell that divides stays
    at the end of its phase and ``left_min`` (n,) says how much of the time is left for its daughters; -1 where none divides.
    A cell whose ``remaining`` is negative has not begun its stay: it begins now.
    """
    for i in range(len(cell_id)):
        left_min[i] = -1.0
        own = kind[i]
        if minutes[i] <= 0.0 or not living[i] or n_phases[own] == 0:
            continue
        if remaining[i] < 0.0:
            remaining[i] = waiting(fixed[own, phase[i]], key, cell_id[i], step, PHASE + phase[i])
        left = minutes[i]
        while True:
            rate = rates[i, phase[i]]
            if rate <= 0.0 or remaining[i] > rate * left:
                remaining[i] -= rate * left
                phase_min[i] += left
                break
            spent = remaining[i] / rate
            left -= spent
            phase_min[i] += spent
            if divides[own, phase[i]]:
                remaining[i] = 0.0
                left_min[i] = left
                break
            phase[i] = (phase[i] + 1) % n_phases[own]
            phase_min[i] = 0.0
            remaining[i] = waiting(fixed[own, phase[i]], key, cell_id[i], step, PHASE + phase[i])


@compiled
def followed(target_rate: float, own_rate: float, minutes: float) -> float:
    """Return ``∫₀ᵗ exp(−own (t−s)) exp(−target s) ds``: what follows an exponential at a rate of its own, also at equal rates."""
    apart = own_rate - target_rate
    if abs(apart * minutes) < 1e-9:
        return math.exp(-own_rate * minutes) * minutes
    slower = min(own_rate, target_rate)
    return -math.exp(-slower * minutes) * math.expm1(-abs(apart) * minutes) / abs(apart)


@compiled
def relax_volume(
    minutes: Floats,
    fluid: Floats,
    nuclear_solid: Floats,
    cytoplasmic_solid: Floats,
    nuclear: Floats,
    target_nuclear: Floats,
    target_cytoplasmic: Floats,
    fluid_fraction: Floats,
    fluid_rate: Floats,
    nuclear_rate: Floats,
    cytoplasmic_rate: Floats,
) -> None:
    """Let the parts of every volume go toward their targets for ``minutes`` (n,): the exact solution, however long the step.

    Solids obey ``dN/dt = r_N (N* − N)`` and ``dC/dt = r_C (C* − C)``; the fluid obeys ``dF/dt = r (f V − F)`` with V = F + N + C.
    The fluid is shared out as the solids are, so the nucleus has the volume ``V N/(N + C)``.
    """
    for i in range(len(fluid)):
        time = minutes[i]
        nuclear_part = nuclear_solid[i] - target_nuclear[i]
        cytoplasmic_part = cytoplasmic_solid[i] - target_cytoplasmic[i]
        fraction = fluid_fraction[i]
        own = fluid_rate[i] * (1.0 - fraction)
        drawn = (target_nuclear[i] + target_cytoplasmic[i]) * followed(0.0, own, time)
        drawn += nuclear_part * followed(nuclear_rate[i], own, time)
        drawn += cytoplasmic_part * followed(cytoplasmic_rate[i], own, time)
        fluid[i] = fluid[i] * math.exp(-own * time) + fluid_rate[i] * fraction * drawn
        nuclear_solid[i] = target_nuclear[i] + nuclear_part * math.exp(-nuclear_rate[i] * time)
        cytoplasmic_solid[i] = target_cytoplasmic[i] + cytoplasmic_part * math.exp(-cytoplasmic_rate[i] * time)
        solid = nuclear_solid[i] + cytoplasmic_solid[i]
        nuclear[i] = nuclear_solid[i] * (1.0 + fluid[i] / solid) if solid > 0.0 else 0.0
