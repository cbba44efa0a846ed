"""Refuse what cannot be computed, before anything is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.field import FlowField
from coculture.chip.grid import ChipGrid
from coculture.chip.transport.schedule import Schedule
from coculture.chip.transport.solute import Solute
from coculture.errors import InputError


def check_solutes(solutes: Sequence[Solute], grid: ChipGrid) -> None:
    """Refuse no solute, two of one name, and a partition into a gel that is not there."""
    names = [solute.name for solute in solutes]
    if not names:
        raise InputError("there is no solute", "transport", "name at least one")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"two solutes are called '{twice[0]}'", "transport", "give each a name of its own")
    gels = [gel.name for gel in grid.gels]
    for solute in solutes:
        for gel in solute.gel_partition:
            if gel not in gels:
                raise InputError(
                    f"gel_partition names the gel '{gel}'",
                    f"solute '{solute.name}'",
                    "gels of this chip: " + (", ".join(gels) or "none"),
                )


def check_flow(flow: FlowField | None, grid: ChipGrid) -> None:
    """Refuse a flow of another grid."""
    if flow is not None and flow.grid is not grid and not np.array_equal(flow.grid.space, grid.space):
        raise InputError("the flow was solved on another grid", "transport", "solve the flow on this grid")


def check_inlets(
    inlets: Mapping[str, Mapping[str, Schedule | float]], solutes: Sequence[Solute], grid: ChipGrid, flow: FlowField | None
) -> None:
    """Refuse a port that is not there, and an inlet that leaves a solute open."""
    ports = {port.name: port for port in grid.ports}
    names = [solute.name for solute in solutes]
    for port_name, given in inlets.items():
        if port_name not in ports:
            raise InputError(f"there is no port '{port_name}'", "inlets", "ports are: " + (", ".join(ports) or "none"))
        for name in given:
            if name not in names:
                raise InputError(f"there is no solute '{name}'", f"inlets['{port_name}']", "solutes are: " + ", ".join(names))
    if flow is not None:
        _check_all_named(inlets, names, grid, flow)


def check_start(start_um: Mapping[str, float | NDArray[np.float64]], names: Sequence[str], grid: ChipGrid) -> None:
    """Refuse first concentrations of unknown solutes, wrong shape, negative or not finite."""
    for name, given in start_um.items():
        where = f"start_um['{name}']"
        values = np.asarray(given, float)
        if name not in names:
            raise InputError(f"there is no solute '{name}'", where, "solutes are: " + ", ".join(names))
        if values.ndim and values.shape != grid.shape:
            raise InputError(f"the shape is {values.shape}", where, f"give one number, or one a cell: {grid.shape}")
        if not np.isfinite(values).all() or (values < 0).any():
            raise InputError("a concentration is negative or not a number", where, "give finite concentrations >= 0")


def check_walls(values: object, what: str, solute: str) -> None:
    """Refuse an answer of a wall's law that is negative or not finite."""
    numbers = np.asarray(values, float)
    if not np.isfinite(numbers).all() or (numbers < 0).any():
        raise InputError(f"{what} is negative or not a number", f"wall law, solute '{solute}'", "give finite numbers >= 0")


def _check_all_named(
    inlets: Mapping[str, Mapping[str, Schedule | float]], names: Sequence[str], grid: ChipGrid, flow: FlowField
) -> None:
    entering = flow.port_flow.ravel() > 1e-9 * np.abs(flow.port_flow).max(initial=0.0)
    covered = np.zeros(entering.size, bool)
    for port in grid.ports:
        covered[port.cells] = True
        if not entering[port.cells].any():
            continue
        for name in names:
            if name not in inlets.get(port.name, {}):
                raise InputError(
                    f"medium enters through port '{port.name}', but what it brings of '{name}' is not said",
                    "inlets",
                    f"add inlets['{port.name}']['{name}'], 0 for none",
                )
    if (entering & ~covered).any():
        row, column = divmod(int(np.flatnonzero(entering & ~covered)[0]), grid.shape[1])
        raise InputError(
            f"medium enters in cell (row {row}, column {column}), where there is no port", "flow", "solve the flow on this grid"
        )
