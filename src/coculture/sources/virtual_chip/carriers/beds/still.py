"""Carriers in medium at rest: they diffuse and settle, evenly over the floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coculture.chip.particles.static.column import SettlingColumn
from coculture.chip.particles.static.deposition import deposited_fraction
from coculture.sources.virtual_chip.carriers.beds.base import Room
from coculture.sources.virtual_chip.carriers.beds.into import Into
from coculture.sources.virtual_chip.carriers.carrier import CULTURE_MEDIUM, DosedCarrier
from coculture.sources.virtual_chip.drug import Dose

Floats = NDArray[np.float64]


@dataclass(eq=False)
class StillBed:
    """Medium at rest: see the module's head.

    Attributes
    ----------
    room : the medium.
    doses, carriers : doses of carriers, and the carrier of each.
    into : where the drug goes.
    rows : the solute of the drug of each dose.
    last_min : how long the well lives.
    enters : whether a dose gets in at all; a chip at rest holds only what it was filled with.
    """

    room: Room
    doses: Sequence[Dose]
    carriers: Sequence[DosedCarrier]
    into: Into
    rows: Sequence[int]
    last_min: float
    enters: Sequence[bool]
    _landed: Floats = field(init=False)
    _washed: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._landed = np.zeros(len(self.doses))

    def administered(self, number: int, time_min: float) -> float:
        """Return what was put in."""
        one = self.doses[number]
        return one.um * self.room.volume_um3 * (self.enters[number] and time_min >= one.start_min)

    def landing(self, number: int, start: float, end: float, position: Floats) -> tuple[Floats, Floats]:
        """Return what has come down in the step, the same everywhere."""
        one = self.doses[number]
        height = 0.0
        if self.enters[number] and one.is_there(start):
            first, last = self._fraction(number, np.array([start, end]) - one.start_min)
            height = one.um * self.room.height_um * float(last - first)
            self._landed[number] += height * self.room.floor_um2
        return np.zeros(len(position)), np.full(len(position), height)

    def landed(self, number: int) -> float:
        """Return what has come down."""
        return float(self._landed[number])

    def set_free(self, number: int, share: float, on_cells: Floats, taken: float, position: Floats) -> None:
        """Spread what is given off over the medium."""
        there = self.doses[number].um * self.room.volume_um3 * self.enters[number]
        outside = on_cells.sum() if number in self._washed else there - taken
        self.into.everywhere(self.rows[number], share * max(float(outside), 0.0) / self.room.volume_um3)

    def give(self, number: int, amounts: Floats, position: Floats) -> None:
        """Put it in where the cells are."""
        self.into.at(self.rows[number], amounts, position)

    def wash(self, number: int) -> None:
        """Take out what is neither at nor in a cell."""
        self._washed.add(number)
        self.into.nothing_left(self.rows[number])

    def _fraction(self, number: int, ages: Floats) -> Floats:
        column = SettlingColumn.of(self.carriers[number].particle, CULTURE_MEDIUM, self.room.height_um)
        times, fraction = _deposition(column, self.last_min)
        return np.interp(np.maximum(ages, 0.0), times, fraction)


@lru_cache(maxsize=64)
def _deposition(column: SettlingColumn, last_min: float) -> tuple[Floats, Floats]:
    """Return the deposited fraction over time, closely spaced where it begins."""
    times = last_min * np.linspace(0.0, 1.0, 201) ** 2
    return times, np.maximum.accumulate(deposited_fraction(column, times).fraction)
