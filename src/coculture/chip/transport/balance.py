"""The balance of one solute: its matrix, its sources and sinks, and the tanks it exchanges with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.transport.kernels.antidiffusion import add_antidiffusion
from coculture.chip.transport.kernels.cross_dispersion import add_cross_dispersion
from coculture.chip.transport.ledger import Account
from coculture.chip.transport.rows import Operator
from coculture.chip.transport.schedule import Schedule

Floats = NDArray[np.float64]


@dataclass(eq=False)
class Held:
    """Open cells that exchange ``conductance`` (µm³/min each) with a concentration held from outside."""

    cells: NDArray[np.int64]
    conductance: Floats
    schedule: Schedule


@dataclass(eq=False)
class Tank:
    """A well-mixed tank that exchanges ``conductance`` (µm³/min each) with open cells."""

    cells: NDArray[np.int64]
    conductance: Floats
    volume: float

    @property
    def total(self) -> float:
        """Sum of the conductances, µm³/min."""
        return float(self.conductance.sum())


class Balance:
    """What enters and leaves the cells and tanks of one solute, linear in its concentration but for saturable uptake.

    Parameters
    ----------
    operator : transport between cells.
    inlets : (cells, flow in µm³/min, schedule) of every port through which medium enters.
    outlets : cells through which medium leaves, and how much, µm³/min.
    loss_per_min : first-order decay.
    held, tanks : exchange with outside.
    limited : whether fluxes are sharpened.
    """

    def __init__(
        self,
        operator: Operator,
        inlets: list[tuple[NDArray[np.int64], Floats, Schedule]],
        outlets: tuple[NDArray[np.int64], Floats],
        loss_per_min: float,
        held: list[Held],
        tanks: list[Tank],
        limited: bool,
    ) -> None:
        self.operator = operator
        self.inlets = inlets
        self.outlets = outlets
        self.loss_per_min = loss_per_min
        self.held = held
        self.tanks = tanks
        self.limited = limited
        count = operator.capacity.size
        self.secretion: Floats | None = None
        self.clearance: Floats | None = None
        self.saturable: tuple[Floats, float] | None = None
        self.wall_uptake: Floats | None = None
        self.wall_release: Floats | None = None
        self._sink = np.empty(count)
        self.refresh()

    def refresh(self) -> None:
        """Sum the linear sinks up anew, after sources or walls have changed."""
        np.multiply(self.operator.capacity, self.loss_per_min, out=self._sink)
        np.add.at(self._sink, *self.outlets)
        outside: list[Held | Tank] = [*self.held, *self.tanks]
        for exchange in outside:
            np.add.at(self._sink, exchange.cells, exchange.conductance)
        for part in (self.clearance, self.wall_uptake):
            if part is not None:
                self._sink += part

    def sink(self, x: Floats) -> Floats:
        """Return (n,) the coefficient of everything that leaves other than to neighbours, at concentrations ``x``."""
        if self.saturable is None:
            return self._sink
        highest, half = self.saturable
        return np.asarray(self._sink + highest / (half + np.maximum(x, 0.0)))

    def source(self, time_min: float, before: bool) -> Floats:
        """Return (n,) everything that enters whatever the concentration, µM·µm³/min."""
        total = np.zeros(self.operator.capacity.size) if self.secretion is None else self.secretion.copy()
        if self.wall_release is not None:
            total += self.wall_release
        for cells, flow, schedule in self.inlets:
            total[cells] += flow * schedule.value(time_min, before)
        for held in self.held:
            total[held.cells] += held.conductance * held.schedule.value(time_min, before)
        return total

    def corners(self, begin_min: float, end_min: float) -> Floats:
        """Return the times between two others at which what enters jumps or bends."""
        schedules = [schedule for _, _, schedule in self.inlets] + [held.schedule for held in self.held]
        times = [schedule.corners(begin_min, end_min) for schedule in schedules]
        return np.unique(np.concatenate(times)) if times else np.empty(0)

    def scale(self, x: Floats, tanks: Floats) -> float:
        """Return the concentration that tolerances refer to: the highest that is or may enter, or that a secretor makes."""
        highest = [schedule.highest() for _, _, schedule in self.inlets] + [held.schedule.highest() for held in self.held]
        return max([float(x.max(initial=0.0)), float(tanks.max(initial=0.0)), *highest])

    def rates(self, x: Floats, tanks: Floats, time_min: float, before: bool) -> Account:
        """Return the rates at which amounts come and go, µM·µm³/min."""
        now = Account()
        now.inflow = sum((float(flow.sum()) * schedule.value(time_min, before) for _, flow, schedule in self.inlets), 0.0)
        now.outflow = float(self.outlets[1] @ x[self.outlets[0]])
        now.decayed = self.loss_per_min * float(self.operator.capacity @ x)
        now.decayed += self.loss_per_min * sum(tank.volume * float(value) for tank, value in zip(self.tanks, tanks, strict=True))
        for held in self.held:
            now.from_reservoirs += float(held.conductance.sum()) * held.schedule.value(time_min, before)
            now.from_reservoirs -= float(held.conductance @ x[held.cells])
        if self.secretion is not None:
            now.secreted = float(self.secretion.sum())
        now.taken_up = float(self.uptake(x) @ x)
        if self.wall_uptake is not None and self.wall_release is not None:
            now.into_walls = float(self.wall_uptake @ x) - float(self.wall_release.sum())
        return now

    @property
    def corrected(self) -> bool:
        """Whether there are fluxes beside those in the matrix."""
        return self.limited or self.operator.mixed is not None

    def add_corrections(self, x: Floats, out: Floats) -> None:
        """Add the fluxes that are not in the matrix to ``out``: sharpening, and dispersion oblique to the grid."""
        operator = self.operator
        if self.limited:
            add_antidiffusion(operator.column, operator.inward, operator.lack, x, out)
        if operator.mixed is not None:
            add_cross_dispersion(operator.column, operator.mixed, x, out)

    def uptake(self, x: Floats) -> Floats:
        """Return (n,) the coefficient of what cells take up, µm³/min."""
        total = np.zeros(x.size) if self.clearance is None else self.clearance.copy()
        if self.saturable is not None:
            highest, half = self.saturable
            total += highest / (half + np.maximum(x, 0.0))
        return total
