"""Solve a balance for the concentrations: multigrid, accelerated, finished without negative values and without a gap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.chip.transport.balance import Balance
from coculture.chip.transport.kernels.antidiffusion import relax_never_negative
from coculture.chip.transport.kernels.relaxation import residual
from coculture.chip.transport.multigrid import Multigrid
from coculture.errors import DataError

Floats = NDArray[np.float64]
MEMORY = 2
"""Former corrections the acceleration combines (Anderson 1965; Walker and Ni 2011)."""
ROUNDS = 400
CLOSINGS = 6
SECOND_CYCLE = 0.1
"""Share of the residual above which one cycle is followed by another."""


class Solver:
    """Solves ``capacity σ x + losses(x) + transport(x) = right`` with the tanks' equations, for one solute.

    Parameters
    ----------
    balance : the solute's balance.
    row, line : (n,) row and column of each cell in the grid.
    """

    def __init__(self, balance: Balance, row: NDArray[np.int32], line: NDArray[np.int32]) -> None:
        self.balance = balance
        operator = balance.operator
        self.grid = Multigrid(operator.column, operator.inward, operator.outward, operator.capacity, row, line)
        self.rate = 0.0
        self.rounds = 0

    def solve(
        self, rate: float, right: Floats, tank_right: Floats, guess: Floats, error_um: float, relative: float = 0.0
    ) -> tuple[Floats, Floats]:
        """Return concentrations (n,) and tanks (m,), none negative, whose balances sum to 0 to rounding.

        Parameters
        ----------
        rate : σ, one over the length of an implicit step, 1/min; 0 for a steady state.
        right, tank_right : (n,), (m,) right sides, µM·µm³/min, none negative.
        guess : (n,) first guess; overwritten.
        error_um, relative : what is left to correct is smaller than the one, or than the other times the highest concentration.

        Raises
        ------
        DataError : if the corrections do not become small.
        """
        self.rate = rate
        x = guess
        steps: list[tuple[Floats, Floats]] = []
        last_x = last_move = None
        self._set_diagonal(x)
        size_before: float | None = None
        for round_number in range(ROUNDS):
            if self.balance.saturable is not None and round_number % 6 == 5:
                self._set_diagonal(x)
                steps, last_x, last_move, size_before = [], None, None, None
            move = self._move(self.residual(x, right, tank_right))
            self.rounds += 1
            size = float(np.abs(move).max())
            if not np.isfinite(size):
                break
            if _still_to_come(size, size_before) <= max(error_um, relative * float(x.max())):
                x += move
                return self._finish(x, right, tank_right)
            if last_x is not None and last_move is not None:
                del steps[: -(MEMORY - 1)]
                steps.append((np.subtract(x, last_x, out=last_x), np.subtract(move, last_move, out=last_move)))
            last_x, last_move, size_before = x, move, size
            x = x + move - _combination(steps, move)
        raise DataError(
            f"concentrations did not settle in {ROUNDS} rounds of the solver",
            "transport",
            "set taylor_dispersion to 'never' if Pe over the depth is above a thousand, or scheme to 'fitted'",
        )

    def _move(self, left: Floats) -> Floats:
        """Return a correction from what is left, which is overwritten: one cycle, or two where one does not do.

        Both are worth a residual only where fluxes are corrected, because there a cycle is followed by one anyway.
        """
        move = self.grid.approximate(left)
        if self.balance.corrected:
            before = float(left @ left)
            self.grid.levels[0].residual(move, left, left)
            if float(left @ left) > SECOND_CYCLE**2 * before:
                move += self.grid.approximate(left)
        return move

    def residual(self, x: Floats, right: Floats, tank_right: Floats, corrected: bool = True) -> Floats:
        """Return (n,) what the balances of the cells lack, the tanks' being satisfied.

        Without ``corrected`` the fluxes that are not in the matrix are left out, which does not change the sum.
        """
        operator, balance = self.balance.operator, self.balance
        left = np.empty(x.size)
        residual(operator.column, operator.inward, self._diagonal(x), x, right, left)
        if corrected:
            balance.add_corrections(x, left)
        for tank, value in zip(balance.tanks, self.tank_values(x, tank_right), strict=True):
            np.add.at(left, tank.cells, tank.conductance * value)
        return left

    def tank_values(self, x: Floats, tank_right: Floats) -> Floats:
        """Return (m,) the concentrations of the tanks that go with ``x``."""
        values = np.zeros(len(self.balance.tanks))
        for number, tank in enumerate(self.balance.tanks):
            divisor = tank.volume * (self.rate + self.balance.loss_per_min) + tank.total
            values[number] = (tank_right[number] + float(tank.conductance @ x[tank.cells])) / divisor
        return values

    def _diagonal(self, x: Floats) -> Floats:
        if self.balance.saturable is None:
            return self.grid.levels[0].diagonal
        return self.balance.sink(x) + self.balance.operator.outward + self.rate * self.balance.operator.capacity

    def _set_diagonal(self, x: Floats) -> None:
        self.grid.set_diagonal(self.balance.sink(x), self.rate)

    def _finish(self, x: Floats, right: Floats, tank_right: Floats) -> tuple[Floats, Floats]:
        """Relax negative leftovers of the iteration away, then close the sum of all balances.

        The exact solution has none: the matrix is an M-matrix and the right side is not negative. The last correction is
        along the solution itself, of the size of the solver's error, and makes the residuals sum to 0.
        """
        operator, balance = self.balance.operator, self.balance
        if float(x.min()) < 0.0:
            np.maximum(x, 0.0, out=x)  # a start for the sweep below, which solves every row again
            whole = right.copy()
            for tank, value in zip(balance.tanks, self.tank_values(x, tank_right), strict=True):
                np.add.at(whole, tank.cells, tank.conductance * value)
            moved = np.zeros(x.size)
            balance.add_corrections(x, moved)
            relax_never_negative(operator.column, operator.inward, self._diagonal(x), whole, moved, x)
        x *= self._closing_factor(x, right, tank_right)
        return x, self.tank_values(x, tank_right)

    def _closing_factor(self, x: Floats, right: Floats, tank_right: Floats) -> float:
        """Return the factor near 1 that makes the residuals sum to 0 to rounding, by secants; linear balances need one."""
        entering = float(right.sum())
        for number, tank in enumerate(self.balance.tanks):
            divisor = tank.volume * (self.rate + self.balance.loss_per_min) + tank.total
            entering += tank.total * tank_right[number] / divisor
        former, gap_before = 1.0, float(self.residual(x, right, tank_right, corrected=False).sum())
        if entering - gap_before <= 0.0 or gap_before == 0.0:
            return former
        factor = 1.0 + gap_before / (entering - gap_before)
        for _ in range(CLOSINGS):
            gap = float(self.residual(x * factor, right, tank_right, corrected=False).sum())
            if abs(gap) <= 1e-15 * entering or gap == gap_before:
                break
            former, factor, gap_before = factor, factor - gap * (factor - former) / (gap - gap_before), gap
        return factor


def _still_to_come(size: float, size_before: float | None) -> float:
    """Return the sum of the corrections after one of ``size``, as they shrank last; itself where there was none before."""
    if size_before is None:
        return size
    shrinking = min(size / size_before, 0.5)
    return size * shrinking / (1.0 - shrinking)


def _combination(steps: list[tuple[Floats, Floats]], move: Floats) -> Floats | float:
    """Return the part of former steps that makes the next move smallest in the mean."""
    if not steps:
        return 0.0
    products = np.array([[float(a[1] @ b[1]) for b in steps] for a in steps])
    wanted = np.array([float(a[1] @ move) for a in steps])
    shares = np.linalg.lstsq(products, wanted, rcond=1e-12)[0]
    total = np.zeros(move.size)
    for share, pair in zip(shares, steps, strict=True):
        for part in pair:
            total += share * part
    return total
