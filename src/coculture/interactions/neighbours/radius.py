"""Neighbours within a distance between centres."""

from __future__ import annotations

from dataclasses import dataclass

from coculture.interactions.neighbours.cell_list import CellList
from coculture.interactions.neighbours.definition import Cells
from coculture.interactions.neighbours.graph import CrossNeighbours, NeighbourGraph


@dataclass(frozen=True)
class WithinRadius:
    """Cells whose centres are no further apart than ``radius_um``. Symmetric."""

    radius_um: float

    def __str__(self) -> str:
        return f"centres within {self.radius_um:g} µm"

    def graph(self, cells: Cells) -> NeighbourGraph:
        """Return the neighbours among one set of cells."""
        first, second, far = CellList.build(cells.positions, self.radius_um).pairs(self.radius_um)
        return NeighbourGraph.from_pairs(len(cells), first, second, distance_um=far, definition=str(self))

    def between(self, first: Cells, second: Cells) -> CrossNeighbours:
        """Return, for each cell of ``first``, its neighbours in the other population ``second``."""
        one, other, far = CellList.build(second.positions, self.radius_um).near(first.positions, self.radius_um)
        return CrossNeighbours.from_pairs(len(first), len(second), one, other, far, definition=str(self))
