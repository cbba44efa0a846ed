"""Damage comes by itself and is repaired: ``dD/dt = damage_per_min − repair_per_min · D``, exactly, in living cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coculture.cells.population import LIVING
from coculture.cells.process import World


@dataclass(frozen=True)
class Damage:
    """The process; see the module's head."""

    pace: str = "contact"

    def is_active(self, world: World) -> bool:
        """Tell whether any cell is damaged by itself or repairs damage."""
        return world.parameters.is_used("damage_per_min") or world.parameters.is_used("repair_per_min")

    def go_on(self, world: World, minutes: float) -> None:
        """Let damage come and go."""
        cells, values = world.cells, world.parameters.values
        coming, repair = values("damage_per_min", cells.type), values("repair_per_min", cells.type)
        rows = np.flatnonzero((cells.state == LIVING) & ((cells.damage != 0.0) | (coming != 0.0)))
        coming, repair = coming[rows], repair[rows]
        lost = -np.expm1(-repair * minutes)
        lasting = np.divide(lost, repair, out=np.full(len(rows), minutes), where=repair > 0.0)
        cells.damage[rows] = cells.damage[rows] * (1.0 - lost) + coming * lasting


PROCESS = Damage()
