"""Diffusion alone in a chip at rest, by fixed steps: a plain second method beside :class:`Transport`.

It knows no ports, no sources and no error control. Tests hold the two against each other; a static chip that is stepped
anyway (with cells, every minute) may use it where every nanosecond counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.chip.grid import ChipGrid
from coculture.chip.transport.kernels.fixed_steps import alternating_step, explicit_step, factor_rows
from coculture.chip.transport.solute import Solute
from coculture.errors import InputError

Floats = NDArray[np.float64]


class StillDiffusion:
    """Steps of one length for one solute.

    Parameters
    ----------
    grid : the chip.
    solute : what diffuses; its loss is left out.
    step_min : length of a step, min.

    Raises
    ------
    InputError : if the step is not above 0.
    """

    def __init__(self, grid: ChipGrid, solute: Solute, step_min: float) -> None:
        if not np.isfinite(step_min) or step_min <= 0:
            raise InputError(f"step_min is {step_min}", "still diffusion", "give a finite step above 0")
        conductivity, self.capacity = _conductivity_and_capacity(grid, solute)
        self.right, self.down = np.zeros(grid.shape), np.zeros(grid.shape)
        self.right[:, :-1] = step_min * _joined(conductivity[:, :-1], conductivity[:, 1:])
        self.down[:-1] = step_min * _joined(conductivity[:-1], conductivity[1:])
        self._per_capacity = np.divide(1.0, self.capacity, out=np.zeros(grid.shape), where=self.capacity > 0)
        self._rows: tuple[Floats, Floats] | None = None
        self._columns: tuple[Floats, Floats] | None = None

    @property
    def longest_explicit_share(self) -> float:
        """Step over the longest stable explicit step; above 1 the explicit step must not be used."""
        total = self.right + self.down
        total[:, 1:] += self.right[:, :-1]
        total[1:] += self.down[:-1]
        return float((total * self._per_capacity).max())

    def explicit(self, c: Floats, out: Floats) -> None:
        """Write (Y, X) concentrations after one explicit step into ``out``; positive where the step is short enough."""
        explicit_step(c, self.right, self.down, self._per_capacity, out)

    def alternating(self, c: Floats) -> None:
        """Take one implicit step in place, along x, then along y; positive and conservative for every step, of order 1."""
        if self._rows is None or self._columns is None:
            self._rows = _factors(self.capacity, self.right)
            turned = _factors(np.ascontiguousarray(self.capacity.T), np.ascontiguousarray(self.down.T))
            self._columns = (np.ascontiguousarray(turned[0].T), np.ascontiguousarray(turned[1].T))
        alternating_step(self.capacity, *self._rows, *self._columns, c)


def _factors(capacity: Floats, through: Floats) -> tuple[Floats, Floats]:
    inverse, share = np.empty_like(capacity), np.empty_like(capacity)
    factor_rows(capacity, through, inverse, share)
    return inverse, share


def _joined(one: Floats, other: Floats) -> Floats:
    return np.divide(2.0 * one * other, one + other, out=np.zeros(one.shape), where=(one > 0) & (other > 0))


def _conductivity_and_capacity(grid: ChipGrid, solute: Solute) -> tuple[Floats, Floats]:
    depth = np.where(grid.open, grid.depth_um, 0.0)
    conductivity, capacity = solute.diffusion_um2_per_min * depth, depth * grid.pitch_um**2
    for number, gel in enumerate(grid.gels):
        inside, partition = grid.gel == number, solute.gel_partition.get(gel.name, 1.0)
        conductivity[inside] *= gel.diffusion_factor * partition
        capacity[inside] *= gel.porosity * partition
    return conductivity, capacity
