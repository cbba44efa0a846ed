"""Cells going through their cycle, growing, dying. Numbers only; see :mod:`coculture.cells.processes.growth`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.random_numbers import uniform
from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PHASE, DEATH_APOPTOTIC, DEATH_NECROTIC, DYING = 100, 4, 5, 6
"""Purposes of random numbers; phases use ``PHASE`` + their number."""


@compiled
def waiting(fixed: bool, key: np.uint64, cell: int, step: int, purpose: int) -> float:
    """Return what a stay begins with: 1 where its length is fixed, an exponential number of mean 1 where it is chance."""
    if fixed:
        return 1.0
    return -math.log1p(-uniform(key, cell, step, purpose))


@compiled
def begin_stays(
    key: np.uint64, step: int, cell_id: Integers, kind: Integers, phase: Integers, fixed: NDArray[np.bool_], remaining: Floats
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
    fixed: NDArray[np.bool_],
    divides: NDArray[np.bool_],
    phase: Integers,
    phase_min: Floats,
    remaining: Floats,
    left_min: Floats,
) -> None:
    """Let every living cell go on in its cycle until its ``minutes`` (n,) are up or it divides.

    ``rates`` (n, phases) 1/min; ``n_phases`` (types,), ``fixed`` and ``divides`` (types, phases). A cell that divides stays
    at the end of its phase and ``left_min`` (n,) says how much of the time is left for its daughters; -1 where none divides.
    """
    for i in range(len(cell_id)):
        left_min[i] = -1.0
        own = kind[i]
        if minutes[i] <= 0.0 or not living[i] or n_phases[own] == 0:
            continue
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
def relax_volume(
    minutes: float,
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
    """Let the parts of every volume go toward their targets for ``minutes``; exact for solids, and for the fluid at given solids.

    The fluid obeys ``dF/dt = r (f V − F)`` with V the whole volume: it goes to ``f S/(1 − f)`` beside the solids S, and grows
    without bound where f = 1.
    """
    for i in range(len(fluid)):
        whole = fluid[i] + nuclear_solid[i] + cytoplasmic_solid[i]
        share = nuclear[i] / whole if whole > 0.0 else 0.0
        nuclear_solid[i] = target_nuclear[i] + (nuclear_solid[i] - target_nuclear[i]) * math.exp(-nuclear_rate[i] * minutes)
        gone = math.exp(-cytoplasmic_rate[i] * minutes)
        cytoplasmic_solid[i] = target_cytoplasmic[i] + (cytoplasmic_solid[i] - target_cytoplasmic[i]) * gone
        solid = nuclear_solid[i] + cytoplasmic_solid[i]
        fraction = fluid_fraction[i]
        if fraction < 1.0:
            end = fraction * solid / (1.0 - fraction)
            fluid[i] = end + (fluid[i] - end) * math.exp(-fluid_rate[i] * (1.0 - fraction) * minutes)
        else:
            fluid[i] += fluid_rate[i] * solid * minutes
        nuclear[i] = nuclear_solid[i] + share * fluid[i]
