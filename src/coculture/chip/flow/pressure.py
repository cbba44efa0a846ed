"""The pressure equation div(c ∇p) = 0 on a chip's grid, where c = depth × mobility / viscosity.

Finite volumes: what flows from a cell to its neighbour is the pressure difference times the harmonic mean of their c (two
half cells in series), so that depth steps and gels keep their volume. Cells of a port with given pressure are known; the
cells of a port with given flow are one unknown, because the wide hole above them evens the pressure out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from coculture.chip.flow.linear_solve import Solver, solve_symmetric
from coculture.chip.flow.ports import PortDrive

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


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
    """Return pressure and flow for (Y, X) ``conductivity`` c, µm³/(Pa·min), 0 in walls."""
    across, down = conductances(np.where(driven.reached, conductivity, 0.0))
    unknown, count = number_unknowns(driven)
    pressure = np.where(np.isnan(driven.held), 0.0, driven.held)
    if count:
        matrix, right = _assemble(across, down, unknown, count, pressure)
        for number, (_, flow) in enumerate(driven.flows, start=count - len(driven.flows)):
            right[number] += flow
        found = solve_symmetric(matrix, right, solver)
        pressure = np.where(unknown >= 0, found[unknown], pressure)
    return PressureFlow(pressure, *face_flows(across, down, pressure))


def face_flows(across: Floats, down: Floats, pressure: Floats) -> tuple[Floats, Floats]:
    """Return flow through vertical and horizontal faces that (Y, X) ``pressure`` drives."""
    flow_x, flow_y = np.zeros_like(across), np.zeros_like(down)
    flow_x[:, 1:-1] = across[:, 1:-1] * (pressure[:, :-1] - pressure[:, 1:])
    flow_y[1:-1] = down[1:-1] * (pressure[:-1] - pressure[1:])
    return flow_x, flow_y


def _assemble(across: Floats, down: Floats, unknown: Whole, count: int, held: Floats) -> tuple[csr_array, Floats]:
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
