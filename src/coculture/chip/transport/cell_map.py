"""The open cells of a chip in the order of its flow, and what lies beside each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.field import FlowField
from coculture.chip.grid import WALL, ChipGrid
from coculture.chip.transport.kernels.ordering import flow_order
from coculture.errors import InputError

Floats = NDArray[np.float64]
SIDES = ((0, -1), (0, 1), (-1, 0), (1, 0))
"""Row and column steps to the left, right, upper and lower neighbour."""


@dataclass(frozen=True, eq=False)
class CellMap:
    """The n open cells of a grid, each after those that flow into it.

    Attributes
    ----------
    grid : the chip.
    flow : the flow through it.
    order : (n,) int32 place of each cell in the flattened grid.
    neighbours : (n, 4) int32 the cells to the left, right, above and below; the cell itself where there is a wall.
    """

    grid: ChipGrid
    flow: FlowField | None
    order: NDArray[np.int32]
    neighbours: NDArray[np.int32]

    @classmethod
    def build(cls, grid: ChipGrid, flow: FlowField | None) -> CellMap:
        """Number the open cells.

        Raises
        ------
        InputError : if nothing is open, or a cell's inflow is not its outflow.
        """
        places = np.flatnonzero(grid.space.ravel() != WALL)
        if places.size == 0:
            raise InputError("no cell is open", f"grid '{grid.name}'", "draw a channel")
        if flow is not None:
            _check_balance(flow)
            there = places
            places = there[flow_order(_neighbours(grid.shape, there), side_flows(flow, there))]
        return cls(grid, flow, places.astype(np.int32), _neighbours(grid.shape, places))

    @property
    def count(self) -> int:
        """Number of open cells."""
        return self.order.size

    def volume(self) -> Floats:
        """Return (n,) the volume that solutes can reach, µm³."""
        volume = self.grid.depth_um.ravel()[self.order] * self.grid.pitch_um**2
        for number, gel in enumerate(self.grid.gels):
            volume[self.grid.gel.ravel()[self.order] == number] *= gel.porosity
        return np.asarray(volume)

    def rows_and_columns(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return (n,) the row and the column of each cell in the grid."""
        rows, columns = np.divmod(self.order, np.int32(self.grid.shape[1]))
        return rows, columns

    def through_ports(self) -> Floats:
        """Return (n,) the flow that enters through ports, µm³/min; negative where it leaves."""
        return np.zeros(self.count) if self.flow is None else np.asarray(self.flow.port_flow.ravel()[self.order])

    def pack(self, field: NDArray[np.float64]) -> Floats:
        """Return the open cells' values of a (Y, X) field."""
        return np.ascontiguousarray(field.ravel()[self.order], dtype=np.float64)

    def unpack(self, values: Floats) -> Floats:
        """Return a (Y, X) field; 0 in walls."""
        field = np.zeros(self.grid.shape)
        field.ravel()[self.order] = values
        return field

    def packed_places(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return which open cells lie at places of the flattened grid; walls are left out."""
        number = np.full(self.grid.space.size, -1, np.int64)
        number[self.order] = np.arange(self.count)
        found = number[cells]
        return np.asarray(found[found >= 0])


def side_flows(flow: FlowField | None, places: NDArray[np.int64] | NDArray[np.int32]) -> Floats:
    """Return (n, 4) the flow out of cells through their left, right, upper and lower side, µm³/min."""
    if flow is None:
        return np.zeros((places.size, 4))
    rows, columns = np.divmod(places, flow.grid.shape[1])
    sides = (
        -flow.flow_x[rows, columns],
        flow.flow_x[rows, columns + 1],
        -flow.flow_y[rows, columns],
        flow.flow_y[rows + 1, columns],
    )
    return np.column_stack(sides)


def _neighbours(shape: tuple[int, int], places: NDArray[np.int64]) -> NDArray[np.int32]:
    number = np.full((shape[0] + 2, shape[1] + 2), -1, np.int32)
    rows, columns = np.divmod(places, shape[1])
    own = np.arange(places.size, dtype=np.int32)
    number[rows + 1, columns + 1] = own
    found = np.empty((places.size, 4), np.int32)
    for side, (down, right) in enumerate(SIDES):
        beside = number[rows + 1 + down, columns + 1 + right]
        found[:, side] = np.where(beside < 0, own, beside)
    return found


def _check_balance(flow: FlowField) -> None:
    net = flow.flow_x[:, :-1] - flow.flow_x[:, 1:] + flow.flow_y[:-1] - flow.flow_y[1:] + flow.port_flow
    if not np.isfinite(net).all():
        raise InputError("the flow field holds a number that is not finite", "flow", "solve the flow again")
    through = max(float(np.abs(flow.flow_x).max()), float(np.abs(flow.flow_y).max()), float(np.abs(flow.port_flow).max()))
    worst = int(np.abs(net).argmax())
    if abs(net.flat[worst]) > 1e-8 * through:
        row, column = divmod(worst, net.shape[1])
        raise InputError(
            f"inflow is not outflow in cell (row {row}, column {column}): {net.flat[worst]:.3g} µm³/min are left",
            "flow",
            "solve the flow to a smaller residual; transport would make or lose solute there",
        )
    closed = np.zeros(flow.grid.space.shape, bool)
    closed |= flow.grid.space == WALL
    through_wall = (closed[:, 1:] | closed[:, :-1]) & (flow.flow_x[:, 1:-1] != 0)
    if through_wall.any() or ((closed[1:] | closed[:-1]) & (flow.flow_y[1:-1] != 0)).any():
        raise InputError("there is flow through a wall", "flow", "solve the flow on this very grid")
    edges = (flow.flow_x[:, 0], flow.flow_x[:, -1], flow.flow_y[0], flow.flow_y[-1])
    if any((edge != 0).any() for edge in edges):
        raise InputError("there is flow through the edge of the grid", "flow", "let medium enter and leave through ports")
