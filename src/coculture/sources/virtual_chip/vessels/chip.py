"""A chip: drawn, filled with flowing medium, its flow solved once for all wells."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coculture.cells.founding import Region
from coculture.cells.medium.of_model import solutes_of
from coculture.cells.model import CellModel
from coculture.cells.surroundings import Surroundings
from coculture.chip.flow.field import FlowField
from coculture.chip.flow.medium import Medium
from coculture.chip.flow.ports import PortCondition
from coculture.chip.flow.solve import solve_flow
from coculture.chip.geometry.library import find_chip
from coculture.chip.geometry.raster import rasterise
from coculture.chip.grid import ChipGrid
from coculture.chip.materials.pdms.transport_walls import PdmsWalls
from coculture.chip.materials.pdms.wall import PdmsWall
from coculture.chip.transport.schedule import Schedule
from coculture.chip.transport.settings import TransportSettings
from coculture.chip.transport.solute import Solute
from coculture.chip.transport.transport import Transport
from coculture.errors import InputError
from coculture.sources.virtual_chip.drug import Dose, Drug
from coculture.sources.virtual_chip.surroundings import ChipSurroundings
from coculture.sources.virtual_chip.vessels.well import diffusion_of
from coculture.sources.virtual_chip.walls import Walls
from coculture.store.atomic import written_file

Floats = NDArray[np.float64]

FLOW_FILE = "flow.npz"
FLOW_ARRAYS = ("pressure_pa", "flow_x", "flow_y", "port_flow", "floor_shear_pa")
"""What is kept of a flow, by the names of :class:`FlowField`."""


@dataclass(frozen=True)
class ChipVessel:
    """A chip.

    Attributes
    ----------
    design : name of a design, or path of a file.
    parameters : values of its parameters.
    pitch_um : width of a cell of the grid, None for the design's own.
    conditions : what drives the flow, by port; none: the chip is at rest.
    holds_um : by port, by solute, the concentration that enters.
    dosed_ports : ports through which what is dosed enters, where medium does.
    start_um : concentrations at the start that differ from the culture's file.
    filled : whether the chip is filled with what is dosed from the start on.
    pdms : whether ceiling and sides take up drugs that dissolve in PDMS.
    viscosity_pa_s : of the medium.
    exchange_step_min : time between two exchanges of cells and medium.
    longest_min : how long a well lives.
    """

    design: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    pitch_um: float | None = None
    conditions: Mapping[str, PortCondition] = field(default_factory=dict)
    holds_um: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    dosed_ports: tuple[str, ...] = ()
    start_um: Mapping[str, float] = field(default_factory=dict)
    filled: bool = False
    pdms: bool = True
    viscosity_pa_s: float = 0.00069
    exchange_step_min: float = 6.0
    longest_min: float = 7 * 1440.0

    @property
    def grid(self) -> ChipGrid:
        """The chip cut into cells.

        Raises
        ------
        FileError, InputError : if the design cannot be used.
        """
        return _grid(self.design, tuple(sorted(self.parameters.items())), self.pitch_um)

    @property
    def size_um(self) -> tuple[float, float]:
        """(width, height) of the grid."""
        rows, columns = self.grid.shape
        return columns * self.grid.pitch_um, rows * self.grid.pitch_um

    @property
    def region_names(self) -> tuple[str, ...]:
        """The design's regions."""
        return tuple(self.grid.region_names)

    def region(self, name: str) -> Region:
        """Return the open cells of a region, or of the whole chip.

        Raises
        ------
        InputError : if the design has no such region.
        """
        grid = self.grid
        if name and name not in grid.region_names:
            there = ", ".join(grid.region_names) or "none"
            raise InputError(f"the chip has no region '{name}'", "seeding", f"its regions are: {there}")
        chosen = grid.open & grid.in_region(name) if name else grid.open
        return OpenCells(np.flatnonzero(chosen), grid.shape[1], grid.pitch_um)

    def prepare(self, folder: Path) -> None:
        """Solve the flow and keep it."""
        path = folder / "prepared" / FLOW_FILE
        if self.conditions and not path.exists():
            flow = self.flow()
            with written_file(path) as temporary, temporary.open("wb") as file:
                np.savez(file, **{name: getattr(flow, name) for name in FLOW_ARRAYS})

    def flow(self) -> FlowField:
        """Return the flow, solved.

        Raises
        ------
        InputError : if the ports cannot drive one.
        """
        return solve_flow(self.grid, self.conditions, Medium(self.viscosity_pa_s))

    def begin(self, folder: Path, model: CellModel, drugs: Mapping[str, Drug], doses: Sequence[Dose]) -> Surroundings:
        """Return the chip at the start."""
        grid, flow = self.grid, self.kept_flow(folder)
        transport = self._transport(grid, flow, model, drugs, doses) if model.solutes else None
        return ChipSurroundings(grid, flow, transport, model.solutes, Walls.of(grid), self.exchange_step_min)

    def pauses(self, doses: Sequence[Dose]) -> tuple[float, ...]:
        """Return nothing: doses come through the ports by their own schedule."""
        return ()

    def dose(self, surroundings: Surroundings, doses: Sequence[Dose], time_min: float) -> None:
        """Do nothing: see :meth:`pauses`."""

    def kept_flow(self, folder: Path) -> FlowField | None:
        """Return the flow that :meth:`prepare` kept, None in a chip at rest."""
        if not self.conditions:
            return None
        with np.load(folder / "prepared" / FLOW_FILE) as kept:
            pressure, flow_x, flow_y, ports, shear = (kept[name] for name in FLOW_ARRAYS)
            return FlowField(self.grid, pressure, flow_x, flow_y, ports, shear, "duct-modes")

    def _transport(
        self, grid: ChipGrid, flow: FlowField | None, model: CellModel, drugs: Mapping[str, Drug], doses: Sequence[Dose]
    ) -> Transport:
        own = {one.name: one for one in solutes_of(_without(model, drugs))}
        solutes = [Solute(one.name, one.diffusion_um2_per_min, one.decay_per_min) for one in own.values()]
        solutes += [Solute(name, diffusion_of(drug), drug.decay_per_min) for name, drug in drugs.items()]
        start = {name: self.start_um.get(name, float(np.max(one.start_um))) for name, one in own.items()}
        start |= {name: _at_start(name, doses) if self.filled else 0.0 for name in drugs}
        inlets = {port: self._entering(port, own, drugs, doses) for port in self.conditions}
        longest = TransportSettings(longest_step_min=max(self.exchange_step_min, 0.02))
        walls = self._walls(drugs)
        return Transport(grid, flow, solutes, inlets, start_um=start, walls=walls, settings=longest)

    def _entering(
        self, port: str, own: Mapping[str, object], drugs: Mapping[str, Drug], doses: Sequence[Dose]
    ) -> dict[str, Schedule | float]:
        """Return what enters through one port."""
        found: dict[str, Schedule | float] = {name: self.holds_um.get(port, {}).get(name, 0.0) for name in own}
        for name in drugs:
            found[name] = dose_schedule(name, doses) if port in self.dosed_ports else 0.0
        return found

    def _walls(self, drugs: Mapping[str, Drug]) -> PdmsWalls | None:
        """Return the walls. Only what serum leaves free goes into them, so bound drug lowers the partition."""
        taking = {name: drug for name, drug in drugs.items() if drug.pdms_partition > 0}
        if not (self.pdms and taking):
            return None
        walls = {
            name: PdmsWall(drug.pdms_partition * drug.free_fraction, drug.pdms_diffusion_um2_per_min)
            for name, drug in taking.items()
        }
        shallowest = float(self.grid.depth_um[self.grid.open].min())
        return PdmsWalls(walls, shallowest_um=shallowest, longest_min=self.longest_min)


@dataclass(frozen=True, eq=False)
class OpenCells:
    """Cells of a grid as a place to sow in.

    Attributes
    ----------
    cells : (n,) positions in the flattened grid.
    columns, pitch_um : of the grid.
    """

    cells: NDArray[np.int64]
    columns: int
    pitch_um: float

    def sample(self, generator: np.random.Generator, n: int) -> Floats:
        """Return (n, 3) uniform places; z is 0."""
        chosen = generator.choice(self.cells, n)
        places = np.zeros((n, 3))
        places[:, 0] = (chosen % self.columns + generator.random(n)) * self.pitch_um
        places[:, 1] = (chosen // self.columns + generator.random(n)) * self.pitch_um
        return places


def dose_schedule(solute: str, doses: Sequence[Dose]) -> Schedule:
    """Return what is dosed of a solute over time, in steps."""
    own = [one for one in doses if one.drug == solute]
    times = sorted({0.0, *(max(one.start_min, 0.0) for one in own), *(one.end_min for one in own if one.end_min is not None)})
    return Schedule.steps(times, [math.fsum(one.um for one in own if one.is_there(time)) for time in times])


def _at_start(solute: str, doses: Sequence[Dose]) -> float:
    return math.fsum(one.um for one in doses if one.drug == solute and one.is_there(0.0))


def _without(model: CellModel, drugs: Mapping[str, Drug]) -> CellModel:
    return replace(model, solutes=tuple(name for name in model.solutes if name not in drugs))


@lru_cache(maxsize=4)
def _grid(design: str, parameters: tuple[tuple[str, float], ...], pitch_um: float | None) -> ChipGrid:
    return rasterise(find_chip(design, dict(parameters)), pitch_um)
