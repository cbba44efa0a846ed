"""A box of still medium as cells see it: :class:`Medium` fills :class:`coculture.cells.surroundings.Surroundings`.

Each solute obeys ``∂c/∂t = D ∇²c − k c − U c + S`` with the cells' sinks U and sources S on the voxels of their centres. Finite
volumes, second order in space; a held side lies half a voxel from its voxels' centres. In time the whole equation is taken
implicitly in one piece (backward Euler): a step of any length gives the right steady state, which splitting diffusion by axes
or from exchange does not, stays positive, and its amounts balance to rounding. The linear system is solved by conjugate
gradients with a multigrid cycle, from the last solution; a last round makes it positive and its total exact
(:func:`coculture.cells.medium.kernels.solving.finish`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.cells.medium.box import Box
from coculture.cells.medium.kernels.exchanging import add_exchange, cells_gain, sort_into_voxels
from coculture.cells.medium.kernels.looking import interpolate, slopes
from coculture.cells.medium.kernels.solving import finish, lay_out, prepare, solve
from coculture.cells.medium.levels import Levels
from coculture.cells.medium.solute import SIDES, Solute
from coculture.cells.surroundings import Exchange
from coculture.errors import DataError, InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TOLERANCE = 1e-7
"""Residual at which a step is solved, as a share of its right side."""

_MOST_ROUNDS, _MOST_RAISES = 500, 12


@dataclass(eq=False)
class Medium:
    """A box of medium. Make one with :meth:`of`.

    Attributes
    ----------
    box : the grid.
    solutes : in the order of the model.
    exchange_step_min : time between two exchanges with cells.
    concentration : (solutes, z, y, x) µM, now.
    decayed, entered : (solutes,) amounts that decayed, and that came in through held sides and voxels, since the start, µM·µm³.
    has_walls : whether the sides push cells back; without, cells are merely kept inside.
    """

    box: Box
    solutes: tuple[Solute, ...]
    exchange_step_min: float
    concentration: Floats
    decayed: Floats
    entered: Floats
    has_walls: bool = True
    _shape: NDArray[np.int64] = field(init=False)
    _border: Floats = field(init=False)
    _levels: list[Levels] = field(init=False)
    _slopes: Floats | None = field(init=False, default=None)

    @classmethod
    def of(cls, box: Box, solutes: Sequence[Solute], exchange_step_min: float = 1.0, has_walls: bool = True) -> Medium:
        """Return the medium at its beginning.

        Raises
        ------
        InputError : if a step is not above 0, or an array of voxels does not fit the box.
        """
        if not 0.0 < exchange_step_min < np.inf:
            raise InputError(f"a step of {exchange_step_min} min", "exchange_step_min", "give a time above 0")
        start = np.empty((len(solutes), *box.shape))
        for row, one in enumerate(solutes):
            start[row] = _on_voxels(box, one.start_um, one.name, "start_um")
            if one.fixed_um is not None:
                fixed = _on_voxels(box, one.fixed_um, one.name, "fixed_um")
                start[row] = np.where(np.isnan(fixed), start[row], fixed)
        nothing = np.zeros(len(solutes))
        return cls(box, tuple(solutes), exchange_step_min, start, nothing, nothing.copy(), has_walls)

    def __post_init__(self) -> None:
        shape = self.box.shape
        self._shape = np.array(shape, dtype=np.int64)
        self._border = np.array([[one.border_um.get(side, np.nan) for side in SIDES] for one in self.solutes]).reshape(-1, 6)
        if self.box.dimensions == 2 and not np.isnan(self._border[:, 4:]).all():
            raise InputError("a flat box has no bottom and top to hold a concentration at", "border_um", "leave them out")
        self._levels = []
        for border, one in zip(self._border, self.solutes, strict=True):
            held = np.zeros(shape, bool)
            if one.fixed_um is not None:
                held = ~np.isnan(_on_voxels(self.box, one.fixed_um, one.name, "fixed_um"))
            self._levels.append(Levels.of(border, held))

    def concentrations(self, position: Floats) -> Floats:
        """Return (n, solutes) concentrations, linear between the voxels' centres and constant beyond the outermost, µM."""
        out = np.empty((len(position), len(self.solutes)))
        by_voxel = np.ascontiguousarray(np.moveaxis(self.concentration, 0, 3))
        interpolate(position, self.box.voxel_um, self._shape, by_voxel, out)
        return out

    def gradients(self, position: Floats) -> Floats:
        """Return (n, solutes, 3) gradients, linear between those of the voxels, µM/µm."""
        if self._slopes is None:
            self._slopes = np.empty((*self.box.shape, len(self.solutes), 3))
            slopes(self.box.voxel_um, self._shape, self._border, self.concentration, self._slopes)
        out = np.empty((len(position), 3 * len(self.solutes)))
        interpolate(position, self.box.voxel_um, self._shape, self._slopes.reshape(*self.box.shape, -1), out)
        return out.reshape(len(position), len(self.solutes), 3)

    def velocity(self, position: Floats) -> Floats:
        """Return no velocity."""
        return np.zeros_like(position)

    def shear(self, position: Floats) -> Floats:
        """Return no shear."""
        return np.zeros(len(position))

    def walls(self, position: Floats) -> tuple[Floats, Floats]:
        """Return (n,) the distance to the nearest side, µm, and (n, 3) the unit vector away from it."""
        if not self.has_walls:
            return np.full(len(position), np.inf), np.zeros_like(position)
        return self.box.walls(position)

    def inside(self, position: Floats) -> Floats:
        """Return (n, 3) the positions moved into the box."""
        return self.box.inside(position)

    def amounts(self) -> Floats:
        """Return (solutes,) the amounts in the box, µM·µm³."""
        return np.asarray(self.concentration.sum(axis=(1, 2, 3)) * self.box.voxel_um3)

    def state(self) -> dict[str, NDArray[Any]]:
        """Return all that changes in the course of time, as copies, and what it belongs to: solutes and voxels.

        A medium of the same box that takes it goes on to the same bytes as this one (:mod:`coculture.cells.saving` does so).
        """
        return {
            "solutes": np.array(self._names),
            "voxel_um": np.array(self.box.voxel_um),
            "concentration": self.concentration.copy(),
            "decayed": self.decayed.copy(),
            "entered": self.entered.copy(),
        }

    def take_state(self, state: dict[str, NDArray[Any]]) -> None:
        """Go on from what :meth:`state` once returned.

        Raises
        ------
        InputError : if it is the state of other solutes or of another box.
        """
        saved = tuple(map(str, state["solutes"])), state["concentration"].shape[1:], float(state["voxel_um"])
        mine = self._names, self.box.shape, self.box.voxel_um
        for what, before, now in zip(("solutes", "voxels", "voxel_um"), saved, mine, strict=True):
            if before != now:
                remedy = "give the medium it was saved with"
                raise InputError(f"was saved with {what} {before}, the medium has {now}", "medium", remedy)
        for name in ("concentration", "decayed", "entered"):
            getattr(self, name)[...] = state[name]
        self._slopes = None

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.solutes)

    def advance(self, minutes: float, position: Floats, exchange: Exchange | None) -> Floats:
        """Let the medium go on by one implicit step; return (n, solutes) the amounts the cells gained, µM·µm³.

        Raises
        ------
        DataError : if a solute's equations were not solved.
        """
        self._slopes = None
        n = len(position)
        voxel, order = np.empty(n, np.int64), np.empty(n, np.int64)
        if exchange is not None:
            sort_into_voxels(position, self.box.voxel_um, self._shape, voxel, order)
        gained = np.zeros((len(self.solutes), n))
        for row in range(len(self.solutes)):
            now = self.concentration[row].reshape(-1)
            if exchange is None or not _gives_or_takes(exchange, row):
                sink = source = np.zeros(now.size)
                after = self._solved(row, minutes, sink, source)
            else:
                after, sink, source = self._exchanged(row, minutes, voxel, order, exchange, gained[row])
            self._book(row, minutes, now, after, sink, source)
            now[:] = after
        return np.ascontiguousarray(gained.T)

    def _exchanged(
        self, row: int, minutes: float, voxel: Integers, order: Integers, exchange: Exchange, gained: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return a solute after a step with the cells' exchange, their sinks and sources on voxels; write what they gained.

        What is taken at a given rate (a negative export) is taken in proportion to the concentration over a reference, the
        present one. Where that would let it rise well above the reference, so that cells took more than they want, the
        step is solved again with a reference nearer to the concentration it leads to (Newton's rule, neighbours held).
        """
        rates = (exchange.secretion_per_min, exchange.target_um, exchange.uptake_per_min, exchange.export_per_min)
        secretion, target, uptake, export = (np.ascontiguousarray(rate[:, row]) for rate in rates)
        volume, voxel_um3 = exchange.volume_um3, self.box.voxel_um3
        before = self.concentration[row].ravel().copy()
        reference, taken = before, order[export[order] < 0.0]
        wanted: Floats = np.zeros(0)
        if taken.size:
            wanted = np.bincount(voxel[taken], -export[taken] / voxel_um3, len(before)).astype(np.float64)
        for number in range(_MOST_RAISES):
            sink, source = np.zeros((2, reference.size))
            add_exchange(minutes, order, voxel, reference, voxel_um3, volume, secretion, target, uptake, export, sink, source)
            after = self._solved(row, minutes, sink, source)
            if not taken.size or number == _MOST_RAISES - 1 or self._is_near(reference, after, before, wanted):
                break
            reference = self._nearer(row, minutes, reference, after, before, wanted)
        cells_gain(minutes, voxel, voxel_um3, reference, after, volume, secretion, target, uptake, export, gained)
        return after, sink, source

    def _is_near(self, reference: Floats, after: Floats, before: Floats, wanted: Floats) -> bool:
        """Tell whether cells take what they want, to a thousandth, wherever the concentration does not fall."""
        off = np.abs(after - reference) > 1e-3 * reference
        return not np.any((wanted > 0.0) & off & ((after > reference) | (reference > before)))

    def _nearer(self, row: int, minutes: float, reference: Floats, after: Floats, before: Floats, wanted: Floats) -> Floats:
        """Return the reference that a voxel would have as its concentration were its neighbours held."""
        one, grids = self.solutes[row], self._levels[row]
        pace = one.diffusion_um2_per_min * minutes / self.box.voxel_um**2
        own = 1.0 + minutes * one.decay_per_min + pace * grids.stiffness[grids.inner]
        taking = minutes * wanted / np.maximum(reference, 1e-6 * minutes * wanted + 1e-300)
        return np.maximum(before, after + taking / own * (after - reference))

    def _solved(self, row: int, minutes: float, sink: Floats, source: Floats) -> Floats:
        """Return a solute after a step with the cells' sinks (1/min) and sources (µM/min) on voxels."""
        one, grids = self.solutes[row], self._levels[row]
        now = self.concentration[row].reshape(-1)
        pace = one.diffusion_um2_per_min * minutes / self.box.voxel_um**2
        paces = pace * grids.paces
        own, diagonal, inverse = np.zeros((3, int(grids.start[-1])))
        right, x, columns, old, product = np.zeros((5, int(grids.start[1])))
        lay_out(
            minutes, one.decay_per_min, pace, grids.inner, now, sink, source, grids.from_sides, grids.to_held, grids.mask,
            own, right, columns, x,
        )  # fmt: skip
        prepare(grids.sizes, grids.start, pace, own, grids.stiffness, grids.mask, diagonal, inverse)
        rounds = solve(grids.sizes, grids.start, paces, diagonal, inverse, grids.mask, right, TOLERANCE, _MOST_ROUNDS, x)
        if rounds == _MOST_ROUNDS:
            what = f"{one.name}: the medium's equations were not solved in {rounds} rounds"
            raise DataError(what, "medium", "take a shorter step")
        finish(grids.sizes[0], paces[0], diagonal, right, grids.mask, columns, old, product, x)
        return np.asarray(x[grids.inner])

    def _book(self, row: int, minutes: float, before: Floats, now: Floats, sink: Floats, source: Floats) -> None:
        """Book what decayed, and what the held sides and voxels gave."""
        volume = self.box.voxel_um3
        decayed = minutes * self.solutes[row].decay_per_min * now.sum() * volume
        cells = minutes * (source - sink * now).sum() * volume
        self.decayed[row] += decayed
        if self._levels[row].to_held.any():
            self.entered[row] += (now - before).sum() * volume + decayed - cells


def _gives_or_takes(exchange: Exchange, row: int) -> bool:
    return any(rate[:, row].any() for rate in (exchange.secretion_per_min, exchange.uptake_per_min, exchange.export_per_min))


def _on_voxels(box: Box, values: float | Floats, name: str, where: str) -> Floats:
    """Return an array (z, y, x) of one number or of an array that fits the box."""
    given = np.asarray(values, dtype=np.float64)
    if given.ndim == 0:
        return np.full(box.shape, float(given))
    if given.shape == box.shape:
        return given
    if box.dimensions == 2 and given.shape == box.shape[1:]:
        return given[None]
    raise InputError(
        f"{name}: an array of {given.shape} voxels in a box of {box.shape}", where, "give one number a voxel (z, y, x)"
    )
