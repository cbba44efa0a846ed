"""Carriers under nominal dosing: on the floor at once, their drug everywhere at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coculture.sources.virtual_chip.carriers.beds.base import Room
from coculture.sources.virtual_chip.drug import Dose

Floats = NDArray[np.float64]


@dataclass(eq=False)
class Stirred:
    """Nominal dosing: see the module's head.

    Attributes
    ----------
    room : the medium.
    doses : of carriers.
    free_um : (doses,) drug of each dose that is free in the medium, µM.
    """

    room: Room
    doses: Sequence[Dose]
    free_um: Floats = field(init=False)
    _washed: set[int] = field(init=False, default_factory=set)
    _came: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.free_um = np.zeros(len(self.doses))

    def administered(self, number: int, time_min: float) -> float:
        """Return what was put in."""
        one = self.doses[number]
        return one.um * self.room.volume_um3 * (time_min >= one.start_min)

    def landing(self, number: int, start: float, end: float, position: Floats) -> tuple[Floats, Floats]:
        """Return all of it at once, when it is dosed."""
        begins = number not in self._came and self.doses[number].is_there(start)
        if begins:
            self._came.add(number)
        height = self.doses[number].um * self.room.height_um * begins
        return np.full(len(position), height), np.zeros(len(position))

    def landed(self, number: int) -> float:
        """Return all that was dosed."""
        return self.doses[number].um * self.room.volume_um3 * (number in self._came)

    def set_free(self, number: int, share: float, on_cells: Floats, taken: float, position: Floats) -> None:
        """Spread what is given off over the medium."""
        outside = on_cells.sum() if number in self._washed else self.landed(number) - taken
        self.free_um[number] += share * max(float(outside), 0.0) / self.room.volume_um3

    def give(self, number: int, amounts: Floats, position: Floats) -> None:
        """Spread it over the medium."""
        self.free_um[number] += float(amounts.sum()) / self.room.volume_um3

    def wash(self, number: int) -> None:
        """Take out what is neither at nor in a cell."""
        self._washed.add(number)
        self.free_um[number] = 0.0
