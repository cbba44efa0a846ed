"""Hele-Shaw: the plane channel's mobility h²/12 everywhere, side walls slip.

Good where channels are much wider than deep: flow is too large by 0.63 h/w (6.7 % at w/h = 10, 137 % at 1).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from coculture.chip.flow.cross_section import CrossSection
from coculture.chip.flow.methods.base import FlowMethod, FlowProblem, FlowSolution
from coculture.chip.flow.methods.local_mobility import solve_with, with_gels
from coculture.chip.grid import FLUID, ChipGrid


def _prepare(grid: ChipGrid) -> Callable[[FlowProblem], FlowSolution]:
    depth = np.where(grid.space == FLUID, grid.depth_um, 0.0)
    section = CrossSection(depth**2 / 12.0, depth / 2.0, np.zeros_like(depth))
    return partial(solve_with, with_gels(section, grid))


METHOD = FlowMethod("hele-shaw", _prepare)
