"""Brinkman with the duct's own modes over depth: Stokes flow under the one assumption that pressure is the same at every height.

Exact in straight ducts of any width and depth, in wide shallow chambers, and for posts much taller than their gaps. The
slowest method, and the measure for the others.
"""

from __future__ import annotations

from collections.abc import Callable

from coculture.chip.flow.depth_quadrature import depth_modes
from coculture.chip.flow.methods.base import FlowMethod, FlowProblem, FlowSolution
from coculture.chip.flow.methods.stokes_brinkman import prepare
from coculture.chip.grid import ChipGrid


def _prepare(grid: ChipGrid) -> Callable[[FlowProblem], FlowSolution]:
    return prepare(depth_modes(), grid)


METHOD = FlowMethod("brinkman-modes", _prepare)
