"""What living cells see of a chip: the one place where chip and cells meet.

Concentrations are read between the centres of the grid's open cells. What cells secrete and take up goes to the grid cell
their centre lies in: secretion toward a target at rate s by a cell of volume V is a source ``s V target`` and an uptake
``s V``, which is the same and keeps concentrations positive. What cells gained is shared among those of one grid cell by their
rates, and scaled to what the transport's account says was taken up, so that nothing is lost between the two rooms.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coculture.cells.surroundings import Exchange
from coculture.chip.flow.field import FlowField
from coculture.chip.grid import ChipGrid
from coculture.chip.transport.sources import Sources
from coculture.chip.transport.transport import Transport
from coculture.sources.virtual_chip.kernels import add_where_cells_are, read_between
from coculture.sources.virtual_chip.walls import Walls

Floats = NDArray[np.float64]


@dataclass(eq=False)
class ChipSurroundings:
    """A chip around cells; fills :class:`coculture.cells.surroundings.Surroundings`.

    Attributes
    ----------
    grid : the chip.
    flow : its flow, None at rest.
    transport : its solutes, None where the model has none.
    solutes : the model's solutes, in their order.
    places : where cells can be.
    exchange_step_min : time between two exchanges with the medium.
    """

    grid: ChipGrid
    flow: FlowField | None
    transport: Transport | None
    solutes: tuple[str, ...]
    places: Walls
    exchange_step_min: float = 6.0
    _velocity: tuple[Floats, Floats] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.flow is not None:
            self._velocity = self.flow.velocity()

    def concentrations(self, position: Floats) -> Floats:
        """Return (n, solutes) concentrations at the cells, µM."""
        found = np.zeros((len(position), len(self.solutes)))
        if self.transport is not None:
            for column, name in enumerate(self.solutes):
                found[:, column] = self._read(self.transport.concentration(name), position)
        return found

    def gradients(self, position: Floats) -> Floats:
        """Return (n, solutes, 3) gradients at the cells, µM/µm."""
        found = np.zeros((len(position), len(self.solutes), 3))
        if self.transport is not None:
            for column, name in enumerate(self.solutes):
                for axis, slope in enumerate(self.transport.gradient(name)):
                    found[:, column, axis] = self._read(slope, position)
        return found

    def velocity(self, position: Floats) -> Floats:
        """Return (n, 3) the medium's velocity, averaged over depth, µm/min."""
        found = np.zeros_like(position)
        if self._velocity is not None:
            for axis, along in enumerate(self._velocity):
                found[:, axis] = self._read(along, position)
        return found

    def shear(self, position: Floats) -> Floats:
        """Return (n,) the shear stress on the floor, Pa."""
        return np.zeros(len(position)) if self.flow is None else self._read(self.flow.floor_shear_pa, position)

    def walls(self, position: Floats) -> tuple[Floats, Floats]:
        """Return distance to and direction from the nearest wall."""
        return self.places.at(position)

    def inside(self, position: Floats) -> Floats:
        """Return the places, those in walls moved back into the open."""
        return self.places.inside(position)

    def advance(self, minutes: float, position: Floats, exchange: Exchange | None) -> Floats:
        """Let the solutes go on for ``minutes``; return (n, solutes) what the cells gained, µM·µm³."""
        gained = np.zeros((len(position), len(self.solutes)))
        if self.transport is None:
            return gained
        if exchange is None or not len(position):
            self.transport.advance(minutes)
            return gained
        place = self.place_of(position)
        before = {name: account.taken_up for name, account in self.transport.ledger.items()}
        here = self.concentrations(position)
        self.transport.advance(minutes, self._sources(place, exchange))
        later = self.concentrations(position)
        clearing = (exchange.secretion_per_min + exchange.uptake_per_min) * exchange.volume_um3[:, None]
        given = exchange.secretion_per_min * exchange.volume_um3[:, None] * exchange.target_um
        given = given + np.maximum(exchange.export_per_min, 0.0)
        for column, name in enumerate(self.solutes):
            taken = self.transport.ledger[name].taken_up - before[name]
            share = clearing[:, column] * 0.5 * (here[:, column] + later[:, column])
            share = share if share.sum() > 0 else clearing[:, column]
            if share.sum() > 0:
                gained[:, column] = taken * share / share.sum()
            gained[:, column] -= minutes * given[:, column]
        return gained

    def _sources(self, place: NDArray[np.int64], exchange: Exchange) -> Sources:
        volume = exchange.volume_um3[:, None]
        given = exchange.secretion_per_min * volume * exchange.target_um + np.maximum(exchange.export_per_min, 0.0)
        clearing = (exchange.secretion_per_min + exchange.uptake_per_min) * volume
        room = np.where(self.grid.depth_um > 0, self.grid.depth_um, np.inf) * self.grid.pitch_um**2
        secretion, uptake = {}, {}
        for column, name in enumerate(self.solutes):
            if given[:, column].any():
                secretion[name] = self._gathered(given[:, column], place)
            if clearing[:, column].any():
                uptake[name] = self._gathered(clearing[:, column], place) / room
        return Sources(secretion=secretion, uptake_per_min=uptake)

    def _gathered(self, values: Floats, place: NDArray[np.int64]) -> Floats:
        total = np.zeros(self.grid.space.size)
        add_where_cells_are(np.ascontiguousarray(values), place, total)
        return total.reshape(self.grid.shape)

    def gathered_at(self, values: Floats, position: Floats) -> Floats:
        """Return (Y, X) what is given (n,) at some places, added up by the cells of the grid they lie in."""
        return self._gathered(values, self.place_of(position))

    def place_of(self, position: Floats) -> NDArray[np.int64]:
        """Return (n,) which cell of the flattened grid each place lies in; places in walls belong to the nearest open cell."""
        row, column = self.places.cell_of(position)
        to_row, to_column = self.places.nearest[:, row, column]
        return np.asarray(to_row * self.grid.shape[1] + to_column)

    def _read(self, values: Floats, position: Floats) -> Floats:
        found = np.empty(len(position))
        x, y = np.ascontiguousarray(position[:, 0]), np.ascontiguousarray(position[:, 1])
        read_between(np.ascontiguousarray(values), self.places.is_open, x, y, self.grid.pitch_um, found)
        return found
