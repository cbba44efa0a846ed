"""Cells attack those they touch, and harm them.

A living cell that attacks nobody begins to attack a touched living cell of type k at the rate ``attack_{k}_per_min`` times that
cell's ``immunogenicity`` to the attacker's type. The attack lasts ``attack_duration_min`` or until the two touch no more or the
target dies, and does ``attack_damage_per_min``; several cells may attack one, and their damage adds up. What damage does to a
cell is said by a rule: "damage increases apoptosis".

In continuous time, whatever the length of a tick: an attacker in lasting contact with one target attacks for the share
``λT/(1 + λT)`` of its time, with λ the rate and T the duration.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.meeting import go_on_attacking
from coculture.cells.meetings import can_act, rates_of
from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.cells.signals import ATTACKED_MIN, DAMAGE_DELIVERED


@dataclass(frozen=True)
class Attack:
    """The process; see the module's head."""

    pace: str = "contact"

    def is_active(self, world: World) -> bool:
        """Tell whether any type attacks another."""
        return world.parameters.any_used([f"attack_{name}_per_min" for name in world.model.type_names])

    def go_on(self, world: World, minutes: float) -> None:
        """Let attacks go on and begin."""
        cells, names = world.cells, world.model.type_names
        for name in (ATTACKED_MIN, DAMAGE_DELIVERED):
            if name not in world.kept_by_cell:
                world.kept_by_cell[name] = np.zeros(len(cells))
        attacks = [f"attack_{name}_per_min" for name in names]
        rows = np.flatnonzero((np.take(can_act(world, attacks), cells.type) | (cells.target >= 0)) & (cells.state == LIVING))
        if not rows.size:
            return
        rows = rows[np.argsort(cells.cell_id[rows])]
        duration, harm = rates_of(world, ("attack_duration_min", "attack_damage_per_min"), rows).T.copy()
        contacts, (drawing, each_draws) = world.contacts, _drawing(world)
        go_on_attacking(
            world.key, world.step, minutes, rows, rates_of(world, attacks, rows), duration, harm, drawing, each_draws,
            cells.cell_id, cells.type, cells.state, contacts.start, contacts.neighbour,
            cells.target, cells.attack_min, cells.damage,
            world.kept_by_cell[DAMAGE_DELIVERED], world.kept_by_cell[ATTACKED_MIN],
        )  # fmt: skip


def _drawing(world: World) -> tuple[NDArray[np.float64], bool]:
    """Return immunogenicity to each type: a row a cell where a rule changes it (and True), else a row a type."""
    parameters = world.parameters
    names = [f"immunogenicity_{name}" for name in world.model.type_names]
    numbers = parameters.numbers(names)
    if bool((parameters.column[numbers] >= 0).any()):
        return parameters.table(names, world.cells.type), True
    return np.ascontiguousarray(parameters.by_type[:, numbers]), False


PROCESS = Attack()
