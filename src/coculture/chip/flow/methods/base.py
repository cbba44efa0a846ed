"""What a flow method is: from a chip, driven ports and a viscosity to pressure, flows and wall stress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.ports import PortDrive
from coculture.chip.flow.pressure import PressureFlow, Solver
from coculture.chip.grid import ChipGrid

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FlowProblem:
    """What is to be solved.

    Attributes
    ----------
    grid, driven : the chip and what drives the flow.
    viscosity : (Y, X) Pa·min; it varies where the medium is shear-thinning.
    solver : which linear solver.
    """

    grid: ChipGrid
    driven: PortDrive
    viscosity: Floats
    solver: Solver = "auto"


@dataclass(frozen=True, eq=False)
class FlowSolution:
    """What a method found.

    Attributes
    ----------
    flow : pressure and face flows.
    openings : (Y, X + 1) and (Y + 1, X), the faces through which something may flow.
    mobility : (Y, X) µm², local mobility; √(12 m) is the length that flow is thin over.
    floor_length, side_length : (Y, X) µm; wall stress is viscosity × mean velocity / this length, ∞ where there is none.
    """

    flow: PressureFlow
    openings: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    mobility: Floats
    floor_length: Floats
    side_length: Floats


@dataclass(frozen=True)
class FlowMethod:
    """One way to compute the flow.

    Attributes
    ----------
    name : as settings name it.
    prepare : from a grid to a function that solves problems on it; what does not depend on viscosity is done once.
    """

    name: str
    prepare: Callable[[ChipGrid], Callable[[FlowProblem], FlowSolution]]
