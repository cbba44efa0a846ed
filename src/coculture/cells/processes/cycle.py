"""Cells go through their cycle and divide.

A stay in a phase is a budget that shrinks at the rate of leaving: it begins at 1 where the phase has a fixed length, at an
exponential number where it is chance. The phase is left at the moment the budget is spent, also inside a tick, and what is left
of the tick belongs to the next phase or to the daughters. Growth rates are therefore those of the continuous-time model,
whatever the length of a tick, and a rate that a rule changes changes the stay from that moment on.

Daughters begin in the phase that comes after the one their mother left by dividing: the first one in most models.

A dividing cell gives two daughters of half its volume, on both sides of its centre, a mother's radius apart, in a random
direction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.growing import begin_stays, go_through_phases
from coculture.cells.kernels.walking import new_heading
from coculture.cells.model import CellModel
from coculture.cells.population import LIVING, radius_of
from coculture.cells.process import World

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_NOWHERE = np.zeros(3)


@dataclass(frozen=True)
class Cycle:
    """The process; see the module's head."""

    pace: str = "phenotype"

    def is_active(self, world: World) -> bool:
        """Tell whether any type cycles."""
        return any(one.cycle.phases for one in world.model.types)

    def go_on(self, world: World, minutes: float) -> None:
        """Let every living cell go on in its cycle, and divide those that came to its end."""
        left = np.where(world.cells.state == LIVING, minutes, 0.0)
        while True:
            dividing, left = self._until_division(world, left)
            if not dividing.size:
                return
            left = divide(world, dividing, left)

    def _until_division(self, world: World, left: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Go on for each cell's own time; return the cells that now divide, and the time each of them has left."""
        cells, table = world.cells, world.from_model("cycles", _Table.of)
        remains = np.empty(len(cells))
        go_through_phases(
            world.key, world.step, left, cells.cell_id, cells.type, cells.state == LIVING,
            world.parameters.table(table.exits, cells.type), table.n_phases, table.fixed, table.divides,
            cells.phase, cells.phase_min, cells.remaining, remains,
        )  # fmt: skip
        return np.flatnonzero(remains >= 0.0), remains


@dataclass(frozen=True, eq=False)
class _Table:
    """What the kernel must know of every type's cycle: arrays (types,) and (types, phases), and the names of the rates."""

    exits: tuple[str, ...]
    n_phases: NDArray[np.int64]
    fixed: Floats
    divides: NDArray[np.bool_]

    @classmethod
    def of(cls, model: CellModel) -> _Table:
        most = max(1, len(model.phase_names))
        counts = np.array([len(one.cycle.phases) for one in model.types], dtype=np.int64)
        fixed, divides = np.zeros((len(model.types), most)), np.zeros((len(model.types), most), np.bool_)
        for row, one in enumerate(model.types):
            for place, phase in enumerate(one.cycle.phases):
                fixed[row, place], divides[row, place] = phase.stay, phase.divides
        return cls(tuple(f"exit_{name}_per_min" for name in model.phase_names), counts, fixed, divides)


def divide(world: World, dividing: Integers, left: Floats) -> Floats:
    """Put two daughters in the place of each dividing cell; return the time every cell of the new population has left.

    New ids go to the mothers in ascending order of theirs, two each. The first daughter takes the mother's row, the second comes
    behind all others.
    """
    cells = world.cells
    mothers = dividing[np.argsort(cells.cell_id[dividing])]
    ids = cells.cell_id[mothers].copy()
    seconds = world.add_copies(mothers)
    born = np.column_stack([mothers, seconds]).ravel()
    _make_daughters(world, born)
    for mother, first in zip(ids, cells.cell_id[mothers], strict=True):
        world.events.append((world.time_min, "division", int(mother), int(first)))
    time_left = np.zeros(len(cells))
    time_left[born] = np.repeat(left[mothers], 2)
    return time_left


def _make_daughters(world: World, born: Integers) -> None:
    """Turn pairs of copies of mothers into daughters; ``born`` are their rows, sister beside sister."""
    cells = world.cells
    cells.parent_id[born] = cells.cell_id[born]
    cells.cell_id[born] = cells.next_id + np.arange(len(born), dtype=np.int64)
    cells.next_id += len(born)
    flat = world.model.dimensions == 2
    direction = np.zeros(3)
    for first, second in born.reshape(-1, 2):
        new_heading(world.key, cells.parent_id[first], world.step, flat, _NOWHERE, 0.0, direction)
        half = 0.5 * cells.radius[first] * direction
        cells.position[first] += half
        cells.position[second] -= half
    for part in (cells.fluid, cells.nuclear_solid, cells.cytoplasmic_solid, cells.nuclear):
        part[born] *= 0.5
    cells.radius[born] = radius_of(cells.volume[born])
    cells.target[born], cells.attack_min[born], cells.phase_min[born] = -1, 0.0, 0.0
    table = world.from_model("cycles", _Table.of)
    cells.phase[born] = (cells.phase[born] + 1) % table.n_phases[cells.type[born]]
    halved = [world.model.internal.index(name) for name in world.model.halved]
    cells.internal[np.ix_(born, np.array(halved, np.int64))] *= 0.5
    stays = np.empty(len(born))
    begin_stays(world.key, world.step, cells.cell_id[born], cells.type[born], cells.phase[born], table.fixed, stays)
    cells.remaining[born] = stays


PROCESS = Cycle()
