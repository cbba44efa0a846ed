"""Chips too plain to need a drawing: straight channels and open squares with a flow that is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coculture.chip.flow.field import FlowField
from coculture.chip.grid import FLUID, GEL, ChipGrid, GelKind, Port


def open_box(rows: int, columns: int, pitch_um: float, depth_um: float = 100.0) -> ChipGrid:
    """Return a chip that is fluid all over."""
    shape = (rows, columns)
    nothing = np.full(shape, -1, np.int16)
    return ChipGrid("box", pitch_um, np.full(shape, FLUID, np.uint8), np.full(shape, depth_um), nothing, nothing.copy())


def gel_box(rows: int, columns: int, pitch_um: float, gel: GelKind, depth_um: float = 100.0) -> ChipGrid:
    """Return a chip that is gel all over."""
    grid = open_box(rows, columns, pitch_um, depth_um)
    return replace(grid, space=np.full(grid.shape, GEL, np.uint8), gel=np.zeros(grid.shape, np.int16), gels=(gel,))


def plug_flow(
    rows: int, columns: int, pitch_um: float, velocity_um_per_min: np.ndarray | float, depth_um: float = 100.0
) -> FlowField:
    """Return a channel along x: ``top`` feeds the upper half of the first column, ``bottom`` the lower, ``out`` drains the last.

    The velocity may differ from row to row.
    """
    grid = open_box(rows, columns, pitch_um, depth_um)
    flow = np.broadcast_to(np.asarray(velocity_um_per_min, float), (rows,)) * pitch_um * depth_um
    along = np.zeros((rows, columns + 1))
    along[:, 1:-1] = flow[:, None]
    port = np.zeros((rows, columns))
    port[:, 0], port[:, -1] = flow, -flow
    first = np.arange(rows) * columns
    half = rows // 2
    ports = (
        Port("top", "inlet", first[:half]),
        Port("bottom", "inlet", first[half:]),
        Port("out", "outlet", first + columns - 1),
    )
    return _field(
        replace(grid, ports=tuple(each for each in ports if each.cells.size)), along, np.zeros((rows + 1, columns)), port
    )


def oblique_flow(cells: int, pitch_um: float, speed_um_per_min: float, angle: float, depth_um: float = 100.0) -> FlowField:
    """Return an open square with a uniform flow at ``angle`` (0 to π/2) to x.

    ``low`` feeds where y cos < x sin, ``high`` elsewhere on the first row and column.
    """
    grid = open_box(cells, cells, pitch_um, depth_um)
    right, down = (speed_um_per_min * part * pitch_um * depth_um for part in (np.cos(angle), np.sin(angle)))
    along, across = np.zeros((cells, cells + 1)), np.zeros((cells + 1, cells))
    along[:, 1:-1], across[1:-1] = right, down
    port = np.zeros(grid.shape)
    port[:, 0] += right
    port[:, -1] -= right
    port[0] += down
    port[-1] -= down
    rows, columns = np.indices(grid.shape)
    side = (rows + 0.5) * np.cos(angle) - (columns + 0.5) * np.sin(angle)
    enters = port.ravel() > 0
    ports = (
        Port("low", "inlet", np.flatnonzero(enters & (side.ravel() < 0))),
        Port("high", "inlet", np.flatnonzero(enters & (side.ravel() >= 0))),
        Port("out", "outlet", np.flatnonzero(port.ravel() < 0)),
    )
    return _field(replace(grid, ports=ports), along, across, port)


def _field(grid: ChipGrid, along: np.ndarray, across: np.ndarray, port: np.ndarray) -> FlowField:
    nothing = np.zeros(grid.shape)
    return FlowField(grid, nothing, along, across, port, nothing.copy(), "known")
