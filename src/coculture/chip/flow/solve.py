"""Solve the steady flow through a chip's grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.balance import close_balance
from coculture.chip.flow.field import FlowField
from coculture.chip.flow.judgement import judge
from coculture.chip.flow.medium import Medium
from coculture.chip.flow.methods.base import FlowProblem, FlowSolution
from coculture.chip.flow.methods.registry import flow_method
from coculture.chip.flow.ports import PortCondition, drive
from coculture.chip.flow.pressure import Solver
from coculture.chip.flow.thinning import settle
from coculture.chip.grid import GEL, ChipGrid
from coculture.errors import InputError, Problem

Floats = NDArray[np.float64]


def solve_flow(
    grid: ChipGrid,
    ports: Mapping[str, PortCondition],
    medium: Medium,
    method: str = "duct-modes",
    solver: Solver = "auto",
) -> FlowField:
    """Return the steady flow (without inertia) through ``grid``.

    Parameters
    ----------
    grid : the chip.
    ports : a condition for every port of the chip, by name.
    medium : the liquid.
    method : ``duct-modes`` (default), ``hele-shaw``, ``brinkman`` or ``brinkman-modes``; ``docs/chips/flow.md`` says when each
        holds.
    solver : ``direct``, ``multigrid`` (geometric), ``algebraic`` (PyAMG), or ``auto``: direct while the grid is small, geometric
        multigrid above.

    Raises
    ------
    InputError : if the ports cannot drive a flow, the grid contradicts itself, or the method is not known.
    DataError : if an iteration does not converge.
    """
    way = flow_method(method)
    _check_grid(grid)
    driven = drive(grid, ports)
    viscosity = np.full(grid.shape, medium.viscosity_pa_min)
    step, problem = way.prepare(grid), FlowProblem(grid, driven, viscosity, solver)
    if medium.thinning is None:
        solution = step(problem)
    else:
        solution, viscosity = settle(step, problem, medium.thinning)
    field = _field(problem, viscosity, solution, method)
    judged = judge(field, medium, np.sqrt(12.0 * solution.mobility), viscosity)
    return replace(field, notes=(*driven.notes, *judged.notes), numbers=judged.numbers)


def _check_grid(grid: ChipGrid) -> None:
    problems = []
    if not (np.isfinite(grid.pitch_um) and grid.pitch_um > 0):
        problems.append(Problem(f"pitch_um is {grid.pitch_um!r}", grid.name, "give a positive width of a cell"))
    depth = grid.depth_um[grid.open]
    if not (np.isfinite(depth).all() and (depth > 0).all()):
        problems.append(Problem("an open cell has no positive depth", grid.name, "give every channel, chamber and gel a depth"))
    problems += [
        Problem(f"permeability_um2 is {gel.permeability_um2!r}", f"{grid.name}, gel '{gel.name}'", "give a positive number")
        for gel in grid.gels
        if not (np.isfinite(gel.permeability_um2) and gel.permeability_um2 > 0)
    ]
    kinds = grid.gel[grid.space == GEL]
    if kinds.size and not ((kinds >= 0) & (kinds < len(grid.gels))).all():
        problems.append(Problem("a gel cell names no gel of the chip", grid.name, "set gel to the number of one of its gels"))
    if problems:
        raise InputError(problems)


def _field(problem: FlowProblem, viscosity: Floats, solution: FlowSolution, method: str) -> FlowField:
    flow, grid = solution.flow, problem.grid
    port_flow = close_balance(flow, problem.driven, solution.openings)
    field = FlowField(grid, flow.pressure, flow.flow_x, flow.flow_y, port_flow, np.zeros(grid.shape), method)
    stress = viscosity * np.hypot(*field.velocity())
    return replace(field, floor_shear_pa=stress / solution.floor_length, side_shear_pa=stress / solution.side_length)
