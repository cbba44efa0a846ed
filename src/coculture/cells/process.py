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

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from coculture.cells.model import CellModel
from coculture.cells.parameters import Parameters
from coculture.cells.population import Population
from coculture.cells.surroundings import Surroundings

PACES = ("mechanics", "contact", "phenotype")


@dataclass(frozen=True, eq=False)
class Contacts:
    """Who touches whom, as neighbour lists: row i's are ``neighbour[start[i]:start[i + 1]]``, ascending; both ways round."""

    start: NDArray[np.int64]
    neighbour: NDArray[np.int64]


@dataclass(eq=False)
class World:
    """Everything a process may read and change.

    Attributes
    ----------
    model : the cell types, solutes and rules.
    cells : the population; a process that adds or removes cells replaces it.
    parameters : values of the behaviours.
    surroundings : the medium, flow and walls.
    contacts : who touches whom, as of the last contact tick; rows of ``cells``. None before the first.
    time_min : time since the start.
    step : number of mechanics steps since the start; with a cell's id and a purpose it addresses a random number.
    key : the well's random key.
    events : what happened to whom, for the tables: (time, event, cell, other).
    notes : what a user should know, in words.
    kept : what processes remember between ticks; made anew where it is lost.
    kept_by_cell : numbers processes keep for every cell, by name; they follow the cells and are saved with them.
    """

    model: CellModel
    cells: Population
    parameters: Parameters
    surroundings: Surroundings
    key: np.uint64
    contacts: Contacts | None = None
    time_min: float = 0.0
    step: int = 0
    events: list[tuple[float, str, int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    kept_by_cell: dict[str, NDArray[Any]] = field(default_factory=dict)

    def replace(self, cells: Population, rows: NDArray[np.int64]) -> None:
        """Take a new population whose row i comes from the present row ``rows[i]``; whatever is kept a cell follows."""
        self.cells = cells
        self.parameters.by_cell = np.ascontiguousarray(self.parameters.by_cell[rows])
        self.kept_by_cell = {name: array[rows] for name, array in self.kept_by_cell.items()}
        self.contacts = None


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
