"""A concentration as a function of time: constant, pulses, ramps, and doses read from a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Schedule:
    """A piecewise linear function of time with jumps.

    Piece i begins at ``starts_min[i]`` with the concentration ``begin_um[i]`` and goes in a straight line to ``end_um[i]``,
    which it reaches where the next piece begins. The last piece keeps ``begin_um[-1]``. Before the first piece the first
    concentration holds.

    Attributes
    ----------
    starts_min : (n,) ascending times, min.
    begin_um, end_um : (n,) concentrations at the two ends of each piece, µM.

    Raises
    ------
    InputError : if times do not ascend, or a concentration is negative or not finite.
    """

    starts_min: Floats
    begin_um: Floats
    end_um: Floats

    def __post_init__(self) -> None:
        if not (len(self.starts_min) == len(self.begin_um) == len(self.end_um) > 0):
            raise InputError("times and concentrations differ in number, or there are none", "schedule")
        if not np.isfinite(self.starts_min).all() or (np.diff(self.starts_min) <= 0).any():
            raise InputError("times do not ascend", "schedule", "give each time once, in order, in minutes")
        for values in (self.begin_um, self.end_um):
            if not np.isfinite(values).all() or (values < 0).any():
                raise InputError("a concentration is negative or not a number", "schedule", "give finite concentrations >= 0")

    @classmethod
    def constant(cls, concentration_um: float) -> Schedule:
        """Return one concentration for ever."""
        return cls.steps([0.0], [concentration_um])

    @classmethod
    def steps(cls, times_min: Sequence[float], concentrations_um: Sequence[float]) -> Schedule:
        """Return a dose schedule: from each time on, its concentration, until the next."""
        values = np.asarray(concentrations_um, float)
        return cls(np.asarray(times_min, float), values, values)

    @classmethod
    def points(cls, times_min: Sequence[float], concentrations_um: Sequence[float]) -> Schedule:
        """Return straight lines (ramps) through points; constant before the first and after the last."""
        values = np.asarray(concentrations_um, float)
        return cls(np.asarray(times_min, float), values, np.append(values[1:], values[-1:]))

    @classmethod
    def ramp(cls, begin_min: float, end_min: float, begin_um: float, end_um: float) -> Schedule:
        """Return a straight line between two constants."""
        return cls.points([begin_min, end_min], [begin_um, end_um])

    @classmethod
    def pulses(
        cls, period_min: float, on_min: float, count: int, high_um: float, low_um: float = 0.0, first_min: float = 0.0
    ) -> Schedule:
        """Return ``count`` pulses, one a period, each ``on_min`` long.

        Raises
        ------
        InputError : if a pulse is not shorter than its period, or a number is not above 0.
        """
        if not (0 < on_min < period_min) or count < 1:
            raise InputError(
                f"pulses of {on_min} min every {period_min} min, {count} of them",
                "schedule",
                "give at least one pulse, longer than 0 and shorter than its period",
            )
        begins = first_min + period_min * np.arange(count)
        times = np.column_stack((begins, begins + on_min)).ravel()
        values = np.tile([high_um, low_um], count)
        if first_min > 0:
            times, values = np.insert(times, 0, 0.0), np.insert(values, 0, low_um)
        return cls(times, values, values)

    def value(self, time_min: float, before: bool = False) -> float:
        """Return the concentration at a time; at a jump what follows it, or with ``before`` what precedes it."""
        piece = int(np.searchsorted(self.starts_min, time_min, "left" if before else "right")) - 1
        if piece < 0:
            return float(self.begin_um[0])
        if piece == len(self.starts_min) - 1:
            return float(self.begin_um[-1])
        begin, end = self.starts_min[piece], self.starts_min[piece + 1]
        share = (time_min - begin) / (end - begin)
        return float(self.begin_um[piece] + share * (self.end_um[piece] - self.begin_um[piece]))

    def corners(self, begin_min: float, end_min: float) -> Floats:
        """Return the times strictly between two others at which the schedule jumps or bends."""
        inside = (self.starts_min > begin_min) & (self.starts_min < end_min)
        return np.asarray(self.starts_min[inside])

    def highest(self) -> float:
        """Return the highest concentration there ever is, µM."""
        return float(max(self.begin_um.max(), self.end_um.max()))


def as_schedule(given: Schedule | float) -> Schedule:
    """Return a schedule; a number is a constant."""
    return given if isinstance(given, Schedule) else Schedule.constant(float(given))
