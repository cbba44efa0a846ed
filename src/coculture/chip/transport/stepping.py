"""Steps in time, as long as accuracy allows.

One step has two implicit stages (SDIRK of order 2, L-stable and stiffly accurate, γ = 1 - 1/√2; Alexander 1977):

    capacity (c1 - c0) / (γ τ) = f(c1),    capacity (c2 - c0) = τ ((1 - γ) f(c1) + γ f(c2)).

Where the explicit part of the second stage takes more from a cell than it holds, the deficit is passed on, amount for
amount, to the cells that received it. What is left then is spread over all cells if it is below the error of the solver;
otherwise the step is taken by the implicit Euler method. So amounts are kept and concentrations never turn negative.

The error is the step's third derivative by divided differences of the three slopes, filtered by one cycle of multigrid; it
sets the length of the next step.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from coculture.chip.transport.balance import Balance
from coculture.chip.transport.checking import check_walls
from coculture.chip.transport.kernels.deficits import pass_deficits
from coculture.chip.transport.kernels.relaxation import residual
from coculture.chip.transport.ledger import Account
from coculture.chip.transport.settings import TransportSettings
from coculture.chip.transport.solver import Solver
from coculture.chip.transport.state import TransportState
from coculture.chip.transport.walls import WallUptake

Floats = NDArray[np.float64]
GAMMA = 1.0 - 1.0 / sqrt(2.0)
ERROR_CONSTANT = abs(3 * GAMMA**2 - 2 * GAMMA**3 - 1 / 6)
"""Factor of the third derivative times the cube of the step in the error of one step, from the stability function."""
PEAK_SHARE = 0.1
"""The error of a step is its root mean square over the cells, or this share of the largest, whichever is larger."""
SHORTEST_MIN = 1e-9
"""Steps are not made shorter than this, min."""
SOLVER_SHARE = 0.1
"""Share of the allowed error that the solver may make."""


@dataclass(eq=False)
class Slopes:
    """Rates of change of the concentrations in cells (n,) and tanks (m,), µM/min."""

    cells: Floats
    tanks: Floats


@dataclass(eq=False)
class Step:
    """A step that was tried: the new concentrations and slopes, the estimated error in µM, the amounts that came and went."""

    cells: Floats
    tanks: Floats
    slopes: Slopes
    mean: Floats
    error_um: float
    account: Account


class Stepper:
    """Takes steps of one solute.

    Parameters
    ----------
    balance : the solute's balance.
    solver : its solver.
    tolerance_um, relative : error allowed in one step, µM; or as a share of the highest concentration, if that is more.
    """

    def __init__(self, balance: Balance, solver: Solver, tolerance_um: float, relative: float) -> None:
        self.balance = balance
        self.solver = solver
        self.tolerance_um = tolerance_um
        self.relative = relative

    def slopes(self, x: Floats, tanks: Floats, time_min: float) -> Slopes:
        """Return the rates of change at concentrations ``x`` and ``tanks``."""
        balance, rates = self.balance, np.zeros(len(tanks))
        for number, tank in enumerate(balance.tanks):
            gain = float(tank.conductance @ x[tank.cells]) - tank.total * tanks[number]
            rates[number] = gain / tank.volume - balance.loss_per_min * tanks[number]
        return Slopes(np.asarray(self._gain(x, tanks, time_min) / balance.operator.capacity), rates)

    def step(self, x: Floats, tanks: Floats, begin: Slopes, time_min: float, length_min: float) -> Step:
        """Try one step of ``length_min`` from ``x``; ``begin`` are the slopes there."""
        balance = self.balance
        rate, middle, end = 1.0 / (GAMMA * length_min), time_min + GAMMA * length_min, time_min + length_min
        guess = x + GAMMA * length_min * begin.cells if self._smooth(begin.cells, length_min) else x
        first, first_tanks = self._stage(x, tanks, rate, balance.source(middle, before=False), guess)
        weight = (1.0 - GAMMA) / GAMMA
        after = self._explicit(x, first, weight)
        after_tanks = (1.0 - weight) * tanks + weight * first_tanks
        if after is None or (after_tanks < 0.0).any():
            return self._euler(x, tanks, begin, end, length_min, first)
        last, last_tanks = self._stage(after, after_tanks, rate, balance.source(end, before=True), x + (first - x) / GAMMA)
        account = Account()
        account.add(balance.rates(first, first_tanks, middle, False), (1.0 - GAMMA) * length_min)
        account.add(balance.rates(last, last_tanks, end, True), GAMMA * length_min)
        slopes = Slopes((last - after) * rate, (last_tanks - after_tanks) * rate)
        error = self._error(
            length_min * _bend(begin.cells, (first - x) * rate, slopes.cells),
            length_min * _bend(begin.tanks, (first_tanks - tanks) * rate, slopes.tanks),
        )
        return Step(last, last_tanks, slopes, (1.0 - GAMMA) * first + GAMMA * last, error, account)

    def _stage(self, held: Floats, tanks: Floats, rate: float, source: Floats, guess: Floats) -> tuple[Floats, Floats]:
        """Solve one implicit stage from what cells and tanks hold."""
        source += (rate * self.balance.operator.capacity) * held
        volumes = np.array([tank.volume for tank in self.balance.tanks])
        allowed = SOLVER_SHARE * self.tolerance_um
        return self.solver.solve(
            rate, source, rate * volumes * tanks, np.maximum(guess, 0.0), allowed, SOLVER_SHARE * self.relative
        )

    def _euler(self, x: Floats, tanks: Floats, begin: Slopes, end_min: float, length_min: float, guess: Floats) -> Step:
        """Take the step in one implicit stage of order 1, which can never overdraw a cell."""
        balance = self.balance
        last, last_tanks = self._stage(x, tanks, 1.0 / length_min, balance.source(end_min, before=True), guess)
        account = Account()
        account.add(balance.rates(last, last_tanks, end_min, True), length_min)
        slopes = Slopes((last - x) / length_min, (last_tanks - tanks) / length_min)
        half = 0.5 * length_min
        error = self._error(half * (slopes.cells - begin.cells), half * (slopes.tanks - begin.tanks))
        return Step(last, last_tanks, slopes, last, error, account)

    def _smooth(self, slope: Floats, length_min: float) -> bool:
        return float(np.abs(slope).max()) * length_min <= 30.0 * self.tolerance_um

    def _gain(self, x: Floats, tanks: Floats, time_min: float) -> Floats:
        """Return (n,) everything that the cells gain, µM·µm³/min."""
        balance, operator = self.balance, self.balance.operator
        left = np.empty(x.size)
        diagonal, source = operator.outward + balance.sink(x), balance.source(time_min, before=False)
        residual(operator.column, operator.inward, diagonal, x, source, left)
        balance.add_corrections(x, left)
        for tank, value in zip(balance.tanks, tanks, strict=True):
            np.add.at(left, tank.cells, tank.conductance * value)
        return left

    def _explicit(self, x: Floats, first: Floats, weight: float) -> Floats | None:
        """Return the concentrations after the explicit part, none negative; None where that cannot be."""
        operator = self.balance.operator
        after = (1.0 - weight) * x + weight * first
        if float(after.min()) >= 0.0:
            return np.asarray(after)
        held = after * operator.capacity
        for sweep in range(4):
            pass_deficits(operator.column, operator.inward, held, sweep % 2 == 0)
            if float(held.min()) >= 0.0:
                return np.asarray(held / operator.capacity)
        lacking, whole = -float(held[held < 0.0].sum()), float(held.sum())
        if lacking > SOLVER_SHARE * self.relative * whole:
            return None
        np.maximum(held, 0.0, out=held)
        held *= whole / (whole + lacking)
        return np.asarray(held / operator.capacity)

    def _error(self, cells: Floats, tanks: Floats) -> float:
        """Return the size of an error, µM, after one cycle of multigrid has taken out what the implicit stages damp."""
        filtered = self.solver.grid.approximate(cells * self.balance.operator.capacity * self.solver.rate)
        mean = float(np.sqrt(filtered @ filtered / filtered.size))
        in_tanks = float(np.abs(tanks).max(initial=0.0))
        return max(mean, PEAK_SHARE * float(np.abs(filtered).max()), in_tanks)


def _bend(begin: Floats, first: Floats, last: Floats) -> Floats:
    """Return the error of a step over its length, from the slopes at its beginning, its first stage and its end."""
    return np.asarray(2.0 * ERROR_CONSTANT * ((last - first) / (1.0 - GAMMA) - (first - begin) / GAMMA))


def march(
    solver: Solver,
    state: TransportState,
    number: int,
    name: str,
    end_min: float,
    settings: TransportSettings,
    walls: WallUptake | None,
    area: Floats | None,
) -> None:
    """Bring one solute of ``state`` to ``end_min``; steps end where what enters jumps or bends."""
    balance = solver.balance
    corners = [*map(float, balance.corners(state.time_min, end_min)), end_min]
    time, length = state.time_min, float(state.next_step_min[number])
    x, tanks = state.cells_um[number], state.tanks_um[number]
    for corner in corners:
        slopes: Slopes | None = None
        length = length if corner is corners[0] or time == state.time_min else settings.first_step_min
        while time < corner:
            whole = min(length, settings.longest_step_min)
            tried = _fitting(whole, corner - time)
            take_walls(balance, name, time, tried, walls, area)
            scale = balance.scale(x, tanks)
            stepper = Stepper(balance, solver, settings.tolerance * scale, settings.tolerance)
            if slopes is None:
                slopes = stepper.slopes(x, tanks, time)
            step = stepper.step(x, tanks, slopes, time, tried)
            scale = max(scale, float(step.cells.max(initial=0.0)))
            ratio = step.error_um / (settings.tolerance * scale) if scale > 0 else 0.0
            growth = min(4.0, max(0.2, 0.9 * (1.0 / ratio) ** (1 / 3))) if ratio > 0 else 4.0
            if ratio > 1.0 and tried > SHORTEST_MIN:
                length = tried * min(growth, 0.8)
                continue
            if walls is not None:
                walls.absorb(name, time, tried, step.mean)
            state.accounts[number].add(step.account, 1.0)
            x, tanks, slopes = step.cells, step.tanks, step.slopes
            time = corner if tried == corner - time else time + tried
            length = max(length, tried * growth) if tried < length else tried * growth
    state.cells_um[number], state.tanks_um[number] = x, tanks
    state.next_step_min[number] = length


def _fitting(length_min: float, left_min: float) -> float:
    """Return the step to take with ``left_min`` to go, so that no tiny one is left over."""
    return left_min if length_min >= 0.999 * left_min else min(length_min, 0.5 * left_min)


def take_walls(
    balance: Balance, name: str, time_min: float, length_min: float, walls: WallUptake | None, area: Floats | None
) -> None:
    """Ask the walls' law for its next step."""
    if walls is None or area is None:
        return
    uptake, release = walls.exchange(name, time_min, length_min)
    check_walls(uptake, "uptake", name)
    check_walls(release, "release", name)
    balance.wall_uptake, balance.wall_release = area * uptake, area * release
    balance.refresh()
