r"""Carriers at and in the cells of one well: taken up, shared at division, giving off their load.

For every cell and dose, in amounts of drug as first load, with footprint a, landing load per area L, uptake k, loss l, limit
Iₘ, release law f and age t: at the surface ``dS/dt = a dL/dt − k S (1 − I/Iₘ)``; inside ``dI/dt = k S (1 − I/Iₘ) − l I``; free
drug inside ``dD/dt = I df/dt − e D``, and ``e D`` goes to the medium. A cell's footprint is ``π r²``; where cells cover more than
the floor, each gets its share of the floor. What lands between cells stays there. These are the equations of
:mod:`coculture.compounds.carrier_dose`, cell by cell. In a step (one phenotype tick) carriers land evenly, the limit's factor is
that of its beginning, what is taken in comes in its middle. Daughters get half each. Cells that are gone take theirs along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.sources.virtual_chip.carriers.beds.base import Bed, Room
from coculture.sources.virtual_chip.carriers.carrier import DosedCarrier
from coculture.sources.virtual_chip.drug import Dose

Floats = NDArray[np.float64]
OWNER = "carriers of cell"
"""Name under which the world keeps whose carriers a row holds: a row that was copied at division still names its mother."""


@dataclass
class Booked:
    """What is booked of one dose of carriers, µM·µm³.

    Attributes
    ----------
    on_cells : first load that has come down on cells.
    taken_up : first load that cells have taken in.
    broken_down : load that was lost inside cells with its carriers.
    given_back : free drug that left cells for the medium.
    """

    on_cells: float = 0.0
    taken_up: float = 0.0
    broken_down: float = 0.0
    given_back: float = 0.0


@dataclass(eq=False)
class Cargo:
    """See the module's head.

    Attributes
    ----------
    doses, carriers : doses of carriers, and the carrier of each; ``Dose.um`` is µM of drug in fresh carriers.
    bed : carriers outside cells.
    room : the medium.
    time_min : up to when this is computed.
    booked : one account a dose.
    """

    doses: Sequence[Dose]
    carriers: Sequence[DosedCarrier]
    bed: Bed
    room: Room
    time_min: float = 0.0
    booked: tuple[Booked, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.booked = tuple(Booked() for _ in self.doses)

    def go_on_to(self, world: World, time_min: float) -> None:
        """Compute what happened until a time, with the cells where they are now."""
        begin, self.time_min = self.time_min, max(time_min, self.time_min)
        if time_min <= begin:
            return
        self._share_among_daughters(world)
        before = {one.name: self._inside_of(world, one.name) for one in self.carriers}
        for number, one in enumerate(self.doses):
            if time_min > one.start_min:
                self._step(world, number, begin, time_min, before[self.carriers[number].name])
            if one.end_min is not None and begin < one.end_min <= time_min:
                self.bed.wash(number)

    def held(self, world: World, kind: str, number: int) -> Floats:
        """Return (n,) what each cell holds of a dose: ``surface``, ``inside`` (first loads) or ``free``, µM·µm³."""
        name = f"carrier dose {number} {kind}"
        if name not in world.kept_by_cell:
            world.kept_by_cell[name] = np.zeros(len(world.cells))
            world.kept_by_cell.setdefault(OWNER, world.cells.cell_id.copy())
        return world.kept_by_cell[name]

    def carried(self, world: World, number: int) -> Floats:
        """Return (n,) the drug inside each cell that is still in its carriers, µM·µm³."""
        self._share_among_daughters(world)
        return self.held(world, "inside", number) * (1.0 - self.released(number, self.time_min))

    def free_inside(self, world: World) -> Mapping[str, Floats]:
        """Return by drug (n,) the concentration of drug set free inside each cell, above that in the medium, µM."""
        self._share_among_daughters(world)
        volume = np.maximum(world.cells.volume, 1e-9)
        found: dict[str, Floats] = {}
        for number, carrier in enumerate(self.carriers):
            more = self.held(world, "free", number) / volume
            found[carrier.drug] = found.get(carrier.drug, np.zeros(len(volume))) + more
        return found

    def released(self, number: int, time_min: float) -> float:
        """Return the released share of a dose at a time."""
        return float(self.carriers[number].released(time_min - self.doses[number].start_min))

    def _inside_of(self, world: World, carrier: str) -> Floats:
        """Return (n,) the first load of all doses of one carrier inside each cell."""
        of_it = [number for number, one in enumerate(self.carriers) if one.name == carrier]
        return np.asarray(np.sum([self.held(world, "inside", number) for number in of_it], axis=0))

    def _step(self, world: World, number: int, begin: float, end: float, inside_before: Floats) -> None:
        carrier, book, position = self.carriers[number], self.booked[number], world.cells.position
        width = end - begin
        share = self.released(number, end) - self.released(number, begin)
        at_once, over = self.bed.landing(number, begin, end, position)
        footprint = _footprints(world, self.room.floor_um2)
        surface, inside, free = (self.held(world, kind, number) for kind in ("surface", "inside", "free"))
        surface += at_once * footprint
        flow = over * footprint / width
        book.on_cells += float((at_once * footprint).sum() + flow.sum() * width)
        room_left = np.clip(1.0 - inside_before / max(carrier.most_inside, 1e-300), 0.0, 1.0)
        rate = np.where(world.cells.state == LIVING, carrier.uptake_per_min * room_left, 0.0)
        kept = np.exp(-rate * width)
        there = surface + flow * width
        taken = np.clip(there - surface * kept - flow * _mean_decay(rate, width), 0.0, carrier.most_inside * room_left)
        later = there - taken
        lost = carrier.lost_per_min
        within = inside * np.exp(-lost * width) + taken * float(np.exp(-0.5 * lost * width))
        book.taken_up += float(taken.sum())
        book.broken_down += float((inside + taken - within).sum())
        made = 0.5 * (inside + within) * share
        leaving = carrier.drug_leaves_per_min
        still = free * np.exp(-leaving * width) + made / width * _mean_decay(np.array([leaving]), width)
        left = np.maximum(free + made - still, 0.0)
        book.given_back += float(left.sum())
        mean_surface = 0.5 * (surface + later)
        surface[:], inside[:], free[:] = later, within, still
        self.bed.set_free(number, share, mean_surface, book.taken_up - 0.5 * float(taken.sum()), position)
        self.bed.give(number, left, position)

    def _share_among_daughters(self, world: World) -> None:
        """Halve what rows hold that were copied since the last look."""
        owner = world.kept_by_cell.get(OWNER)
        if owner is None or np.array_equal(owner, world.cells.cell_id):
            return
        _, place, times = np.unique(owner, return_inverse=True, return_counts=True)
        own = owner == world.cells.cell_id
        mothers = world.cells.parent_id == owner
        parts = np.where(own | ~mothers & (times[place] == 1), 1.0, np.maximum(times[place], 2.0))
        for number in range(len(self.doses)):
            for kind in ("surface", "inside", "free"):
                held = self.held(world, kind, number)
                held /= parts
        owner[:] = world.cells.cell_id


def _footprints(world: World, floor_um2: float) -> Floats:
    """Return (n,) the floor each cell covers, µm²."""
    areas = np.pi * world.cells.radius**2
    return np.asarray(areas * min(1.0, floor_um2 / max(float(areas.sum()), 1e-300)))


def _mean_decay(rate: Floats, width: float) -> Floats:
    """Return ``∫₀ʷ e^{−r s} ds``."""
    safe = np.where(rate * width < 1e-12, 1.0, rate)
    return np.where(rate * width < 1e-12, width, -np.expm1(-safe * width) / safe)
