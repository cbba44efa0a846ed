"""What drives the flow: a pressure or a flow rate at every port of a chip."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from coculture.chip.grid import ChipGrid
from coculture.errors import InputError, Problem

UM3_PER_UL = 1e9
BALANCED = 1e-9
"""Flow rates that sum to less than this share of their sizes balance."""


@dataclass(frozen=True)
class PortCondition:
    """What a port is held at: exactly one of the two.

    Attributes
    ----------
    pressure_pa : pressure at the centres of the port's cells, Pa.
    flow_ul_per_min : medium that enters through the port, µL/min; negative where it leaves; 0 is a closed port. The pressure
        under the port is the same everywhere and follows from the flow.

    Raises
    ------
    InputError : if none or both are given, or the number is not finite.
    """

    pressure_pa: float | None = None
    flow_ul_per_min: float | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.pressure_pa, self.flow_ul_per_min) if value is not None]
        if len(given) != 1:
            raise InputError(
                "a port needs either a pressure or a flow rate" + (", not both" if given else ""),
                where="port",
                remedy="give pressure_pa or flow_ul_per_min (0 closes the port)",
            )
        if not math.isfinite(given[0]):
            raise InputError(f"a port is held at {given[0]!r}", where="port", remedy="give a finite number")


def under_ports(grid: ChipGrid) -> NDArray[np.bool_]:
    """Return (Y, X) the cells under ports: medium comes in from above there, so that no side of them counts as a wall."""
    found = np.zeros(grid.shape, dtype=np.bool_)
    for port in grid.ports:
        found.flat[port.cells] = True
    return found


@dataclass(frozen=True, eq=False)
class PortDrive:
    """Ports of a grid, put into numbers.

    Attributes
    ----------
    reached : (Y, X) cells that are joined to a port.
    ports : (Y, X) cells under ports.
    held : (Y, X) pressure at cells of fixed pressure, Pa; NaN elsewhere.
    flows : cells of each port of given flow (positions in the flattened grid), and that flow, µm³/min.
    seeds : cells at which pressure is fixed, at least one in every part of the chip.
    notes : sentences a user must know.
    """

    reached: NDArray[np.bool_]
    ports: NDArray[np.bool_]
    held: NDArray[np.float64]
    flows: tuple[tuple[NDArray[np.int64], float], ...]
    seeds: NDArray[np.int64]
    notes: tuple[str, ...]


def drive(grid: ChipGrid, ports: Mapping[str, PortCondition]) -> PortDrive:
    """Return what ``ports`` mean on ``grid``.

    Raises
    ------
    InputError : for all faults at once: a port without condition, a condition without port, a port on a wall or on another
        port, flow rates that do not balance in a part of the chip that has no port of given pressure.
    """
    if problems := list(_problems(grid, ports)):
        raise InputError(problems)
    parts, count = ndimage.label(grid.open)
    flat = parts.ravel()
    held = np.full(grid.shape, np.nan)
    flows: list[tuple[NDArray[np.int64], float]] = []
    with_pressure, with_port = np.zeros(count + 1, dtype=np.bool_), np.zeros(count + 1, dtype=np.bool_)
    for port in grid.ports:
        condition = ports[port.name]
        with_port[flat[port.cells]] = True
        if condition.pressure_pa is not None:
            held.flat[port.cells] = condition.pressure_pa
            with_pressure[flat[port.cells]] = True
    notes = _hold_loose_parts(grid, ports, flat, with_port & ~with_pressure, held)
    for port in grid.ports:
        flow = ports[port.name].flow_ul_per_min
        if flow is not None and np.isnan(held.flat[port.cells[0]]):
            flows.append((port.cells, flow * UM3_PER_UL))
    with_port[0] = False
    shut = grid.open & ~with_port[parts]
    if shut.any():
        notes.append(f"{int(shut.sum())} open cells are joined to no port: nothing flows there")
    return PortDrive(with_port[parts], under_ports(grid), held, tuple(flows), np.flatnonzero(~np.isnan(held)), tuple(notes))


def _problems(grid: ChipGrid, ports: Mapping[str, PortCondition]) -> Iterable[Problem]:
    names = [port.name for port in grid.ports]
    for name in ports:
        if name not in names:
            yield Problem(f"there is no port '{name}'", grid.name, "ports: " + (", ".join(names) or "none"))
    taken = np.zeros(grid.space.size, dtype=np.bool_)
    for port in grid.ports:
        where = f"{grid.name}, port '{port.name}'"
        if port.name not in ports:
            yield Problem("neither pressure nor flow is given", where, "give one; flow_ul_per_min = 0 closes the port")
        if not port.cells.size or not grid.open.flat[port.cells].all():
            yield Problem("it covers walls, or no cell at all", where, "move it over a channel, or use a finer grid")
        elif taken[port.cells].any():
            yield Problem("it overlaps another port", where, "move them apart")
        taken[port.cells] = True


def _hold_loose_parts(
    grid: ChipGrid,
    ports: Mapping[str, PortCondition],
    parts: NDArray[np.int32],
    loose: NDArray[np.bool_],
    held: NDArray[np.float64],
) -> list[str]:
    """Fix the pressure of one port, at 0 Pa, in every part of the chip that has only ports of given flow; say so."""
    notes = []
    for part in np.flatnonzero(loose):
        inside = [port for port in grid.ports if (parts[port.cells] == part).any()]
        flows = [ports[port.name].flow_ul_per_min or 0.0 for port in inside]
        if abs(sum(flows)) > BALANCED * sum(abs(flow) for flow in flows):
            named = ", ".join(f"{port.name} {flow:g}" for port, flow in zip(inside, flows, strict=True))
            raise InputError(
                f"the flow rates do not balance: {named} µL/min sum to {sum(flows):g}",
                where=f"{grid.name}, ports",
                remedy="give one of these ports a pressure (an outlet: pressure_pa = 0), or let the flows sum to 0",
            )
        held.flat[inside[-1].cells] = 0.0
        notes.append(f"no pressure is given: pressures are counted from port '{inside[-1].name}'")
    return notes
