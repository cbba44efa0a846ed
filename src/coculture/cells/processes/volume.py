"""The parts of every cell's volume go toward their targets.

A living cell's solids go to the targets of its type, twice as large from the phase that doubles until it divides; its fluid to
a fixed fraction of the whole. A dead cell's solids go to nothing, its fluid as its way of dying says (Macklin et al. 2012, J
Theor Biol 301:122; Ghaffarizadeh et al. 2018, PLoS Comput Biol 14:e1005991, equations of volume).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.growing import relax_volume
from coculture.cells.model import CellModel, CellType, DeathModel
from coculture.cells.population import APOPTOTIC, LIVING, LYSED, NECROTIC, radius_of
from coculture.cells.process import World

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Volume:
    """The process; see the module's head."""

    pace: str = "phenotype"

    def is_active(self, world: World) -> bool:
        """Tell whether there is anything that changes volumes: a cycle that doubles, or death."""
        names = ("apoptosis_per_min", "necrosis_per_min", "damage_per_min", "attack_damage_per_min")
        doubling = any(phase.doubles for one in world.model.types for phase in one.cycle.phases)
        return doubling or any(world.parameters.is_used(name) for name in names)

    def go_on(self, world: World, minutes: float) -> None:
        """Let volumes relax, and burst what has swollen beyond its limit."""
        cells, table = world.cells, volume_table(world.model)
        row = cells.type * 4 + cells.state
        doubled = np.where(cells.state == LIVING, _doubling(world.model)[cells.type, cells.phase], 1.0)
        chosen = [np.ascontiguousarray(table[row, column]) for column in range(table.shape[1])]
        nuclear, cytoplasmic, fraction, fluid_rate, nuclear_rate, cytoplasmic_rate, rupture, calcifying = chosen
        relax_volume(
            np.full(len(cells), minutes), cells.fluid, cells.nuclear_solid, cells.cytoplasmic_solid, cells.nuclear,
            nuclear * doubled, cytoplasmic * doubled, fraction, fluid_rate, nuclear_rate, cytoplasmic_rate,
        )  # fmt: skip
        cells.calcified += (1.0 - cells.calcified) * -np.expm1(-calcifying * minutes)
        swollen = np.divide(cells.volume, cells.death_volume, out=np.ones(len(cells)), where=cells.death_volume > 0.0)
        burst = (cells.state == NECROTIC) & (swollen > rupture)
        cells.state[burst] = LYSED
        for cell in np.sort(cells.cell_id[burst]):
            world.events.append((world.time_min, "lysis", int(cell), -1))
        cells.radius[:] = radius_of(cells.volume)


def volume_table(model: CellModel) -> Floats:
    """Return (types × 4 states, 8) numbers.

    They are: targets of the solids of nucleus and cytoplasm, fluid fraction, rates of fluid, nucleus and cytoplasm, rupture, rate
    of calcification.
    """
    rows = []
    for one in model.types:
        rows.append(_living(one))
        rows += [_dead(one.apoptosis, APOPTOTIC), _dead(one.necrosis, NECROTIC), _dead(one.necrosis, LYSED)]
    return np.array(rows)


def _living(one: CellType) -> tuple[float, ...]:
    volume = one.volume
    solid = 1.0 - volume.fluid_fraction
    targets = (volume.nuclear_um3 * solid, (volume.total_um3 - volume.nuclear_um3) * solid)
    rates = (volume.fluid_per_min, volume.nuclear_per_min, volume.cytoplasmic_per_min)
    return (*targets, volume.fluid_fraction, *rates, np.inf, 0.0)


def _dead(death: DeathModel, state: int) -> tuple[float, ...]:
    fluid = death.lysed_fluid_per_min if state == LYSED else death.fluid_per_min
    fraction = 0.0 if state == LYSED else death.target_fluid_fraction
    rates = (fluid, death.nuclear_per_min, death.cytoplasmic_per_min)
    return (0.0, 0.0, fraction, *rates, death.rupture, death.calcified_per_min)


def _doubling(model: CellModel) -> Floats:
    """Return (types, phases) 2 from the phase that doubles until the cell divides, 1 elsewhere."""
    table = np.ones((len(model.types), max(1, len(model.phase_names))))
    for row, one in enumerate(model.types):
        factor = 1.0
        for place, phase in [*enumerate(one.cycle.phases)] * 2:  # twice: a doubled cell may divide in an earlier phase
            factor = 2.0 if phase.doubles else factor
            table[row, place] = factor
            factor = 1.0 if phase.divides else factor
    return table


PROCESS = Volume()
