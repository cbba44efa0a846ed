"""Cells under drugs: a process that takes the place of the rules.

At every phenotype tick, in this order: behaviours are what they would be without drugs (base values, or what rules left); rules
set theirs from signals as drugs leave them; then each drug multiplies the behaviours it acts on, ``b ← b · f(B)``, and adds its
death rate, ``b ← b + k(B)``, by the free concentration B at the cell. Effects of several drugs on one behaviour multiply, their
death rates add: Bliss independence, by the absence of anything known better.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coculture.cells.parameters import Parameters
from coculture.cells.process import World
from coculture.cells.processes.rules import Rules, RuleTable
from coculture.cells.simulation import Simulation
from coculture.compounds.effects.behaviour import BehaviourEffect
from coculture.compounds.effects.pair import PairEffect
from coculture.compounds.effects.viability import ViabilityEffect
from coculture.sources.virtual_chip.carriers.cargo import Cargo
from coculture.sources.virtual_chip.drug import Drug
from coculture.sources.virtual_chip.exposure import Exposure, Free
from coculture.sources.virtual_chip.receptor_effects import RuleEffect, acts_outside, follow_rules_with_drugs

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

UNDRUGGED, UNDRUGGED_TYPE = "undrugged behaviours", "undrugged type"
"""Names under which the world keeps what behaviours would be without drugs, and of which type the cell then was."""


@dataclass(frozen=True)
class CellEffect:
    """What a drug does to behaviours.

    Attributes
    ----------
    drug : the drug.
    effect : a factor (:class:`BehaviourEffect`, or the effect on a ligand that cells follow) or a death rate.
    behaviours : full names of the behaviours.
    types : numbers of the types it acts on.
    """

    drug: Drug
    effect: BehaviourEffect | ViabilityEffect | PairEffect
    behaviours: tuple[str, ...]
    types: tuple[int, ...]

    def change(self, values: Floats, free: Floats) -> Floats:
        """Return (n,) the values of a behaviour under the free concentrations (n,) or (1,)."""
        dose = self.drug.in_unit(free, self.effect.curve)
        if isinstance(self.effect, ViabilityEffect):
            return np.asarray(values + self.effect.death_per_min(dose))
        if isinstance(self.effect, PairEffect):
            return np.asarray(values * self.effect.signal_factor(dose) / self.effect.dose_ratio(dose))
        return np.asarray(values * self.effect.factor(dose))


@dataclass(eq=False)
class DruggedCells:
    """The process; see the module's head.

    Attributes
    ----------
    exposure : what cells meet.
    on_cells : effects on behaviours.
    on_rules : effects on what rules hear.
    cargo : the well's carriers, None where there is none. Drug they set free inside a cell acts there, beside what is in the
        medium, on all but receptors, which meet the medium alone.
    """

    exposure: Exposure
    on_cells: tuple[CellEffect, ...]
    on_rules: tuple[RuleEffect, ...]
    cargo: Cargo | None = None
    pace: str = field(init=False, default="phenotype")

    def is_active(self, world: World) -> bool:
        """Tell whether there is anything to do."""
        return bool(self.on_cells or self.on_rules or self.cargo is not None)

    def go_on(self, world: World, minutes: float) -> None:
        """Set all behaviours that rules or drugs change."""
        if self.cargo is not None:
            self.cargo.go_on_to(world, world.time_min)
        if not len(world.cells):
            return
        free = self.exposure.at(world)
        within = free if self.cargo is None else inside_cells(free, self.cargo.free_inside(world))
        self._restore(world)
        if world.model.rules:
            table = world.kept.get("rules")
            if not isinstance(table, RuleTable) or table.model is not world.model:
                table = world.kept["rules"] = RuleTable.of(world.model, world.parameters)
            follow_rules_with_drugs(world, table, self.on_rules, free, within)
        world.kept_by_cell[UNDRUGGED] = world.parameters.by_cell.copy()
        world.kept_by_cell[UNDRUGGED_TYPE] = world.cells.type.copy()
        self._drug(world, free, within)

    def _restore(self, world: World) -> None:
        """Undo what drugs did, in cells that are still of the same type; the others have the base values of their new one."""
        before, kind = world.kept_by_cell.get(UNDRUGGED), world.kept_by_cell.get(UNDRUGGED_TYPE)
        if before is not None and kind is not None:
            same = kind == world.cells.type
            world.parameters.by_cell[same] = before[same]

    def _drug(self, world: World, free: Free, within: Free) -> None:
        parameters, kinds = world.parameters, world.cells.type
        for one in self.on_cells:
            dose = (free if acts_outside(one.effect) else within)[one.drug.name]
            rows = np.flatnonzero(np.isin(kinds, one.types))
            here = dose[rows] if dose.size > 1 else dose[:1]
            for name in one.behaviours:
                column = int(parameters.column[parameters.number(name)])
                parameters.by_cell[rows, column] = one.change(parameters.by_cell[rows, column], here)


def inside_cells(free: Free, more: Free) -> Free:
    """Return (n,) what is free inside cells: as in the medium, and what carriers set free."""
    return {name: um + more[name] if name in more else um for name, um in free.items()}


def with_drugs(simulation: Simulation, process: DruggedCells) -> Simulation:
    """Return the culture with the process in the place of the rules; the same culture where there is nothing to do."""
    world = simulation.world
    if not process.is_active(world):
        return simulation
    names = sorted({name for one in process.on_cells for name in one.behaviours})
    add_columns(world.parameters, names, world.cells.type)
    begun = Simulation.of(world)
    others = tuple(one for one in begun.processes["phenotype"] if not isinstance(one, Rules))
    return Simulation(world, begun.processes | {"phenotype": (process, *others)})


def add_columns(parameters: Parameters, names: list[str], types: Integers) -> None:
    """Give some behaviours a column of their own for every cell, filled with the base values of the cells' types."""
    numbers = [parameters.number(name) for name in names]
    new = [number for number in numbers if parameters.column[number] < 0]
    first = parameters.by_cell.shape[1]
    parameters.column[new] = np.arange(first, first + len(new))
    parameters.by_cell = np.ascontiguousarray(np.hstack([parameters.by_cell, parameters.by_type[types][:, new]]))
