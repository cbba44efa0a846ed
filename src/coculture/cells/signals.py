"""Everything a cell can sense, and how: one table, from which names, checks, values and documentation come.

A name with ``{solute}``, ``{type}``, ``{internal}`` or ``{receptor}`` stands for one signal for each. ``grammar`` holds the
names of the published cell-behaviour hypothesis grammar (Johnson et al. 2025, Cell), by which its files are read, the usual one
first. A new signal is one entry here. Signals are computed for all cells at once, and only those that a rule asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.responding import count_contacts
from coculture.cells.links import receptors_of
from coculture.cells.model import CellModel
from coculture.cells.population import APOPTOTIC, LIVING, LYSED, NECROTIC
from coculture.cells.process import World

Floats = NDArray[np.float64]

ATTACKED_MIN, DAMAGE_DELIVERED = "attacked_min", "damage_delivered"
"""Names under which the world keeps how long each cell was attacked, and how much damage it did."""


@dataclass(frozen=True, eq=False)
class Senses:
    """What the cells of a world sense now; parts are found when first asked for."""

    world: World

    @cached_property
    def concentrations(self) -> Floats:
        """(n, solutes) µM."""
        return self.world.surroundings.concentrations(self.world.cells.position)

    @cached_property
    def steepness(self) -> Floats:
        """(n, solutes) size of the gradients, µM/µm."""
        return np.asarray(np.sqrt((self.world.surroundings.gradients(self.world.cells.position) ** 2).sum(axis=2)))

    @cached_property
    def touched(self) -> Floats:
        """(n, 4 states + types) how many cells of each state, then of each type, every cell touches."""
        cells, contacts = self.world.cells, self.world.contacts
        counts = np.zeros((len(cells), 4 + len(self.world.model.types)))
        count_contacts(cells.type, cells.state, contacts.start, contacts.neighbour, counts)
        return counts

    @cached_property
    def pressure(self) -> Floats:
        """(n,) simple pressure."""
        from coculture.cells.processes.mechanics import update_pressure

        update_pressure(self.world)
        return self.world.cells.pressure

    def at_wall(self) -> Floats:
        """Return (n,) 1 where the cell touches a wall."""
        far, _ = self.world.surroundings.walls(self.world.cells.position)
        return np.asarray(far <= self.world.cells.radius + self.world.model.contact_gap_um, np.float64)

    def kept(self, name: str) -> Floats:
        """Return (n,) what a process keeps for every cell, 0 before it began."""
        found = self.world.kept_by_cell.get(name)
        return np.zeros(len(self.world.cells)) if found is None else np.asarray(found, np.float64)

    def amount(self, solute: int) -> Floats:
        """Return (n,) concentration inside the cell of a solute taken up, µM; 0 where the model does not track it."""
        name = f"amount_{self.world.model.solutes[solute]}"
        if name not in self.world.model.internal:
            return np.zeros(len(self.world.cells))
        return self.world.cells.internal[:, self.world.model.internal.index(name)] / self.world.cells.volume

    def occupancy(self, receptor: int) -> Floats:
        """Return (n,) share of the receptors that the first ligand occupies; 0 in a cell without receptors."""
        model = self.world.model
        numbers = [model.internal.index(name) for name in receptors_of(model)[receptor].internal]
        held = self.world.cells.internal[:, numbers]
        total = held.sum(axis=1)
        return np.asarray(np.divide(held[:, 1], total, out=np.zeros(len(total)), where=total > 0))

    def in_state(self, *states: int) -> Floats:
        """Return (n,) 1 where the cell is in one of the states."""
        return np.isin(self.world.cells.state, states).astype(np.float64)


@dataclass(frozen=True)
class Signal:
    """One thing a cell senses.

    Attributes
    ----------
    name : our name, with its unit.
    unit : unit of its value, '' for a pure number.
    meaning : one sentence.
    grammar : its names in the published grammar, none where that has none.
    read : its value in every cell (n,), given what the cells sense and the number of the solute, type, … of its name.
    """

    name: str
    unit: str
    meaning: str
    grammar: tuple[str, ...]
    read: Callable[[Senses, int], Floats]


SIGNALS: tuple[Signal, ...] = (
    Signal("concentration_{solute}_um", "µM", "Concentration at the cell.", ("{solute}",), lambda s, k: s.concentrations[:, k]),
    Signal(
        "inside_{solute}_um",
        "µM",
        "Amount taken up, over the cell's volume; needs the internal number amount_{solute}.",
        ("intracellular {solute}", "internalized {solute}"),
        lambda s, k: s.amount(k),
    ),
    Signal(
        "gradient_{solute}_um_per_um",
        "µM/µm",
        "Size of the gradient at the cell.",
        ("{solute} gradient", "grad({solute})", "gradient of {solute}"),
        lambda s, k: s.steepness[:, k],
    ),
    Signal("occupancy_{receptor}", "", "Share of receptors its first ligand occupies.", (), lambda s, k: s.occupancy(k)),
    Signal("pressure", "", "Simple pressure; 1 in a hexagonally packed cell.", ("pressure",), lambda s, k: s.pressure),
    Signal("volume_um3", "µm³", "Volume of the cell.", ("volume",), lambda s, k: s.world.cells.volume),
    Signal(
        "contact_{type}",
        "cells",
        "Number of touched cells of that type, living and dead.",
        ("contact with {type}",),
        lambda s, k: s.touched[:, 4 + k],
    ),
    Signal(
        "contact_living",
        "cells",
        "Number of touched living cells.",
        ("contact with live cell", "contact with live cells"),
        lambda s, k: s.touched[:, LIVING],
    ),
    Signal(
        "contact_dead",
        "cells",
        "Number of touched dead cells.",
        ("contact with dead cell", "contact with dead cells"),
        lambda s, k: s.touched[:, [APOPTOTIC, NECROTIC, LYSED]].sum(axis=1),
    ),
    Signal(
        "contact_apoptotic",
        "cells",
        "Number of touched apoptotic cells.",
        ("contact with apoptotic cell", "contact with apoptotic cells"),
        lambda s, k: s.touched[:, APOPTOTIC],
    ),
    Signal(
        "contact_necrotic",
        "cells",
        "Number of touched necrotic cells, burst or not.",
        ("contact with necrotic cell", "contact with necrotic cells"),
        lambda s, k: s.touched[:, [NECROTIC, LYSED]].sum(axis=1),
    ),
    Signal(
        "contact_wall",
        "",
        "1 where the cell touches a wall.",
        ("contact with basement membrane", "contact with BM"),
        lambda s, k: s.at_wall(),
    ),
    Signal(
        "shear_pa",
        "Pa",
        "Shear stress of the flow at the floor beneath the cell.",
        (),
        lambda s, k: s.world.surroundings.shear(s.world.cells.position),
    ),
    Signal("damage", "", "Damage suffered and not repaired.", ("damage",), lambda s, k: s.world.cells.damage),
    Signal(
        "damage_delivered",
        "",
        "Damage the cell did to others in all its attacks.",
        ("damage delivered", "total damage delivered"),
        lambda s, k: s.kept(DAMAGE_DELIVERED),
    ),
    Signal(
        "attacking",
        "",
        "1 while the cell attacks another.",
        ("attacking", "is attacking"),
        lambda s, k: (s.world.cells.target >= 0).astype(np.float64),
    ),
    Signal(
        "attacked_min",
        "min",
        "Time the cell was attacked, summed over attackers.",
        ("total attack time",),
        lambda s, k: s.kept(ATTACKED_MIN),
    ),
    Signal("dead", "", "1 in a dead cell.", ("dead", "is dead"), lambda s, k: s.in_state(APOPTOTIC, NECROTIC, LYSED)),
    Signal("apoptotic", "", "1 in an apoptotic cell.", ("apoptotic", "is_apoptotic"), lambda s, k: s.in_state(APOPTOTIC)),
    Signal("necrotic", "", "1 in a necrotic cell.", ("necrotic", "is_necrotic"), lambda s, k: s.in_state(NECROTIC, LYSED)),
    Signal(
        "time_min",
        "min",
        "Time since the start.",
        ("time", "current time", "global time"),
        lambda s, k: np.full(len(s.world.cells), s.world.time_min),
    ),
    Signal(
        "internal_{internal}",
        "",
        "A number kept inside the cell.",
        ("custom:{internal}", "custom: {internal}"),
        lambda s, k: s.world.cells.internal[:, k],
    ),
)
"""The table. Its order is the order of the documentation."""


@dataclass(frozen=True)
class SignalNames:
    """What a model's signals can be about: names of solutes, types, internal numbers and receptors."""

    solute: Sequence[str] = ()
    type: Sequence[str] = ()
    internal: Sequence[str] = ()
    receptor: Sequence[str] = ()

    @classmethod
    def of(cls, model: CellModel) -> SignalNames:
        """Return the names of a model."""
        return cls(model.solutes, model.type_names, model.internal, tuple(one.name for one in receptors_of(model)))


def expanded_signals(names: SignalNames) -> Iterator[tuple[str, Signal, int]]:
    """Yield every signal of a model: full name, the signal, and the number of the solute, type, … in its name (0 where none)."""
    for signal in SIGNALS:
        kind = signal_kind(signal)
        if not kind:
            yield signal.name, signal, 0
        else:
            for number, name in enumerate(getattr(names, kind)):
                yield signal.name.replace(f"{{{kind}}}", name), signal, number


def signal_kind(signal: Signal) -> str:
    """Return what stands in braces in a signal's name, '' where nothing does."""
    return signal.name.partition("{")[2].partition("}")[0]


def _known_signals(model: CellModel) -> dict[str, tuple[Signal, int]]:
    return {full: (signal, number) for full, signal, number in expanded_signals(SignalNames.of(model))}


def read_signals(world: World, names: Sequence[str]) -> Floats:
    """Return (len(names), n) the values of some signals in every cell; KeyError where there is none of a name."""
    known = world.from_model("signals", _known_signals)
    senses, values = Senses(world), np.empty((len(names), len(world.cells)))
    for row, name in enumerate(names):
        signal, number = known[name]
        values[row] = signal.read(senses, number)
    return values
