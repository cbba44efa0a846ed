"""Who is near whom, and who touches whom.

Lists are made with room to spare and hold for many steps, until a cell has used up its own (Verlet 1967, Phys Rev 159:98): it
moved or grew. Types whose cells were seen to move fast get more room, so that a few do not make the lists of all old. Neighbours
stand in ascending order of their ids, so that what is summed or drawn along a list depends neither on the order of the cells in
memory nor on when the lists were made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.listing import furthest_ways, keep_touching, lists_without, order_by_id, reach_suffices, sizes_up
from coculture.cells.parameters import Parameters
from coculture.cells.population import Population
from coculture.cells.rows import closed
from coculture.interactions.neighbours.cell_list import CellList

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ROOM_SHARE = 0.15
"""Least room a cell gets, as a share of the mean extent."""

_WAYS = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0])
"""Room for the fastest beyond the least room, in least rooms, to choose from."""

_FAR_REACHING = 2.0
"""How far beyond the mean a cell may reach before the bins of the search are made for the others."""

_BEGINNING_NS, _MAKING_NS, _LISTING_NS, _LOOKING_NS = 2e5, 150.0, 12.0, 5.0
"""What making lists costs at all, a cell and a neighbour, and looking at a neighbour in a step; they set speed alone."""

_CALMING = 0.8
"""What is left of a type's pace when lists are made anew and its cells moved less."""


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
    reach : (n,) how far each cell reached then, room included, µm; lists hold every pair with ``d <= reach_i + reach_j``.
    made : the step in which they were made.
    """

    start: Integers
    neighbour: NDArray[np.int32]
    marked: Floats
    reach: Floats
    made: int = 0

    @classmethod
    def build(cls, cells: Population, reach: Floats, dimensions: int, made: int = 0) -> NeighbourLists:
        """Make the lists of cells that reach so far, (n,) µm, room included."""
        if not len(cells) or reach.max() <= 0.0:
            return cls(np.zeros(len(cells) + 1, np.int64), np.zeros(0, np.int32), cells.position.copy(), reach, made)
        usual, most = float(reach.mean()), float(reach.max())
        size = 2.0 * most if most <= _FAR_REACHING * usual else usual  # few far-reaching cells: small bins
        grid = CellList.build(cells.position[:, :dimensions], size)
        start, neighbour = grid.lists(reach, 0.0)
        order_by_id(start, neighbour, cells.cell_id)
        return cls(start, neighbour, cells.position.copy(), reach, made)

    def still_hold(self, position: Floats, extent: Floats) -> bool:
        """Tell whether the lists still name every pair that reaches each other, given how far cells reach now, (n,) µm."""
        return len(position) == len(self.marked) and reach_suffices(position, self.marked, extent, self.reach)

    def paces(self, position: Floats, kind: Integers, steps: int, before: Floats) -> Floats:
        """Return (types,) how fast cells of every type moved at most since the lists were made, µm a step.

        A type that has calmed down slows from what it was ``before``, (types,), by and by.
        """
        ways = np.zeros(len(before))
        if len(position) == len(self.marked):
            furthest_ways(position, self.marked, kind, ways)
        return np.asarray(np.maximum(ways / max(steps - self.made, 1), _CALMING * before))

    def without(self, holes: Integers, fillers: Integers, left: int) -> NeighbourLists:
        """Return the lists after rows were taken out as :func:`~coculture.cells.rows.closing` says."""
        start, neighbour = lists_without(self.start, self.neighbour, holes, fillers, left)
        marked, reach = closed(self.marked, holes, fillers, left), closed(self.reach, holes, fillers, left)
        return NeighbourLists(start, neighbour, marked, reach, self.made)


def with_room(position: Floats, extent: Floats, speed: Floats, dimensions: int) -> Floats:
    """Return (n,) how far cells reach with the room that costs least, µm.

    Much room lists more neighbours to look at, little is soon used up. Every cell gets the least room, and the way it moves
    straight in a time that is the same for all.

    Parameters
    ----------
    position : (n, 3) µm.
    extent : (n,) how far each cell reaches, µm.
    speed : (n,) how fast it may move, µm a step.
    dimensions : 2 or 3.
    """
    n, least = len(extent), ROOM_SHARE * float(extent.mean())
    reach, fastest = extent + least, float(speed.max())
    if fastest <= 0.0 or least <= 0.0:
        return reach
    low, high, sums = np.full(3, np.inf), np.full(3, -np.inf), np.empty((4, 4))
    sizes_up(position, reach, speed, low, high, sums)
    crowding = n / float(np.prod((high - low)[:dimensions] + 2.0 * sums[1, 0] / n))
    times = _WAYS * least / fastest
    listed = crowding * _reached(sums / n, times, dimensions)
    remade = np.minimum(1.0 / (least / fastest + times), 1.0)
    cost = (_BEGINNING_NS / n + _MAKING_NS + _LISTING_NS * listed) * remade + _LOOKING_NS * listed
    reach += times[np.argmin(cost)] * speed
    return reach


def _reached(mean: Floats, times: Floats, dimensions: int) -> Floats:
    """Return for each time the mean area or volume in which a cell has its neighbours, if reaches grow by ``time · speed``.

    ``mean`` (4, 4) holds the means of ``reachⁱ speedʲ``.
    """
    first = mean[1, 0] + times * mean[0, 1]
    second = mean[2, 0] + times * (2.0 * mean[1, 1] + times * mean[0, 2])
    if dimensions == 2:
        return np.asarray(np.pi * 2.0 * (second + first**2))
    third = mean[3, 0] + times * (3.0 * mean[2, 1] + times * (3.0 * mean[1, 2] + times * mean[0, 3]))
    return np.asarray(4.0 / 3.0 * np.pi * (2.0 * third + 6.0 * second * first))


def extents_of(cells: Population, parameters: Parameters, contact_gap_um: float) -> Floats:
    """Return (n,) how far each cell reaches: as far as its adhesion, or as it can touch, µm."""
    reach = parameters.values("adhesion_reach", cells.type) * cells.radius
    return np.asarray(np.maximum(reach, cells.radius + 0.5 * contact_gap_um))


def contacts_among(lists: NeighbourLists, cells: Population, gap_um: float) -> Contacts:
    """Return who touches whom, ``d <= r_i + r_j + gap``, given lists that hold."""
    start, neighbour = keep_touching(lists.start, lists.neighbour, cells.position, cells.radius, gap_um)
    return Contacts(start, neighbour)
