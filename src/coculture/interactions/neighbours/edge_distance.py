"""Neighbours by the distance between outlines, for cells known as centre and radius (virtual cells)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coculture.errors import InputError
from coculture.interactions.neighbours.cell_list import CellList
from coculture.interactions.neighbours.definition import Cells
from coculture.interactions.neighbours.graph import CrossNeighbours, NeighbourGraph


@dataclass(frozen=True)
class EdgeDistance:
    """Cells whose outlines, taken as circles (spheres), are no further apart than ``gap_um``. Symmetric.

    The distance between outlines is ``d − r_a − r_b``; it is negative where circles overlap. ``gap_um = 0``: they touch.
    """

    gap_um: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.gap_um) and self.gap_um >= 0):
            raise InputError(f"{self.gap_um} is not a distance between outlines", "gap_um", "give a length in µm, >= 0")

    def __str__(self) -> str:
        return f"outlines within {self.gap_um:g} µm"

    def graph(self, cells: Cells) -> NeighbourGraph:
        """Return the neighbours among one set of cells."""
        radius = cells.radii(str(self))
        reach = 2 * float(radius.max(initial=0.0)) + self.gap_um
        if reach == 0:
            raise InputError("all radii and the gap are 0", "radius_um", "give the cells a size or the definition a gap")
        first, second, far = CellList.build(cells.positions, reach).pairs(reach)
        near = far - radius[first] - radius[second] <= self.gap_um
        return NeighbourGraph.from_pairs(len(cells), first[near], second[near], distance_um=far[near], definition=str(self))

    def between(self, first: Cells, second: Cells) -> CrossNeighbours:
        """Return, for each cell of ``first``, its neighbours in the other population ``second``."""
        radius, other_radius = first.radii(str(self)), second.radii(str(self))
        reach = float(radius.max(initial=0.0) + other_radius.max(initial=0.0)) + self.gap_um
        if reach == 0:
            raise InputError("all radii and the gap are 0", "radius_um", "give the cells a size or the definition a gap")
        one, other, far = CellList.build(second.positions, reach).near(first.positions, reach)
        near = far - radius[one] - other_radius[other] <= self.gap_um
        return CrossNeighbours.from_pairs(len(first), len(second), one[near], other[near], far[near], definition=str(self))
