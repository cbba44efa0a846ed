"""What the two methods share in which velocity follows the local pressure gradient: ū = -(m/μ) ∇p."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.cross_section import CrossSection
from coculture.chip.flow.methods.base import FlowProblem, FlowSolution
from coculture.chip.flow.pressure import face_conductances, solve_pressure
from coculture.chip.grid import GEL, ChipGrid

Floats = NDArray[np.float64]


def with_gels(section: CrossSection, grid: ChipGrid) -> CrossSection:
    """Return ``section`` with the gels filled in: Darcy's law, and Brinkman's layer of thickness √K at floor and sides."""
    if not grid.gels:
        return section
    permeability = gel_permeability(grid)
    inside = grid.space == GEL
    return CrossSection(
        np.where(inside, permeability, section.mobility),
        np.where(inside, np.sqrt(permeability), section.floor),
        np.where(inside, np.sqrt(permeability), section.side),
    )


def gel_permeability(grid: ChipGrid) -> Floats:
    """Return (Y, X) Darcy permeability of gel cells, µm²; 0 elsewhere."""
    each = np.array([gel.permeability_um2 for gel in grid.gels] + [0.0])
    return np.asarray(np.where(grid.space == GEL, each[grid.gel], 0.0))


def solve_with(section: CrossSection, problem: FlowProblem) -> FlowSolution:
    """Return the flow of ``problem`` for given mobilities."""
    conductivity = problem.grid.depth_um * section.mobility / problem.viscosity
    flow = solve_pressure(conductivity, problem.driven, problem.solver)
    across, down = face_conductances(conductivity, problem.driven)
    with np.errstate(divide="ignore", invalid="ignore"):
        floor = np.where(section.floor > 0, section.mobility / section.floor, np.inf)
        side = np.where(section.side > 0, section.mobility / section.side, np.inf)
    return FlowSolution(flow, (across > 0, down > 0), section.mobility, floor, side)
