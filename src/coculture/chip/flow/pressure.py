"""The pressure equation div(c ∇p) = 0 on a chip's grid, where c = depth × mobility / viscosity.

Finite volumes: what flows from a cell to its neighbour is the pressure difference times the harmonic mean of their c (two
half cells in series), so that depth steps and gels keep their volume. Cells of a port with given pressure are known; the
cells of a port with given flow are one unknown, because the wide hole above them evens the pressure out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from coculture.chip.flow.linear_solve import solve_algebraically, solve_directly
from coculture.chip.flow.multigrid import Multigrid
from coculture.chip.flow.ports import PortDrive
from coculture.errors import DataError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Solver = Literal["auto", "direct", "multigrid", "algebraic"]
Index = tuple[slice, slice]
SparseSolve = Callable[[csr_array, Floats], Floats]
DIRECT_BELOW = 10_000
"""Number of cells below which a direct solve takes a few hundredths of a second (``benchmarks/chip_flow.py``)."""
TOLERANCE, SWEEPS, PATIENCE = 1e-10, 2, 20


@dataclass(frozen=True, eq=False)
class PressureFlow:
    """Pressure (Y, X) in Pa, and flows through faces in µm³/min as in ``FlowField``."""

    pressure: Floats
    flow_x: Floats
    flow_y: Floats


def conductances(conductivity: Floats) -> tuple[Floats, Floats]:
    """Return (Y, X + 1) and (Y + 1, X) the harmonic means of (Y, X) ``conductivity`` over faces; 0 at the rim and at walls."""
    rows, columns = conductivity.shape
    across, down = np.zeros((rows, columns + 1)), np.zeros((rows + 1, columns))
    inverse = np.divide(1.0, conductivity, out=np.full_like(conductivity, np.inf), where=conductivity > 0)
    across[:, 1:-1] = 2.0 / (inverse[:, :-1] + inverse[:, 1:])
    down[1:-1] = 2.0 / (inverse[:-1] + inverse[1:])
    return across, down


def face_conductances(conductivity: Floats, driven: PortDrive) -> tuple[Floats, Floats]:
    """Return conductances of faces; between a port and a free cell, that of the free cell, as if the channel went on."""
    inside = np.where(driven.reached, conductivity, 0.0)
    across, down = conductances(inside)
    port = driven.ports
    for faces, here, there in _inner_faces(across, down):
        rim = (port[here] != port[there]) & (faces > 0)
        faces[rim] = np.where(port[here], inside[there], inside[here])[rim]
    return across, down


def number_unknowns(driven: PortDrive) -> tuple[Whole, int]:
    """Return (Y, X) the unknown of each cell (-1 where pressure is known or there is none), and how many there are."""
    free = driven.reached & np.isnan(driven.held)
    for cells, _ in driven.flows:
        free.flat[cells] = False
    unknown = np.full(free.shape, -1, dtype=np.int64)
    count = int(free.sum())
    unknown[free] = np.arange(count)
    for number, (cells, _) in enumerate(driven.flows, start=count):
        unknown.flat[cells] = number
    return unknown, count + len(driven.flows)


def solve_pressure(conductivity: Floats, driven: PortDrive, solver: Solver = "auto") -> PressureFlow:
    """Return pressure and flow for (Y, X) ``conductivity`` c, µm³/(Pa·min), 0 in walls.

    ``auto`` factorises small systems, tries geometric multigrid on large ones, and factorises after all where that stalls, as it
    does in long serpentines.

    Raises
    ------
    DataError : if an iteration does not converge.
    """
    across, down = face_conductances(conductivity, driven)
    known = np.where(np.isnan(driven.held), 0.0, driven.held)
    small = int(driven.reached.sum()) < DIRECT_BELOW
    pressure: Floats | None = None
    if solver == "multigrid" or (solver == "auto" and not small):
        try:
            pressure = _on_grids(across, down, driven, known)
        except DataError:
            if solver == "multigrid":
                raise
    if pressure is None:
        pressure = _as_matrix(across, down, driven, known, solve_algebraically if solver == "algebraic" else solve_directly)
    return PressureFlow(pressure, *face_flows(across, down, pressure))


def _on_grids(across: Floats, down: Floats, driven: PortDrive, known: Floats) -> Floats:
    """Solve with every port held at a pressure, once for each port of given flow, and add up what gives those flows."""
    fixed = ~np.isnan(driven.held)
    for cells, _ in driven.flows:
        fixed.flat[cells] = True
    right = np.zeros_like(known)
    inner_across, inner_down, held = hold(across, down, fixed)
    grids = Multigrid(np.zeros_like(known), held, inner_across, inner_down, SWEEPS)

    def around(pressure: Floats) -> Floats:
        right[:] = 0.0
        for conductance, here, there in _inner_faces(across, down):
            right[here] += conductance * pressure[there]
            right[there] += conductance * pressure[here]
        right[fixed] = 0.0
        return np.asarray(pressure + grids.solve(right, TOLERANCE, patience=PATIENCE))

    base = around(known)
    responses = []
    for cells, _ in driven.flows:
        unit = np.zeros_like(known)
        unit.flat[cells] = 1.0
        responses.append(around(unit))
    return _combine(base, responses, driven, across, down)


def hold(across: Floats, down: Floats, fixed: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Return conductances between free cells only, and (Y, X) what each free cell is held by its ``fixed`` neighbours."""
    across, down, held = across.copy(), down.copy(), np.zeros(fixed.shape)
    for inner, here, there in _inner_faces(across, down):
        held[here] += inner * fixed[there]
        held[there] += inner * fixed[here]
        inner *= ~(fixed[here] | fixed[there])
    held[fixed] = 0.0
    return across, down, held


def _inner_faces(across: Floats, down: Floats) -> tuple[tuple[Floats, Index, Index], tuple[Floats, Index, Index]]:
    """Return, for vertical and for horizontal faces, their inner values and the cells before and after them."""
    return (across[:, 1:-1], np.s_[:, :-1], np.s_[:, 1:]), (down[1:-1], np.s_[:-1, :], np.s_[1:, :])


def _combine(base: Floats, responses: list[Floats], driven: PortDrive, across: Floats, down: Floats) -> Floats:
    """Add to ``base`` so much of each response to 1 Pa at a port that every such port has its flow."""
    if not responses:
        return base

    def through_ports(pressure: Floats) -> Floats:
        flow_x, flow_y = face_flows(across, down, pressure)
        net = flow_x[:, 1:] - flow_x[:, :-1] + flow_y[1:] - flow_y[:-1]
        return np.array([net.flat[cells].sum() for cells, _ in driven.flows])

    matrix = np.column_stack([through_ports(response) for response in responses])
    wanted = np.array([flow for _, flow in driven.flows]) - through_ports(base)
    for share, response in zip(np.linalg.solve(matrix, wanted), responses, strict=True):
        base = base + share * response
    return base


def _as_matrix(across: Floats, down: Floats, driven: PortDrive, known: Floats, solve: SparseSolve) -> Floats:
    unknown, count = number_unknowns(driven)
    matrix, right = assemble(across, down, unknown, count, known)
    for number, (_, flow) in enumerate(driven.flows, start=count - len(driven.flows)):
        right[number] += flow
    if not right.any():
        return known
    return np.asarray(np.where(unknown >= 0, solve(matrix, right)[unknown], known))


def face_flows(across: Floats, down: Floats, pressure: Floats) -> tuple[Floats, Floats]:
    """Return flow through vertical and horizontal faces that (Y, X) ``pressure`` drives."""
    flow_x, flow_y = np.zeros_like(across), np.zeros_like(down)
    flow_x[:, 1:-1] = across[:, 1:-1] * (pressure[:, :-1] - pressure[:, 1:])
    flow_y[1:-1] = down[1:-1] * (pressure[:-1] - pressure[1:])
    return flow_x, flow_y


def assemble(across: Floats, down: Floats, unknown: Whole, count: int, held: Floats) -> tuple[csr_array, Floats]:
    """Return matrix and right side for the cells numbered by ``unknown``; the others have the pressure ``held``."""
    here = np.concatenate((unknown[:, :-1].ravel(), unknown[:-1].ravel()))
    there = np.concatenate((unknown[:, 1:].ravel(), unknown[1:].ravel()))
    weight = np.concatenate((across[:, 1:-1].ravel(), down[1:-1].ravel()))
    held_here = np.concatenate((held[:, :-1].ravel(), held[:-1].ravel()))
    held_there = np.concatenate((held[:, 1:].ravel(), held[1:].ravel()))
    diagonal, right = np.zeros(count), np.zeros(count)
    inner = (here >= 0) & (there >= 0) & (here != there) & (weight > 0)
    for one, other, held_other in ((here, there, held_there), (there, here, held_here)):
        diagonal += np.bincount(one[inner], weight[inner], count)
        rim = (one >= 0) & (other < 0) & (weight > 0)
        diagonal += np.bincount(one[rim], weight[rim], count)
        right += np.bincount(one[rim], weight[rim] * held_other[rim], count)
    rows = np.concatenate((here[inner], there[inner], np.arange(count)))
    columns = np.concatenate((there[inner], here[inner], np.arange(count)))
    values = np.concatenate((-weight[inner], -weight[inner], diagonal))
    return coo_array((values, (rows, columns)), shape=(count, count)).tocsr(), right
