"""Who is near whom, and who touches whom.

Lists are made with a margin and hold for many steps, until cells have moved or grown by half of it (Verlet 1967, Phys Rev
159:98). Neighbours stand in ascending order of their ids, so that what is summed or drawn along a list depends neither on the
order of the cells in memory nor on when the lists were made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.listing import drift, keep_touching, lists_without, order_by_id
from coculture.cells.parameters import Parameters
from coculture.cells.population import Population
from coculture.cells.rows import closed
from coculture.interactions.neighbours.cell_list import CellList

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MARGIN_SHARE = 0.15
"""Least margin of the lists, as a share of the mean distance at which two cells feel each other."""

_WIDER = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
"""Margins to choose from where cells walk, in least margins."""

_FAR_REACHING = 1.5
"""How far beyond the mean a cell may reach before the bins of the search are made for the others."""

_MAKING_NS, _LISTING_NS, _LOOKING_NS = 150.0, 12.0, 2.5
"""What making lists costs a cell and a neighbour, and what looking at a neighbour costs in a step; they set speed alone."""


@dataclass(frozen=True, eq=False)
class Contacts:
    """Who touches whom: row i's are ``neighbour[start[i]:start[i + 1]]``, in ascending order of their ids; both ways round."""

    start: Integers
    neighbour: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class NeighbourLists:
    """Who is near whom.

    Attributes
    ----------
    start, neighbour : row i's neighbours are ``neighbour[start[i]:start[i + 1]]``, in ascending order of their ids.
    marked : (n, 3) the positions when the lists were made, µm.
    extent : (n,) how far each cell reached then, µm; lists hold every pair with ``d <= extent_i + extent_j + margin``.
    margin : µm.
    """

    start: Integers
    neighbour: NDArray[np.int32]
    marked: Floats
    extent: Floats
    margin: float

    @classmethod
    def build(
        cls, cells: Population, extent: Floats, dimensions: int, margin: float | None = None, walked_um: float = 0.0
    ) -> NeighbourLists:
        """Make the lists; ``margin`` in µm, None for one that suits cells that walk as far in a step as ``walked_um``."""
        if not len(cells) or extent.max() <= 0.0:
            return cls(np.zeros(len(cells) + 1, np.int64), np.zeros(0, np.int32), cells.position.copy(), extent, 0.0)
        wide = margin_for(cells.position[:, :dimensions], extent, walked_um) if margin is None else margin
        usual, most = float(extent.mean()), float(extent.max())
        size = 2.0 * most + wide if most <= _FAR_REACHING * usual else usual + 0.5 * wide  # few far-reaching cells: small bins
        grid = CellList.build(cells.position[:, :dimensions], size)
        start, neighbour = grid.lists(extent, wide)
        order_by_id(start, neighbour, cells.cell_id)
        return cls(start, neighbour, cells.position.copy(), extent, wide)

    def still_hold(self, position: Floats, extent: Floats) -> bool:
        """Tell whether the lists still name every pair in reach of each other."""
        return len(position) == len(self.marked) and drift(position, self.marked, extent, self.extent) <= 0.5 * self.margin

    def slack(self, extent: Floats) -> float:
        """Return how far a cell may be from its marked place while the lists hold, given how far cells reach now, µm."""
        return 0.5 * self.margin - max(0.0, float((extent - self.extent).max(initial=0.0)))

    def without(self, holes: Integers, fillers: Integers, left: int) -> NeighbourLists:
        """Return the lists after rows were taken out as :func:`~coculture.cells.rows.closing` says."""
        start, neighbour = lists_without(self.start, self.neighbour, holes, fillers, left)
        marked, extent = closed(self.marked, holes, fillers, left), closed(self.extent, holes, fillers, left)
        return NeighbourLists(start, neighbour, marked, extent, self.margin)


def margin_for(position: Floats, extent: Floats, walked_um: float) -> float:
    """Return the margin that costs least: a wide one lists more neighbours to look at, a narrow one is soon walked across.

    Parameters
    ----------
    position : (n, dimensions) µm.
    extent : (n,) how far each cell reaches, µm.
    walked_um : how far the fastest cell walks in a step.
    """
    dimensions = position.shape[1]
    reach = 2.0 * float(extent.mean())
    least = MARGIN_SHARE * reach
    if walked_um <= 0.0 or least <= 0.0:
        return least
    margins = least * np.array(_WIDER)
    crowding = len(position) / np.prod(position.max(axis=0) - position.min(axis=0) + reach)
    listed = crowding * (np.pi if dimensions == 2 else 4.0 / 3.0 * np.pi) * (reach + margins) ** dimensions
    remade = np.minimum(2.0 * walked_um / margins, 1.0)
    return float(margins[np.argmin((_MAKING_NS + _LISTING_NS * listed) * remade + _LOOKING_NS * listed)])


def extents_of(cells: Population, parameters: Parameters, contact_gap_um: float) -> Floats:
    """Return (n,) how far each cell reaches: as far as its adhesion, or as it can touch, µm."""
    reach = parameters.values("adhesion_reach", cells.type) * cells.radius
    return np.asarray(np.maximum(reach, cells.radius + 0.5 * contact_gap_um))


def contacts_among(lists: NeighbourLists, cells: Population, gap_um: float) -> Contacts:
    """Return who touches whom, ``d <= r_i + r_j + gap``, given lists that hold."""
    start, neighbour = keep_touching(lists.start, lists.neighbour, cells.position, cells.radius, gap_um)
    return Contacts(start, neighbour)
