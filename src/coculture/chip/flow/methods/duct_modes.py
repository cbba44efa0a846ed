"""The default: local mobility from the duct's own modes over depth (see ``flow/cross_section.py``).

div(h m ∇p) = 0 with m of the exact duct: total flow, velocity profile and floor stress of straight channels of any width and
depth are those of the series solution. In bends, junctions and around posts the pressure gradient of a Darcy flow stands in
for the Stokes flow's; ``brinkman-modes`` gives the difference.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from coculture.chip.flow.cross_section import cross_section
from coculture.chip.flow.methods.base import FlowMethod, FlowProblem, FlowSolution
from coculture.chip.flow.methods.local_mobility import solve_with, with_gels
from coculture.chip.grid import ChipGrid


def _prepare(grid: ChipGrid) -> Callable[[FlowProblem], FlowSolution]:
    return partial(solve_with, with_gels(cross_section(grid), grid))


METHOD = FlowMethod("duct-modes", _prepare)
