"""Carriers on a perfused chip: a solute that comes through the ports and sinks to the floor as a chamber catches it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coculture.chip.particles.particle import Particle
from coculture.chip.particles.perfused.slice import Perfusion, perfused_deposition
from coculture.chip.particles.stokes import settling_velocity, stokes_einstein
from coculture.chip.transport.ledger import Account
from coculture.chip.transport.transport import Transport
from coculture.sources.virtual_chip.carriers.beds.into import IntoChip
from coculture.sources.virtual_chip.carriers.carrier import CULTURE_MEDIUM, DosedCarrier
from coculture.sources.virtual_chip.surroundings import ChipSurroundings

Floats = NDArray[np.float64]


@dataclass(eq=False)
class FlowBed:
    """A perfused chip: see the module's head.

    Attributes
    ----------
    chip : the chip.
    carried : number of the solute of the suspended carriers of each dose.
    into : where the drug goes.
    rows : the solute of the drug of each dose.
    """

    chip: ChipSurroundings
    carried: Sequence[int]
    into: IntoChip
    rows: Sequence[int]
    _floor: dict[int, Floats] = field(init=False, default_factory=dict)
    _booked: dict[int, float] = field(init=False, default_factory=dict)
    _landed: dict[int, float] = field(init=False, default_factory=dict)

    def administered(self, number: int, time_min: float) -> float:
        """Return what came in through the ports, and what the chip was filled with."""
        account = self._account(number)
        return account.begun_with + account.inflow

    def landing(self, number: int, start: float, end: float, position: Floats) -> tuple[Floats, Floats]:
        """Return what has come down in the step, by the concentration in each place."""
        transport = self._transport()
        gone = self._account(number).decayed - self._booked.get(number, 0.0)
        self._booked[number] = self._account(number).decayed
        suspended = np.maximum(self._suspended(number), 0.0) * transport.cells.volume()
        total = float(suspended.sum())
        fallen = suspended * (gone / total) if total > 0 else 0.0 * suspended
        self._floor[number] = self._floor.get(number, 0.0 * fallen) + fallen
        self._landed[number] = self._landed.get(number, 0.0) + float(fallen.sum())
        here = transport.cells.unpack(fallen).ravel()[self.chip.place_of(position)] / self.chip.grid.pitch_um**2
        return np.zeros(len(position)), here

    def landed(self, number: int) -> float:
        """Return what has come down."""
        return self._landed.get(number, 0.0)

    def set_free(self, number: int, share: float, on_cells: Floats, taken: float, position: Floats) -> None:
        """Give off where carriers are: suspended, on the floor, and on cells. What lies on cells is taken off the floor."""
        transport = self._transport()
        volume = transport.cells.volume()
        lying = self._floor.get(number, np.zeros(transport.cells.count))
        kept = max(0.0, 1.0 - taken / float(lying.sum())) if lying.sum() > 0 else 0.0
        self.into.field(self.rows[number], share * (np.maximum(self._suspended(number), 0.0) + kept * lying / volume))

    def give(self, number: int, amounts: Floats, position: Floats) -> None:
        """Put it in where the cells are."""
        self.into.at(self.rows[number], amounts, position)

    def wash(self, number: int) -> None:
        """Do nothing: the flow washes."""

    def _transport(self) -> Transport:
        assert self.chip.transport is not None
        return self.chip.transport

    def _suspended(self, number: int) -> Floats:
        transport = self._transport()
        names = [one.name for one in transport.solutes]
        return np.asarray(transport.state.cells_um[names.index(self.chip.solutes[self.carried[number]])])

    def _account(self, number: int) -> Account:
        transport = self._transport()
        return transport.ledger[self.chip.solutes[self.carried[number]]]


def deposition_per_min(carrier: DosedCarrier, length_um: float, depth_um: float, speed_um_per_min: float) -> float:
    """Return the first-order rate that takes as much out of a chamber's flow as its floor catches: ``−ln(1 − caught) U/L``."""
    return _caught(carrier.diameter_nm, carrier.density_g_per_cm3, length_um, depth_um, speed_um_per_min)


@lru_cache(maxsize=64)
def _caught(diameter_nm: float, density: float, length: float, depth: float, speed: float) -> float:
    particle = Particle(diameter_nm, 1e3 * density)
    diffusion, settling = stokes_einstein(particle, CULTURE_MEDIUM), settling_velocity(particle, CULTURE_MEDIUM)
    caught = perfused_deposition(Perfusion(length, depth, speed), diffusion, settling).delivered_fraction
    return -math.log1p(-min(caught, 1 - 1e-9)) * speed / length
