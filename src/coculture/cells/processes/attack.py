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

from coculture.cells.kernels.meeting import go_on_attacking
from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.cells.signals import ATTACKED_MIN, DAMAGE_DELIVERED


@dataclass(frozen=True)
class Attack:
    """The process; see the module's head."""

    pace: str = "contact"

    def is_active(self, world: World) -> bool:
        """Tell whether any type attacks another."""
        return any(world.parameters.is_used(f"attack_{name}_per_min") for name in world.model.type_names)

    def go_on(self, world: World, minutes: float) -> None:
        """Let attacks go on and begin."""
        cells, parameters, names = world.cells, world.parameters, world.model.type_names
        for name in (ATTACKED_MIN, DAMAGE_DELIVERED):
            world.kept_by_cell.setdefault(name, np.zeros(len(cells)))
        attack = np.array([parameters.number(f"attack_{name}_per_min") for name in names])
        drawing = np.array([parameters.number(f"immunogenicity_{name}") for name in names])
        can = (parameters.column[attack] >= 0).any() | (parameters.by_type[:, attack] > 0).any(axis=1)
        rows = np.flatnonzero((can[cells.type] | (cells.target >= 0)) & (cells.state == LIVING))
        rows = rows[np.argsort(cells.cell_id[rows])]
        contacts = world.contacts
        go_on_attacking(
            world.key, world.step, minutes, rows, cells.cell_id, cells.type, cells.state, contacts.start, contacts.neighbour,
            parameters.by_type, parameters.by_cell, parameters.column, attack, drawing,
            parameters.number("attack_duration_min"), parameters.number("attack_damage_per_min"),
            cells.target, cells.attack_min, cells.damage,
            world.kept_by_cell[DAMAGE_DELIVERED], world.kept_by_cell[ATTACKED_MIN],
        )  # fmt: skip


PROCESS = Attack()
