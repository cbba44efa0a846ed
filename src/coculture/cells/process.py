"""What lets the cells go on: one process a file, each asked in turn by the clock of the simulation.

A new behaviour is a new process in :mod:`coculture.cells.processes`; the engine is not edited. A process that has nothing
to do in a model says so once and is not asked again.

Order within a tick: surroundings (exchange of solutes), then the processes of that pace in the order of the list. Three paces:

============  ================================  =================================================
pace          usual step                        who
============  ================================  =================================================
mechanics     0.1 min                           forces, migration, walls, flow (compiled, many steps a call)
contact       a multiple of the mechanics step  attack, engulfing, exchange through junctions, contact signalling, springs
phenotype     6 min                             signals and rules, cycle, volume, death, division, removal
============  ================================  =================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from coculture.cells.model import CellModel
from coculture.cells.neighbour_lists import Contacts, NeighbourLists, contacts_among, extents_of, with_room
from coculture.cells.parameters import Parameters
from coculture.cells.population import Population
from coculture.cells.rows import closed, closing, with_copies
from coculture.cells.surroundings import Surroundings

PACES = ("mechanics", "contact", "phenotype")
LISTS, CONTACTS, PACES_SEEN = "neighbour lists", "contacts", "paces seen"
"""Names under which the world keeps them."""

T = TypeVar("T")

_SWALLOWED = 1.3
"""By what factor a cell's radius may grow at once, a little more than the cube root of 2; it sets speed alone."""


@dataclass(eq=False)
class World:
    """Everything a process may read and change.

    Attributes
    ----------
    model : the cell types, solutes and rules.
    cells : the population; a process that adds or removes cells replaces it.
    parameters : values of the behaviours.
    surroundings : the medium, flow and walls.
    time_min : time since the start.
    step : number of mechanics steps since the start; with a cell's id and a purpose it addresses a random number.
    key : the well's random key.
    events : what happened to whom, for the tables: (time, event, cell, other).
    notes : what a user should know, in words.
    kept : what processes remember between ticks; made anew where it is lost.
    kept_by_cell : numbers processes keep for every cell, by name; they follow the cells and are saved with them.

    Rows of the population are added, removed and reordered by the methods alone: then all that is kept a cell follows.
    What is kept must not depend on the order of rows: it names cells by their ids.
    """

    model: CellModel
    cells: Population
    parameters: Parameters
    surroundings: Surroundings
    key: np.uint64
    time_min: float = 0.0
    step: int = 0
    events: list[tuple[float, str, int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    kept_by_cell: dict[str, NDArray[Any]] = field(default_factory=dict)

    def from_model(self, name: str, make: Callable[[CellModel], T]) -> T:
        """Return what a function makes of the model, made once and kept under a name."""
        found = self.kept.get(name)
        if found is None or found[0] is not self.model:
            found = self.kept[name] = (self.model, make(self.model))
        made: T = found[1]
        return made

    @property
    def contacts(self) -> Contacts:
        """Who touches whom now: found when first asked for, and forgotten when cells move, grow, come or go."""
        found = self.kept.get(CONTACTS)
        if not isinstance(found, Contacts):
            found = self.kept[CONTACTS] = contacts_among(self.neighbours, self.cells, self.model.contact_gap_um)
        return found

    @property
    def neighbours(self) -> NeighbourLists:
        """Lists that name every pair within reach of each other, made anew where the old ones no longer do."""
        return self.neighbours_within(extents_of(self.cells, self.parameters, self.model.contact_gap_um), self.step)

    def neighbours_within(self, extents: NDArray[np.float64], step: int) -> NeighbourLists:
        """Return lists that name every pair with ``d <= extent_i + extent_j``, given (n,) how far cells reach, µm, in a step."""
        lists = self.kept.get(LISTS)
        if not isinstance(lists, NeighbourLists) or not lists.still_hold(self.cells.position, extents):
            self.kept.pop(LISTS, None)  # two at once would only take memory
            paces = self._paces(lists, step)
            lists = None
            dimensions, kind = self.model.dimensions, self.cells.type
            reach = with_room(self.cells.position, extents * self._headroom()[kind], paces[kind], dimensions)
            lists = self.kept[LISTS] = NeighbourLists.build(self.cells, reach, dimensions, step)
        return lists

    def _paces(self, old: NeighbourLists | None, step: int) -> NDArray[np.float64]:
        """Return (types,) how fast cells of every type may move, µm a step, by what they did; they set speed alone."""
        paces = self.kept.get(PACES_SEEN)
        if paces is None:
            number = self.parameters.number("migration_speed_um_per_min")
            paces = self.parameters.by_type[:, number] * self.model.steps.mechanics_min
        if isinstance(old, NeighbourLists):
            paces = old.paces(self.cells.position, self.cells.type, step, paces)
        self.kept[PACES_SEEN] = paces
        return np.asarray(paces)

    def _headroom(self) -> NDArray[np.float64]:
        """Return (types,) by what factor lists look further: cells that swallow others grow at once, not by and by."""
        parameters, swallowing = self.parameters, self.from_model("swallowing", _swallowing)
        does = parameters.by_type[:, swallowing].any(axis=1) | (parameters.column[swallowing] >= 0).any()
        return np.where(does, _SWALLOWED, 1.0)

    def add_copies(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Append a copy of each of some cells, with all that is kept of it; return the new rows. They need new ids."""
        added = self.cells.add_copies(rows)
        self.parameters.by_cell = with_copies(self.parameters.by_cell, rows)
        self.kept_by_cell = {name: with_copies(array, rows) for name, array in self.kept_by_cell.items()}
        self.forget_places()
        return added

    def remove(self, rows: NDArray[np.int64]) -> None:
        """Take some cells out; the last rows move into the holes."""
        how = closing(len(self.cells), rows)
        self.cells.remove(rows)
        self.parameters.by_cell = closed(self.parameters.by_cell, *how)
        self.kept_by_cell = {name: closed(array, *how) for name, array in self.kept_by_cell.items()}
        lists = self.kept.get(LISTS)
        self.forget_places()
        if isinstance(lists, NeighbourLists):
            self.kept[LISTS] = lists.without(*how)

    def replace(self, cells: Population, rows: NDArray[np.int64]) -> None:
        """Take a new population whose row i comes from the present row ``rows[i]``; whatever is kept a cell follows."""
        self.cells = cells
        self.parameters.by_cell = np.ascontiguousarray(self.parameters.by_cell[rows])
        self.kept_by_cell = {name: array[rows] for name, array in self.kept_by_cell.items()}
        self.forget_places()

    def forget_contacts(self) -> None:
        """Forget who touched whom, as where cells moved or grew."""
        self.kept.pop(CONTACTS, None)

    def forget_places(self) -> None:
        """Forget contacts and neighbour lists, as where rows changed."""
        self.kept.pop(CONTACTS, None)
        self.kept.pop(LISTS, None)


def _swallowing(model: CellModel) -> NDArray[np.int64]:
    """Return the numbers of the behaviours by which cells swallow others."""
    names = enumerate(model.behaviour_names)
    return np.array([number for number, name in names if name.startswith(("engulf_", "fuse_"))], np.int64)


class Process(Protocol):
    """Something that goes on in cells."""

    @property
    def pace(self) -> str:
        """One of :data:`PACES`."""
        ...

    def is_active(self, world: World) -> bool:
        """Tell whether it can ever do anything in this model."""
        ...

    def go_on(self, world: World, minutes: float) -> None:
        """Let the time pass by ``minutes``."""
        ...
