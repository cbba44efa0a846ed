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

_CALCIFYING = 7
"""Row of the table with rates of calcification."""


@dataclass(frozen=True)
class Volume:
    """The process; see the module's head."""

    pace: str = "phenotype"

    def is_active(self, world: World) -> bool:
        """Tell whether volumes can change or have yet to reach their targets."""
        return _can_change(world) or not _at_rest(world)

    def go_on(self, world: World, minutes: float) -> None:
        """Let volumes relax, and burst what has swollen beyond its limit."""
        if not _can_change(world) and _at_rest(world):
            return
        cells, table = world.cells, world.from_model("volumes", volume_table)
        row = cells.type * 4 + cells.state
        factor = world.from_model("doubling", _doubling)
        doubled = np.where(cells.state == LIVING, factor[cells.type, cells.phase], 1.0)
        chosen = np.take(table, row, axis=1)
        nuclear, cytoplasmic, fraction, fluid_rate, nuclear_rate, cytoplasmic_rate, rupture, calcifying = chosen
        relax_volume(
            np.full(len(cells), minutes), cells.fluid, cells.nuclear_solid, cells.cytoplasmic_solid, cells.nuclear,
            nuclear * doubled, cytoplasmic * doubled, fraction, fluid_rate, nuclear_rate, cytoplasmic_rate,
        )  # fmt: skip
        volume = cells.volume
        if table[_CALCIFYING].any():
            cells.calcified += (1.0 - cells.calcified) * -np.expm1(-calcifying * minutes)
        swelling = np.flatnonzero((cells.state == NECROTIC) & (cells.death_volume > 0.0))
        burst = swelling[volume[swelling] / cells.death_volume[swelling] > rupture[swelling]]
        cells.state[burst] = LYSED
        for cell in np.sort(cells.cell_id[burst]):
            world.events.append((world.time_min, "lysis", int(cell), -1))
        cells.radius[:] = radius_of(volume)


def _can_change(world: World) -> bool:
    """Tell whether anything can take a volume from its target: growth, death, swallowing, another type."""
    changing = world.from_model("volume changing", _changing)
    doubles = (world.from_model("doubling", _doubling) > 1.0).any()
    return bool(doubles) or world.parameters.any_used(changing) or bool((world.cells.state != LIVING).any())


def _changing(model: CellModel) -> tuple[str, ...]:
    names = ("apoptosis_per_min", "necrosis_per_min", "engulf_", "fuse_", "transform_")
    return tuple(name for name in model.behaviour_names if name.startswith(names))


def _at_rest(world: World) -> bool:
    """Tell whether every living cell's parts are at their targets, but for a billionth, where they stay as they are.

    It is told from the cells alone, so that a culture that was saved and restored rests from the same moment on.
    """
    cells, table = world.cells, world.from_model("volumes", volume_table)
    nuclear, cytoplasmic, fraction = table[:3, cells.type * 4 + LIVING]
    solid, held = nuclear + cytoplasmic, cells.nuclear_solid + cells.cytoplasmic_solid
    off = np.abs(cells.nuclear_solid - nuclear) + np.abs(held - solid)
    off += np.abs(cells.fluid * (1.0 - fraction) - fraction * held)
    return bool((off <= 1e-9 * solid).all())


def volume_table(model: CellModel) -> Floats:
    """Return (8, types × 4 states) numbers.

    They are: targets of the solids of nucleus and cytoplasm, fluid fraction, rates of fluid, nucleus and cytoplasm, rupture, rate
    of calcification.
    """
    rows = []
    for one in model.types:
        rows.append(_living(one))
        rows += [_dead(one.apoptosis, APOPTOTIC), _dead(one.necrosis, NECROTIC), _dead(one.necrosis, LYSED)]
    return np.ascontiguousarray(np.array(rows).T)


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
