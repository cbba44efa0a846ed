"""Neighbour lists that last for many steps: made with a margin, used until a cell has crossed half of it (Verlet 1967)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.listing import order_by_id
from coculture.interactions.kernels.lists import lists_from_pairs
from coculture.interactions.neighbours.cell_list import CellList

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class NeighbourLists:
    """Who is near whom.

    Attributes
    ----------
    start, neighbour : row i's neighbours are ``neighbour[start[i]:start[i + 1]]``, in ascending order of their ids.
    marked : (n, 3) the positions when the lists were made.
    margin : how far beyond the cutoff they reach, µm.
    cell_id : the cells they are of.
    """

    start: Integers
    neighbour: NDArray[np.int32]
    marked: Floats
    margin: float
    cutoff: float
    cell_id: Integers

    @classmethod
    def build(cls, position: Floats, cell_id: Integers, cutoff: float, margin: float, dimensions: int) -> NeighbourLists:
        """Make the lists of all pairs nearer than ``cutoff + margin``, µm."""
        n = len(position)
        first, second, _ = CellList.build(position[:, :dimensions], cutoff + margin).pairs(cutoff + margin)
        start, neighbour, _ = lists_from_pairs(n, n, np.concatenate([first, second]), np.concatenate([second, first]))
        ordered = np.ascontiguousarray(neighbour, dtype=np.int32)
        order_by_id(start, ordered, cell_id)
        return cls(start, ordered, position.copy(), margin, cutoff, cell_id)

    def still_holds(self, position: Floats, cell_id: Integers, cutoff: float) -> bool:
        """Tell whether the lists still name every pair within ``cutoff``."""
        if cutoff > self.cutoff or len(cell_id) != len(self.cell_id):
            return False
        if cell_id is not self.cell_id and not np.array_equal(cell_id, self.cell_id):
            return False
        moved = ((position - self.marked) ** 2).sum(axis=1)
        return bool(moved.size == 0 or moved.max() < (self.margin / 2) ** 2)
