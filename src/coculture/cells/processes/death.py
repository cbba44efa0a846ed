"""Cells die by apoptosis or necrosis, and are gone after a while.

A living cell begins to die at its two rates, in a tick of Δt with the chance ``1 − exp(−(a + n) Δt)``, by apoptosis in a share
``a/(a + n)`` of the cases: both exact for rates that stay the same in a tick. Dying takes the time of its
type's model, of fixed length or by chance; then the cell is removed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.growing import DEATH, DYING, draw_chances, waiting
from coculture.cells.model import CellModel
from coculture.cells.population import APOPTOTIC, LIVING, NECROTIC
from coculture.cells.process import World

RATES = ("apoptosis_per_min", "necrosis_per_min")


@dataclass(frozen=True)
class Death:
    """The process; see the module's head."""

    pace: str = "phenotype"

    def is_active(self, world: World) -> bool:
        """Tell whether a cell can die, or is dead already."""
        return world.parameters.any_used(RATES) or bool((world.cells.state != LIVING).any())

    def go_on(self, world: World, minutes: float) -> None:
        """Let the dead go on dying, remove those that are gone, and let the living begin to die."""
        self._vanish(world, minutes)
        cells = world.cells
        rates = world.parameters.table(RATES, cells.type).T
        both = rates[0] + rates[1]
        at_risk = np.flatnonzero((cells.state == LIVING) & (both > 0.0))
        if not at_risk.size:
            return
        drawn = np.empty(len(at_risk))
        draw_chances(world.key, world.step, DEATH, cells.cell_id[at_risk], drawn)
        drawn /= -np.expm1(-both[at_risk] * minutes)
        first = rates[0, at_risk] / both[at_risk]
        begin_to_die(world, at_risk[drawn < first], APOPTOTIC)
        begin_to_die(world, at_risk[(drawn >= first) & (drawn < 1.0)], NECROTIC)

    def _vanish(self, world: World, minutes: float) -> None:
        cells = world.cells
        dead = np.flatnonzero(cells.state != LIVING)
        if not dead.size:
            return
        lasting = world.from_model("dying", _lasting)
        way = np.where(cells.state[dead] == APOPTOTIC, 1, 2)
        cells.remaining[dead] -= minutes / lasting[cells.type[dead], way]
        cells.phase_min[dead] += minutes
        gone = dead[cells.remaining[dead] <= 1e-9]
        if gone.size:
            for cell in np.sort(cells.cell_id[gone]):
                world.events.append((world.time_min, "gone", int(cell), -1))
            world.remove(gone)


def _lasting(model: CellModel) -> NDArray[np.float64]:
    """Return (types, 3) how long dying takes by the way of it, min; the first column stands for the living."""
    return np.array([[1.0, one.apoptosis.duration_min, one.necrosis.duration_min] for one in model.types])


def begin_to_die(world: World, rows: NDArray[np.int64], state: int) -> None:
    """Let the cells of some rows begin to die; the way is ``APOPTOTIC`` or ``NECROTIC``."""
    cells = world.cells
    name = "apoptosis" if state == APOPTOTIC else "necrosis"
    for row in rows[np.argsort(cells.cell_id[rows])]:
        death = getattr(world.model.types[cells.type[row]], name)
        cells.remaining[row] = waiting(death.fixed, world.key, cells.cell_id[row], world.step, DYING)
        world.events.append((world.time_min, name, int(cells.cell_id[row]), -1))
    cells.state[rows] = state
    cells.death_volume[rows] = cells.volume[rows]
    cells.phase_min[rows] = 0.0
    cells.target[rows] = -1
    cells.heading[rows] = 0.0


PROCESS = Death()
