"""Aggregation multigrid with a K-cycle, for M-matrices with any mixture of flow and diffusion.

Cells are joined in blocks of two by two, as far as they exchange; the smaller matrix is the sum over the aggregates
(Galerkin with piecewise constants; where walls make more than four neighbours, the weakest are left out), so every level is an
M-matrix. A sweep of Gauss-Seidel in the order of the flow smooths on each level, and two steps of a residual-minimising
recurrence on the larger of the smaller levels make up for the crude interpolation (Notay 2010, 2012). The scale of the
capacities enters the diagonals alone, so one hierarchy serves every time step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.transport.kernels.aggregation import blocks_of, coarse_matrix, four_strongest, join_blocks
from coculture.chip.transport.kernels.relaxation import gather_sum, relax, residual, spread_add

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
NOTHING: Ints = np.empty(0, np.int32)
SMALLEST = 60
"""Rows below which a level is solved directly."""
TWICE_DOWN_TO = 3
"""Smaller levels than this one are visited once a cycle."""


@dataclass(eq=False)
class Level:
    """One matrix of the hierarchy.

    ``row`` and ``line`` say where an unknown lies, in blocks of the level; ``aggregate`` to which row of the next one a row
    belongs.
    """

    column: Ints
    inward: Floats
    leaving: Floats
    capacity: Floats
    diagonal: Floats
    row: Ints
    line: Ints
    aggregate: Ints | None = None

    def relax(self, right: Floats, x: Floats) -> None:
        """Sweep once in the order of the flow."""
        relax(self.column, self.inward, self.diagonal, right, x)

    def residual(self, x: Floats, right: Floats, out: Floats) -> None:
        """Write what the rows lack into ``out``."""
        residual(self.column, self.inward, self.diagonal, x, right, out)

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.leaving.size


class Multigrid:
    """The hierarchy of one solute's matrix.

    Parameters
    ----------
    column, inward : the rows of the finest level, four entries each.
    leaving : (n,) its diagonal without capacities.
    capacity : (n,) amounts per concentration.
    row, line : (n,) where each cell lies in the grid.
    """

    def __init__(self, column: Ints, inward: Floats, leaving: Floats, capacity: Floats, row: Ints, line: Ints) -> None:
        self.levels = [Level(column, inward, leaving, capacity, np.empty_like(leaving), row, line)]
        while self.levels[-1].size > SMALLEST:
            smaller = _smaller(self.levels[-1])
            if smaller.size > 0.8 * self.levels[-1].size:
                self.levels[-1].aggregate = None
                break
            self.levels.append(smaller)
        for level in self.levels:  # only needed to build the next
            level.row = level.line = NOTHING
        self._dense: Floats | None = None

    def set_diagonal(self, added: Floats, capacity_per_min: float) -> None:
        """Set every level's diagonal to leaving + ``added`` + ``capacity_per_min`` × capacity."""
        for level in self.levels:
            np.multiply(level.capacity, capacity_per_min, out=level.diagonal)
            level.diagonal += level.leaving
            level.diagonal += added
            if level.aggregate is not None:
                smaller = np.zeros(self.levels[self.levels.index(level) + 1].size)
                gather_sum(level.aggregate, added, smaller)
                added = smaller
        self._dense = _inverse(self.levels[-1])

    def approximate(self, right: Floats) -> Floats:
        """Return one cycle's approximation to the solution of A x = ``right``."""
        return self._cycle(0, right)

    def _cycle(self, depth: int, right: Floats) -> Floats:
        level = self.levels[depth]
        if depth == len(self.levels) - 1:
            return self._smallest(level, right)
        x = np.zeros(level.size)
        left = np.empty(level.size)
        level.relax(right, x)
        level.residual(x, right, left)
        assert level.aggregate is not None
        coarse = np.empty(self.levels[depth + 1].size)
        gather_sum(level.aggregate, left, coarse)
        spread_add(level.aggregate, self._twice(depth + 1, coarse), x)
        level.relax(right, x)
        return x

    def _twice(self, depth: int, right: Floats) -> Floats:
        """Return the better of one and two cycles, by minimal residual."""
        if depth > TWICE_DOWN_TO or depth == len(self.levels) - 1:
            return self._cycle(depth, right)
        first = self._cycle(depth, right)
        moved = self._times(depth, first)
        norm = float(moved @ moved)
        if norm == 0.0:
            return first
        share = float(moved @ right) / norm
        left = right - share * moved
        if float(left @ left) <= 0.0625 * float(right @ right):
            return np.asarray(share * first)
        second = self._cycle(depth, left)
        moved_again = self._times(depth, second)
        mixed = float(moved_again @ moved)
        rest = float(moved_again @ moved_again) - mixed * mixed / norm
        if rest <= 0.0:
            return np.asarray(share * first)
        share_again = float(moved_again @ left) / rest
        return np.asarray((share - mixed * share_again / norm) * first + share_again * second)

    def _times(self, depth: int, x: Floats) -> Floats:
        level = self.levels[depth]
        out = np.empty(level.size)
        level.residual(x, np.zeros(level.size), out)
        np.negative(out, out=out)
        return out

    def _smallest(self, level: Level, right: Floats) -> Floats:
        if self._dense is not None:
            return np.asarray(self._dense @ right)
        x = np.zeros(level.size)
        for _ in range(16):
            level.relax(right, x)
        return x


def _smaller(level: Level) -> Level:
    aggregate = np.empty(level.size, np.int32)
    start = np.arange(0, level.inward.size + 1, 4, dtype=np.int32)
    count = join_blocks(start, level.column, level.inward, level.row, level.line, aggregate)
    start, column, inward, leaving = coarse_matrix(start, level.column, level.inward, level.leaving, aggregate, count)
    column, inward = four_strongest(start, column, inward, leaving)
    capacity = np.empty(count)
    gather_sum(aggregate, level.capacity, capacity)
    level.aggregate = aggregate
    row, line = blocks_of(aggregate, level.row, count), blocks_of(aggregate, level.line, count)
    return Level(column, inward, leaving, capacity, np.empty(count), row, line)


def _inverse(level: Level) -> Floats | None:
    if level.size > 4 * SMALLEST:
        return None
    matrix = np.diag(level.diagonal)
    np.add.at(matrix, (np.repeat(np.arange(level.size), 4), level.column), -level.inward)
    try:
        return np.asarray(np.linalg.inv(matrix))
    except np.linalg.LinAlgError:
        return None
