"""The k nearest neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from coculture.errors import InputError
from coculture.interactions.neighbours.cell_list import CellList
from coculture.interactions.neighbours.definition import Cells
from coculture.interactions.neighbours.graph import CrossNeighbours, NeighbourGraph


@dataclass(frozen=True)
class KNearest:
    """The ``k`` cells whose centres are nearest.

    Being among someone's k nearest is not mutual. ``ways`` says what to make of it: ``"directed"`` keeps it as it is,
    ``"both"`` keeps pairs that name each other, ``"either"`` pairs of which one names the other. Of equally near cells the
    one in the smaller row counts as nearer.
    """

    k: int
    ways: Literal["directed", "both", "either"] = "directed"

    def __post_init__(self) -> None:
        if self.k < 1:
            raise InputError(f"k = {self.k} nearest neighbours", "k", "ask for at least one")
        if self.ways not in ("directed", "both", "either"):
            raise InputError(f"unknown ways '{self.ways}'", "ways", "use 'directed', 'both' or 'either'")

    def __str__(self) -> str:
        return f"{self.k} nearest centres" + ("" if self.ways == "directed" else f", {self.ways} way")

    def graph(self, cells: Cells) -> NeighbourGraph:
        """Return the neighbours among one set of cells."""
        found, far = CellList.build(cells.positions).nearest(self.k)
        held = found >= 0
        first = np.repeat(np.arange(len(cells)), held.sum(axis=1))
        graph = NeighbourGraph.from_pairs(
            len(cells), first, found[held], distance_um=far[held], directed=True, definition=f"{self.k} nearest centres"
        )
        if self.ways == "directed":
            return graph
        return graph.mutual() if self.ways == "both" else graph.either_way()

    def between(self, first: Cells, second: Cells) -> CrossNeighbours:
        """Return, for each cell of ``first``, its ``k`` nearest in the other population (``ways`` does not apply)."""
        found, far = CellList.build(second.positions).nearest(self.k, first.positions)
        held = found >= 0
        asking = np.repeat(np.arange(len(first)), held.sum(axis=1))
        return CrossNeighbours.from_pairs(
            len(first), len(second), asking, found[held], far[held], definition=f"{self.k} nearest centres"
        )
