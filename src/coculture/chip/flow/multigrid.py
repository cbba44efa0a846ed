"""Conjugate gradients with a geometric multigrid preconditioner, for screened five-point equations with walls.

Each coarser grid joins 2 × 2 cells: excess (screening) is summed, couplings keep the value a finite-volume scheme would give
them on the coarser grid, corrections are constant in a block. One V-cycle with a checkerboard sweep before (black after
white) and one after (the other way round) is symmetric, hence fit as a preconditioner. Best where unknowns are held, by
screening or by walls. For pressure, where walls part neighbours but hold nothing, it takes more cycles; each is so cheap that
it is still faster than algebraic multigrid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.kernels.five_point import add_prolonged, apply, coarsen, relax, restrict_residual
from coculture.errors import DataError

Floats = NDArray[np.float64]
COARSEST_CELLS, COARSEST_SWEEPS = 64, 8
ROUNDS, SLOW = 200, 3e-5


@dataclass(frozen=True, eq=False)
class FivePoint:
    """A symmetric operator on a grid: diag u - Σ coupling u_neighbour (see ``kernels/five_point.py``).

    Attributes
    ----------
    diag : (Y, X) above 0 where there is an unknown.
    across : (Y, X + 1) couplings through vertical faces, 0 at the rim and beside cells without unknown.
    down : (Y + 1, X) couplings through horizontal faces.
    """

    diag: Floats
    across: Floats
    down: Floats

    @classmethod
    def build(cls, screening: Floats, held: Floats, across: Floats, down: Floats) -> FivePoint:
        """Return the operator whose diagonal is screening + couplings to walls (``held``) + couplings to neighbours."""
        return cls(screening + held + across[:, :-1] + across[:, 1:] + down[:-1] + down[1:], across, down)

    def __call__(self, u: Floats) -> Floats:
        """Return the operator applied to (Y, X) ``u``."""
        result = np.empty_like(u)
        apply(self.diag, self.across, self.down, u, result)
        return result


class Multigrid:
    """Operators from fine to coarse, and the V-cycle over them.

    Parameters
    ----------
    screening : (Y, X) what an unknown is held by in proportion to its area.
    held : (Y, X) what it is held by through walls.
    across, down : couplings to neighbours. Screening and couplings must be 0 where there is no unknown.
    sweeps : of relaxation before and after each visit to a coarser grid.
    """

    def __init__(self, screening: Floats, held: Floats, across: Floats, down: Floats, sweeps: int = 1) -> None:
        self.sweeps = sweeps
        self.levels = [FivePoint.build(screening, held, across, down)]
        while screening.size > COARSEST_CELLS and min(screening.shape) > 1:
            shape = ((screening.shape[0] + 1) // 2, (screening.shape[1] + 1) // 2)
            excess, next_across, next_down = (
                np.zeros(shape),
                np.zeros((shape[0], shape[1] + 1)),
                np.zeros((shape[0] + 1, shape[1])),
            )
            coarsen(screening + 0.5 * held, across, down, excess, next_across, next_down)
            screening, across, down, held = excess, next_across, next_down, np.zeros(shape)
            self.levels.append(FivePoint.build(screening, held, across, down))

    @property
    def operator(self) -> FivePoint:
        """The operator on the finest grid."""
        return self.levels[0]

    def cycle(self, right: Floats, level: int = 0) -> Floats:
        """Return the approximate solution one V-cycle gives for ``right``."""
        at = self.levels[level]
        u = np.zeros_like(right)
        sweeps = COARSEST_SWEEPS if level + 1 == len(self.levels) else self.sweeps
        for _ in range(sweeps):
            relax(at.diag, at.across, at.down, right, u, 0)
            relax(at.diag, at.across, at.down, right, u, 1)
        if level + 1 < len(self.levels):
            coarse = np.empty_like(self.levels[level + 1].diag)
            restrict_residual(at.diag, at.across, at.down, right, u, coarse)
            add_prolonged(at.diag, self.cycle(coarse, level + 1), u)
        for _ in range(sweeps):
            relax(at.diag, at.across, at.down, right, u, 1)
            relax(at.diag, at.across, at.down, right, u, 0)
        return u

    def solve(self, right: Floats, tolerance: float = 1e-8, start: Floats | None = None, patience: int = ROUNDS) -> Floats:
        """Return the solution for ``right`` with a residual below ``tolerance`` of the right side, by norm.

        ``patience`` is after how many iterations a residual above ``SLOW`` of the right side means that it is no use.

        Raises
        ------
        DataError : if ``ROUNDS`` iterations do not suffice, or patience ends.
        """
        goal = tolerance * float(np.linalg.norm(right))
        if goal == 0.0:
            return np.zeros_like(right)
        u = np.zeros_like(right) if start is None else start.copy()
        residual = right.copy() if start is None else right - self.operator(u)
        direction, along = np.zeros_like(right), 1.0
        for done in range(ROUNDS):
            left = float(np.linalg.norm(residual))
            if left <= goal:
                return u
            if done == patience and left * tolerance > SLOW * goal:
                break
            steepest = self.cycle(residual)
            before, along = along, float(np.vdot(residual, steepest))
            direction *= along / before
            direction += steepest
            image = self.operator(direction)
            step = along / float(np.vdot(direction, image))
            u += step * direction
            residual -= step * image
        raise DataError(
            f"the flow was not found to {tolerance:g} by geometric multigrid",
            where="flow",
            remedy="use solver='direct' or a coarser grid",
        )
