"""Cells and the medium give and take solutes; the medium goes on.

At every exchange step of the surroundings each cell of volume V gives and takes ``secretion V (target − c) − uptake V c +
export`` of each solute, and what its receptors bind and release. The surroundings solve it together with diffusion, decay and
flow, and return what each cell gained; where the model has an internal number ``amount_{solute}`` the gain is added to it. A
dead cell exchanges nothing, but for behaviours that a rule meant for the dead changes in its type.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.links import receptors_of
from coculture.cells.model import CellModel
from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.cells.processes.receptors import Binding, bindings, check_receptors
from coculture.cells.surroundings import Exchange
from coculture.errors import InputError

Floats = NDArray[np.float64]
_KINDS = ("secretion_{}_per_min", "secretion_target_{}_um", "uptake_{}_per_min", "export_{}_per_min")
_ACTING = (0, 2, 3)
"""Numbers of the kinds that are rates."""


@dataclass(frozen=True)
class ExchangeWithMedium:
    """The process; see the module's head."""

    pace: str = "contact"

    def is_active(self, world: World) -> bool:
        """Tell whether there is a solute: the medium goes on also where no cell gives or takes."""
        check_receptors(world)
        if world.model.solutes:
            _steps_of(world)
        return bool(world.model.solutes)

    def go_on(self, world: World, minutes: float) -> None:
        """Let the medium go on where one of its steps begins in this tick."""
        length, times, every = _steps_of(world)
        if world.step % every == 0:
            for _ in range(times):
                exchange(world, length)


def exchange(world: World, minutes: float) -> Floats:
    """Let cells and medium exchange for ``minutes``; return (n, solutes) what each cell gained, µM·µm³."""
    cells, model = world.cells, world.model
    given = _given(world)
    if given is None and not receptors_of(model):
        return world.surroundings.advance(minutes, cells.position, None)
    offered = given if given is not None else _nothing(world)
    bound: list[Binding] = []
    if receptors_of(model):
        bound = bindings(world, minutes, world.surroundings.concentrations(cells.position))
        offered = _with_receptors(offered, bound)
    gained = world.surroundings.advance(minutes, cells.position, offered)
    _settle_receptors(world, minutes, offered, bound, gained)
    for solute, name in enumerate(model.solutes):
        if f"amount_{name}" in model.internal:
            cells.internal[:, model.internal.index(f"amount_{name}")] += gained[:, solute]
    return gained


def _steps_of(world: World) -> tuple[float, int, int]:
    """Return the length of the medium's step, how many a due tick holds, and after how many mechanics steps a tick is due."""
    steps, length = world.model.steps, world.surroundings.exchange_step_min
    longer, shorter = max(length, steps.contact_min), min(length, steps.contact_min)
    if not length > 0 or abs(longer / shorter - round(longer / shorter)) > 1e-6:
        raise InputError(
            f"the exchange step, {length:g} min, does not fit the contact step, {steps.contact_min:g} min",
            "exchange_step_min",
            "make one a whole multiple of the other",
        )
    return length, max(1, round(steps.contact_min / length)), round(longer / steps.mechanics_min)


def _nothing(world: World) -> Exchange:
    size = (len(world.cells), len(world.model.solutes))
    return Exchange(np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size), world.cells.volume)


def _given(world: World) -> Exchange | None:
    """Return what behaviours say, None where no cell gives or takes anything."""
    parameters, cells = world.parameters, world.cells
    names = [[kind.format(name) for name in world.model.solutes] for kind in _KINDS]
    if not any(parameters.any_used(names[kind]) for kind in _ACTING):
        return None
    tables = [parameters.table(one, cells.type) for one in names]
    dead = np.flatnonzero(cells.state != LIVING)
    if dead.size:
        speaks = world.from_model("speaking dead", _speaking_dead)
        for kind in _ACTING:
            tables[kind][dead] *= speaks[kind, cells.type[dead]]
    return Exchange(tables[0], tables[1], tables[2], tables[3], cells.volume)


def _speaking_dead(model: CellModel) -> Floats:
    """Return (kinds, types, solutes) 1 where a rule meant for the dead changes the behaviour, 0 elsewhere."""
    told = {(rule.cell_type, rule.behaviour) for rule in model.rules if rule.applies_to_dead}
    return np.array(
        [[[float((one, kind.format(name)) in told) for name in model.solutes] for one in model.type_names] for kind in _KINDS]
    )


def _with_receptors(offered: Exchange, bound: list[Binding]) -> Exchange:
    uptake, export = offered.uptake_per_min.copy(), offered.export_per_min.copy()
    for one in bound:
        for ligand, solute in enumerate(one.solutes):
            uptake[:, solute] += one.capture[:, ligand] / offered.volume_um3
            export[:, solute] += one.release[:, ligand]
    return Exchange(offered.secretion_per_min, offered.target_um, uptake, export, offered.volume_um3)


def _settle_receptors(world: World, minutes: float, offered: Exchange, bound: list[Binding], gained: Floats) -> None:
    """Share what the medium says was taken among uptake and receptors: all of them see the same concentration."""
    if not bound:
        return
    volume = offered.volume_um3[:, None]
    given = minutes * (offered.secretion_per_min * volume * offered.target_um + offered.export_per_min)
    clearing = (offered.secretion_per_min + offered.uptake_per_min) * volume
    seen = np.divide(gained + given, clearing, out=np.zeros_like(gained), where=clearing > 0.0)
    for one in bound:
        captured = one.capture * seen[:, one.solutes]
        one.settle(world, captured)
    for one in bound:
        _drop_captured(one, minutes, seen, gained)


def _drop_captured(one: Binding, minutes: float, seen: Floats, gained: Floats) -> None:
    """Take out of the gains what receptors hold: it is counted there."""
    for ligand, solute in enumerate(one.solutes):
        gained[:, solute] -= one.capture[:, ligand] * seen[:, solute] - one.release[:, ligand] * minutes


PROCESS = ExchangeWithMedium()
