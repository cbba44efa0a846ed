"""Springs: cells that touch tie themselves to each other, and let go.

Two living cells in touch tie at the rate ``a_i A_ij + a_j A_ji`` (a: rate of attaching, A: affinity) while both hold fewer
springs than they can; a spring breaks at the sum of its cells' rates of detaching, in a tick of Δt with the chance
``1 − exp(−rate Δt)``. It pulls with ``√(κ_i κ_j) (x_j − x_i)`` and has no length of its own, as in the published grammar:
repulsion holds the cells apart. A division breaks the mother's springs, and so does the end of a cell.

Who gets the last free place does not depend on the order of cells: pairs are asked in the order of their ids, and a pair's number
is its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.linking import form_springs, keep_springs, spring_lists
from coculture.cells.population import LIVING
from coculture.cells.process import World

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

KEPT = "springs"
"""Name under which the world keeps, for every cell, the ids of the cells it is tied to; −1 where a place is free."""


@dataclass(frozen=True)
class SpringLinks:
    """The process; see the module's head."""

    pace: str = "contact"

    def is_active(self, world: World) -> bool:
        """Tell whether cells can hold springs."""
        return world.parameters.is_used("attachments_most")

    def go_on(self, world: World, minutes: float) -> None:
        """Break springs and form new ones."""
        cells = world.cells
        if not len(cells):
            return
        attach, detach, most = world.parameters.table(
            ("attach_per_min", "detach_per_min", "attachments_most"), cells.type
        ).T.copy()
        partner = _widened(world, int(most.max()))
        held = np.empty_like(partner)
        rows = rows_of(cells.cell_id, partner)
        keep_springs(world.key, world.step, minutes, cells.cell_id, rows, detach, partner, held)
        if attach.any():
            affinity = world.parameters.table([f"affinity_{name}" for name in world.model.type_names], cells.type)
            touching = world.contacts
            form_springs(
                world.key, world.step, minutes, np.argsort(cells.cell_id), cells.cell_id, cells.type, cells.state == LIVING,
                touching.start, touching.neighbour, attach, affinity, most, held,
            )  # fmt: skip
        world.kept_by_cell[KEPT] = held


@dataclass(frozen=True, eq=False)
class Springs:
    """Springs as lists of rows, for the forces; empty arrays where there are none.

    Attributes
    ----------
    start, other : row i's springs go to ``other[start[i]:start[i + 1]]``.
    stiffness : (n,) square root of each cell's stiffness, 1/√min.
    """

    start: Integers
    other: NDArray[np.int32]
    stiffness: Floats

    @classmethod
    def of(cls, world: World) -> Springs:
        """Return the springs there are now."""
        partner = world.kept_by_cell.get(KEPT)
        if partner is None or not world.parameters.is_used("spring_per_min") or not (partner >= 0).any():
            return cls(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0))
        start, other = spring_lists(rows_of(world.cells.cell_id, partner))
        return cls(start, other, np.sqrt(world.parameters.values("spring_per_min", world.cells.type)))


def rows_of(cell_id: Integers, wanted: Integers) -> Integers:
    """Return the rows of the cells with the wanted ids, in the shape of ``wanted``; −1 where no cell has the id."""
    order = np.argsort(cell_id)
    place = np.searchsorted(cell_id, wanted, sorter=order)
    rows = order[np.minimum(place, len(order) - 1)]
    return np.where(cell_id[rows] == wanted, rows, -1)


def _widened(world: World, most: int) -> Integers:
    """Return the kept ids, with at least ``most`` places a cell."""
    kept = world.kept_by_cell.get(KEPT, np.zeros((len(world.cells), 0), np.int64))
    more = most - kept.shape[1]
    return np.pad(kept, ((0, 0), (0, more)), constant_values=-1) if more > 0 else np.ascontiguousarray(kept)


PROCESS = SpringLinks()
