"""What a solute's balance meets at the edge of the chip: ports, reservoirs, membranes and walls, as numbers a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.chip.transport.balance import Held, Tank
from coculture.chip.transport.boundaries import Exchange, Reservoir
from coculture.chip.transport.cell_map import CellMap
from coculture.chip.transport.schedule import Schedule, as_schedule
from coculture.chip.transport.solute import Solute
from coculture.errors import InputError

Floats = NDArray[np.float64]


def inlet_flows(
    cells: CellMap, inlets: Mapping[str, Mapping[str, Schedule]], solute: str
) -> list[tuple[NDArray[np.int64], Floats, Schedule]]:
    """Return (cells, flow that enters, schedule) of each port through which medium enters."""
    found, through = [], cells.through_ports()
    for port in cells.grid.ports:
        places = cells.packed_places(port.cells)
        places = places[through[places] > 0]
        if port.name in inlets and places.size:
            found.append((places, through[places], inlets[port.name][solute]))
    return found


def outlet_flows(cells: CellMap) -> tuple[NDArray[np.int64], Floats]:
    """Return the cells through which medium leaves, and how much, µm³/min."""
    through = cells.through_ports()
    places = np.flatnonzero(through < 0)
    return places, -through[places]


def held_cells(cells: CellMap, reservoirs: Sequence[Reservoir], solute: Solute) -> list[Held]:
    """Return the exchange of a solute with reservoirs: conductance = D × depth × pitch / distance.

    Raises
    ------
    InputError : if a reservoir names no open cell, or its distance is not above 0.
    """
    found = []
    for reservoir in reservoirs:
        where = f"reservoir '{reservoir.name}'"
        places = cells.packed_places(np.asarray(reservoir.cells))
        if places.size == 0:
            raise InputError("none of its cells is open", where, "place it on fluid or gel")
        if not np.isfinite(reservoir.distance_um) or reservoir.distance_um <= 0:
            raise InputError(f"distance_um is {reservoir.distance_um}", where, "give a distance above 0, such as half a pitch")
        if solute.name in reservoir.concentration:
            conductance = _diffusion_times_depth(cells, solute, places) * cells.grid.pitch_um / reservoir.distance_um
            found.append(Held(places, conductance, as_schedule(reservoir.concentration[solute.name])))
    return found


def _diffusion_times_depth(cells: CellMap, solute: Solute, places: NDArray[np.int64]) -> Floats:
    grid, flat = cells.grid, cells.order[places]
    values = solute.diffusion_um2_per_min * grid.depth_um.ravel()[flat]
    for number, gel in enumerate(grid.gels):
        inside = grid.gel.ravel()[flat] == number
        values[inside] *= gel.diffusion_factor * solute.gel_partition.get(gel.name, 1.0)
    return np.asarray(values)


def membrane_tanks(cells: CellMap, exchanges: Sequence[Exchange], solute: str) -> list[Tank]:
    """Return the exchange of a solute with the tanks behind membranes: permeability × area of a cell.

    Raises
    ------
    InputError : if a membrane is not on the grid, covers no open cell, or a permeability cannot be used.
    """
    membranes = {membrane.name: membrane for membrane in cells.grid.membranes}
    found = []
    for exchange in exchanges:
        where = f"exchange through membrane '{exchange.membrane}'"
        if exchange.membrane not in membranes:
            raise InputError("the grid has no such membrane", where, "membranes are: " + (", ".join(membranes) or "none"))
        membrane = membranes[exchange.membrane]
        places = cells.packed_places(np.flatnonzero(cells.grid.in_region(membrane.region)))
        given = np.asarray(exchange.permeability_um_per_min.get(solute, 0.0), float)
        if given.ndim and given.shape != cells.grid.shape:
            raise InputError(f"the permeabilities have the shape {given.shape}", where, f"give one, or {cells.grid.shape}")
        permeability = np.broadcast_to(given, cells.grid.shape).ravel()[cells.order[places]]
        if places.size == 0 or not np.isfinite(permeability).all() or (permeability < 0).any():
            raise InputError("a permeability is negative or not a number, or no cell is open there", where, "give numbers >= 0")
        found.append(Tank(places, permeability * cells.grid.pitch_um**2, membrane.tank_volume_um3))
    return found


def tank_start(exchanges: Sequence[Exchange], names: Sequence[str]) -> Floats:
    """Return (s, m) the concentrations in the tanks at first.

    Raises
    ------
    InputError : if a concentration is negative or not finite, or a solute is not known.
    """
    start = np.zeros((len(names), len(exchanges)))
    for column, exchange in enumerate(exchanges):
        where = f"exchange through membrane '{exchange.membrane}'"
        for name in (*exchange.begin_um, *exchange.permeability_um_per_min):
            if name not in names:
                raise InputError(f"there is no solute '{name}'", where, "solutes are: " + ", ".join(names))
        for name, value in exchange.begin_um.items():
            if not np.isfinite(value) or value < 0:
                raise InputError(f"begin_um of '{name}' is {value}", where, "give a finite concentration >= 0")
            start[list(names).index(name), column] = value
    return start


def wall_area(cells: CellMap, surfaces: Sequence[str]) -> Floats:
    """Return (n,) the area of absorbing wall around each open cell, µm²."""
    grid = cells.grid
    own = np.arange(cells.count, dtype=np.int32)[:, None]
    area = np.zeros(cells.count)
    for flat_surface in ("ceiling", "floor"):
        if flat_surface in surfaces:
            area += grid.pitch_um**2
    if "sides" in surfaces:
        area += (cells.neighbours == own).sum(axis=1) * grid.pitch_um * grid.depth_um.ravel()[cells.order]
    return area
