"""Cells become cells of another type.

A living cell becomes one of type k at the rate ``transform_{k}_per_min``; in a tick it does so once at most. It keeps its
volume, place and contents, and takes the behaviours of the new type. Where the two types go through the same cycle it keeps its
phase; otherwise it begins the new type's first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.growing import draw_chances
from coculture.cells.kernels.meeting import TRANSFORM
from coculture.cells.population import LIVING
from coculture.cells.process import World


@dataclass(frozen=True)
class Transform:
    """The process; see the module's head."""

    pace: str = "phenotype"

    def is_active(self, world: World) -> bool:
        """Tell whether any type transforms."""
        return any(world.parameters.is_used(f"transform_{name}_per_min") for name in world.model.type_names)

    def go_on(self, world: World, minutes: float) -> None:
        """Let cells become others."""
        cells = world.cells
        rates = np.column_stack(
            [world.parameters.values(f"transform_{name}_per_min", cells.type) for name in world.model.type_names]
        )
        rates[np.arange(len(cells)), cells.type] = 0.0
        may = np.flatnonzero((cells.state == LIVING) & (rates > 0.0).any(axis=1))
        if not may.size:
            return
        first, becomes = np.full(len(may), minutes), np.full(len(may), -1)
        chance = np.empty(len(may))
        for kind in range(len(world.model.types)):
            draw_chances(world.key, world.step, TRANSFORM + kind, cells.cell_id[may], chance)
            with np.errstate(divide="ignore"):
                moment = -np.log1p(-chance) / rates[may, kind]
            sooner = moment < first
            first[sooner], becomes[sooner] = moment[sooner], kind
        turn(world, may[becomes >= 0], becomes[becomes >= 0])


def turn(world: World, rows: NDArray[np.int64], kinds: NDArray[np.int64]) -> None:
    """Make the cells of some rows cells of other types."""
    cells, parameters, types = world.cells, world.parameters, world.model.types
    for row, kind in sorted(zip(rows, kinds, strict=True), key=lambda pair: int(cells.cell_id[pair[0]])):
        before = types[cells.type[row]]
        if before.cycle != types[kind].cycle:
            cells.phase[row], cells.phase_min[row], cells.remaining[row] = 0, 0.0, -1.0
        world.events.append((world.time_min, f"became {types[kind].name}", int(cells.cell_id[row]), -1))
    cells.type[rows] = kinds
    cells.target[rows], cells.attack_min[rows] = -1, 0.0
    changed = np.flatnonzero(parameters.column >= 0)
    parameters.by_cell[np.ix_(rows, parameters.column[changed])] = parameters.by_type[kinds][:, changed]


PROCESS = Transform()
