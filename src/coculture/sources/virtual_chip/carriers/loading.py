"""From what was dosed into a well to its carriers: which doses are carriers, what travels on a chip for them, and their cargo."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from coculture.cells.medium.medium import Medium
from coculture.cells.model import CellModel
from coculture.cells.surroundings import Surroundings
from coculture.chip.particles.stokes import stokes_einstein
from coculture.sources.virtual_chip.carriers.beds.base import Room
from coculture.sources.virtual_chip.carriers.beds.flow import FlowBed, deposition_per_min
from coculture.sources.virtual_chip.carriers.beds.into import Into, IntoChip, IntoWell
from coculture.sources.virtual_chip.carriers.beds.still import StillBed
from coculture.sources.virtual_chip.carriers.beds.stirred import Stirred
from coculture.sources.virtual_chip.carriers.cargo import Cargo
from coculture.sources.virtual_chip.carriers.carrier import CULTURE_MEDIUM, DosedCarrier
from coculture.sources.virtual_chip.drug import Dose, Drug
from coculture.sources.virtual_chip.settings import VirtualSettings
from coculture.sources.virtual_chip.surroundings import ChipSurroundings
from coculture.sources.virtual_chip.vessels.base import Vessel
from coculture.sources.virtual_chip.vessels.chip import ChipVessel

SOLUTE_OF_CARRIER = "carrier_{}"
"""Name of the solute of suspended carriers on a perfused chip, by the number of their dose."""

FEED_STEP_MIN = 30.0
"""Carriers in the syringe give off drug there; what comes in with them is stepped up this often."""


@dataclass(frozen=True)
class Loading:
    """The carriers of one well.

    Attributes
    ----------
    doses, carriers : doses of carriers, and the carrier of each.
    settings : the screen.
    """

    doses: tuple[Dose, ...]
    carriers: tuple[DosedCarrier, ...]
    settings: VirtualSettings

    @property
    def flows(self) -> bool:
        """Whether carriers come with a flow."""
        vessel = self.settings.vessel
        return self.settings.delivered and isinstance(vessel, ChipVessel) and bool(vessel.conditions)

    def travelling(self, names: Mapping[str, str], folder: Path) -> tuple[dict[str, Drug], tuple[Dose, ...]]:
        """Return what a perfused chip carries for them: suspended carriers as a solute, and drug freed in the syringe."""
        if not self.flows:
            return {}, ()
        length, depth, speed = _chamber(self.settings.vessel, folder)
        drugs, doses = {}, []
        for number, (one, carrier) in enumerate(zip(self.doses, self.carriers, strict=True)):
            name = SOLUTE_OF_CARRIER.format(number)
            rate = deposition_per_min(carrier, length, depth, speed)
            spread = stokes_einstein(carrier.particle, CULTURE_MEDIUM)
            drugs[name] = Drug(name, diffusion_um2_per_min=spread, decay_per_min=rate)
            doses.append(replace(one, drug=name))
            doses += _fed(one, carrier, names[carrier.drug], self.settings.read_out_min[-1])
        return drugs, tuple(doses)

    def named(self, suspended: Collection[str]) -> dict[str, str]:
        """Return which carrier each solute of suspended carriers is."""
        solutes = {SOLUTE_OF_CARRIER.format(number): one.drug for number, one in enumerate(self.doses)}
        return {name: carrier for name, carrier in solutes.items() if name in suspended}

    def cargo(self, around: Surroundings, model: CellModel, names: Mapping[str, str]) -> Cargo:
        """Return the cargo at the start."""
        vessel, room = self.settings.vessel, room_of(self.settings.vessel)
        if not self.settings.delivered:
            return Cargo(self.doses, self.carriers, Stirred(room, self.doses), room)
        rows = [model.solutes.index(names[one.drug]) for one in self.carriers]
        if self.flows:
            assert isinstance(around, ChipSurroundings)
            numbers = [model.solutes.index(SOLUTE_OF_CARRIER.format(number)) for number in range(len(self.doses))]
            return Cargo(self.doses, self.carriers, FlowBed(around, numbers, IntoChip(around), rows), room)
        enters = [not isinstance(vessel, ChipVessel) or (vessel.filled and one.start_min <= 0) for one in self.doses]
        last = self.settings.read_out_min[-1]
        return Cargo(
            self.doses, self.carriers, StillBed(room, self.doses, self.carriers, _into(around), rows, last, enters), room
        )


def split_doses(doses: Sequence[Dose], settings: VirtualSettings) -> tuple[tuple[Dose, ...], Loading | None]:
    """Return doses of free drugs, and the carriers. The drug of a carrier is among the free ones with a dose of 0."""
    if not settings.carriers:
        return tuple(doses), None
    free = [one for one in doses if one.drug not in settings.carriers]
    carried = [one for one in doses if one.drug in settings.carriers]
    if not carried:
        return tuple(free), None
    carriers = tuple(settings.carriers[one.drug] for one in carried)
    free += [Dose(name, 0.0) for name in dict.fromkeys(one.drug for one in carriers)]
    return tuple(free), Loading(tuple(carried), carriers, settings)


def room_of(vessel: Vessel) -> Room:
    """Return volume and floor of a vessel's medium."""
    if isinstance(vessel, ChipVessel):
        grid = vessel.grid
        floor = grid.pitch_um**2
        return Room(float(grid.depth_um[grid.open].sum()) * floor, float(np.count_nonzero(grid.open)) * floor)
    width, height = vessel.size_um
    depth: float = vessel.depth_um  # type: ignore[attr-defined]
    return Room(width * height * depth, width * height)


def _into(around: Surroundings) -> Into:
    if isinstance(around, Medium):
        return IntoWell(around)
    assert isinstance(around, ChipSurroundings)
    return IntoChip(around)


def _chamber(vessel: Vessel, folder: Path) -> tuple[float, float, float]:
    """Return length, depth and mean speed of the straight chamber with the chip's mean depth, speed and residence time."""
    assert isinstance(vessel, ChipVessel)
    flow, room = vessel.kept_flow(folder), room_of(vessel)
    assert flow is not None
    grid = vessel.grid
    along_x, along_y = flow.velocity()
    weights = np.where(grid.open, grid.depth_um, 0.0)
    speed = float((np.hypot(along_x, along_y) * weights).sum() / weights.sum())
    inflow = float(np.clip(flow.port_flow, 0.0, None).sum())
    return speed * room.volume_um3 / inflow, room.height_um, speed


def _fed(one: Dose, carrier: DosedCarrier, solute: str, last_min: float) -> list[Dose]:
    """Return the drug that comes in free with carriers that gave it off before they came in, in steps."""
    end = last_min if one.end_min is None else min(one.end_min, last_min)
    times = np.arange(one.start_min, end, FEED_STEP_MIN)
    more = np.diff(carrier.released(times + 0.5 * FEED_STEP_MIN - one.start_min), prepend=0.0)
    return [
        Dose(solute, one.um * float(share), float(time), one.end_min)
        for time, share in zip(times, more, strict=True)
        if share > 0
    ]
