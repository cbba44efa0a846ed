"""What the two Brinkman methods share: momentum and volume balance together, for any set of modes over depth.

Unknown is the pressure p; the velocity of each mode follows from it, u = A⁻¹(-∇p/μ), and volume balance closes the system:

    div(h Σ share × A⁻¹ ∇p / μ) = 0.

It is solved by flexible GMRES. The preconditioner adds the two limits of that operator: Darcy flow with local mobility where
pressure varies slowly against the depth, and a viscous local resistance μ/(h Δ²) where it varies fast (after J. Cahouet &
J.-P. Chabard, Int. J. Numer. Methods Fluids 8:869, 1988).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator

from coculture.chip.flow.balance import net_outflow
from coculture.chip.flow.cross_section import cross_section
from coculture.chip.flow.depth_quadrature import DepthMode
from coculture.chip.flow.linear_solve import factorise
from coculture.chip.flow.methods.base import FlowProblem, FlowSolution
from coculture.chip.flow.methods.local_mobility import gel_permeability, with_gels
from coculture.chip.flow.ports import under_ports
from coculture.chip.flow.pressure import PressureFlow, assemble, face_conductances
from coculture.chip.flow.staggered import FaceMode, face_depths, face_modes
from coculture.chip.grid import ChipGrid
from coculture.errors import DataError

Floats = NDArray[np.float64]
TOLERANCE, ACCEPTED, ROUNDS = 1e-8, 1e-6, 60


@dataclass(frozen=True, eq=False)
class Momentum:
    """The momentum equations of a chip.

    Attributes
    ----------
    grid : the chip.
    modes : the modes over depth.
    along_x, along_y : the equations of each mode; those of y are transposed.
    depth_x, depth_y : depth of the openings through faces.
    mobility : (Y, X) local mobility, for the preconditioner.
    """

    grid: ChipGrid
    modes: Sequence[DepthMode]
    along_x: list[FaceMode]
    along_y: list[FaceMode]
    depth_x: Floats
    depth_y: Floats
    mobility: Floats

    def velocities(self, pressure: Floats, viscosity: Floats) -> tuple[list[Floats], list[Floats], Floats, Floats]:
        """Return each mode's velocity on faces along x and along y, and the driving -∂p/μ on those faces."""
        push_x = _gradient(pressure, viscosity, self.grid.pitch_um) * (self.depth_x > 0)
        push_y = _gradient(pressure.T, viscosity.T, self.grid.pitch_um).T * (self.depth_y > 0)
        along_x = [each.velocity(push_x) for each in self.along_x]
        along_y = [each.velocity(np.ascontiguousarray(push_y.T)).T for each in self.along_y]
        return along_x, along_y, push_x, push_y

    def flows(self, along_x: list[Floats], along_y: list[Floats]) -> tuple[Floats, Floats]:
        """Return volume flows through faces."""
        flow_x = sum(mode.share * u for mode, u in zip(self.modes, along_x, strict=True)) * self.depth_x * self.grid.pitch_um
        flow_y = sum(mode.share * v for mode, v in zip(self.modes, along_y, strict=True)) * self.depth_y * self.grid.pitch_um
        return flow_x, flow_y


def _gradient(pressure: Floats, viscosity: Floats, pitch: float) -> Floats:
    """Return (Y, X + 1) -∂p/∂x / μ on vertical faces, 0 at the rim."""
    found = np.zeros((pressure.shape[0], pressure.shape[1] + 1))
    found[:, 1:-1] = (pressure[:, :-1] - pressure[:, 1:]) / (pitch * 0.5 * (viscosity[:, :-1] + viscosity[:, 1:]))
    return found


def prepare(modes: Sequence[DepthMode], grid: ChipGrid) -> Callable[[FlowProblem], FlowSolution]:
    """Return what solves problems on ``grid`` with ``modes`` over depth."""
    depth = np.where(grid.open, grid.depth_um, 0.0)
    permeability = gel_permeability(grid)
    resistance = np.divide(1.0, permeability, out=np.zeros_like(depth), where=permeability > 0)
    ports = under_ports(grid)
    turned = [np.ascontiguousarray(each.T) for each in (depth, resistance)]
    momentum = Momentum(
        grid,
        modes,
        face_modes(depth, resistance, ports, grid.pitch_um, modes),
        face_modes(turned[0], turned[1], np.ascontiguousarray(ports.T), grid.pitch_um, modes),
        face_depths(depth),
        face_depths(depth.T).T,
        with_gels(cross_section(grid, modes), grid).mobility,
    )
    return partial(_solve, momentum)


def _solve(momentum: Momentum, problem: FlowProblem) -> FlowSolution:
    driven = problem.driven
    fixed = ~np.isnan(driven.held) | ~driven.reached
    for cells, _ in driven.flows:
        fixed.flat[cells] = True
    preconditioner = _preconditioner(momentum, problem, fixed)

    def net(pressure: Floats) -> Floats:
        along_x, along_y, _, _ = momentum.velocities(pressure, problem.viscosity)
        return net_outflow(*momentum.flows(along_x, along_y))

    def around(given: Floats) -> Floats:
        return given + _balance(net, preconditioner, fixed, -np.where(fixed, 0.0, net(given)))

    known = np.where(np.isnan(driven.held), 0.0, driven.held)
    pressure = around(known) if known.any() else known
    if driven.flows:
        pressure = _with_flows(around, net, problem, pressure)
    return _solution(momentum, problem, pressure)


def _with_flows(
    around: Callable[[Floats], Floats], net: Callable[[Floats], Floats], problem: FlowProblem, base: Floats
) -> Floats:
    """Add the responses to 1 Pa at each port of given flow so that every such port has its flow."""
    flows = problem.driven.flows
    responses = []
    for cells, _ in flows:
        unit = np.zeros_like(base)
        unit.flat[cells] = 1.0
        responses.append(around(unit))

    def through(pressure: Floats) -> Floats:
        found = net(pressure)
        return np.array([found.flat[cells].sum() for cells, _ in flows])

    wanted = np.array([flow for _, flow in flows]) - through(base)
    shares = np.linalg.solve(np.column_stack([through(response) for response in responses]), wanted)
    for share, response in zip(shares, responses, strict=True):
        base = base + share * response
    return base


def _preconditioner(momentum: Momentum, problem: FlowProblem, fixed: NDArray[np.bool_]) -> Callable[[Floats], Floats]:
    grid = momentum.grid
    across, down = face_conductances(grid.depth_um * momentum.mobility / problem.viscosity, problem.driven)
    unknown, count = np.full(grid.shape, -1, dtype=np.int64), int((~fixed).sum())
    unknown[~fixed] = np.arange(count)
    solve = factorise(assemble(across, down, unknown, count, np.zeros(grid.shape))[0]) if count else np.array
    area = np.where(fixed, np.inf, grid.depth_um * grid.pitch_um**2)
    local = np.divide(problem.viscosity, area, out=np.zeros(grid.shape), where=area > 0)

    def inverse(residual: Floats) -> Floats:
        found = local * residual
        found[~fixed] += solve(residual[~fixed])
        return found

    return inverse


def _balance(
    net: Callable[[Floats], Floats], preconditioner: Callable[[Floats], Floats], fixed: NDArray[np.bool_], right: Floats
) -> Floats:
    """Return the pressure, 0 in ``fixed`` cells, whose net outflow elsewhere is ``right``."""
    from pyamg.krylov import fgmres

    shape, free = fixed.shape, np.flatnonzero(~fixed)

    def spread(values: Floats) -> Floats:
        field = np.zeros(shape)
        field.flat[free] = values
        return field

    size = float(np.linalg.norm(right.flat[free]))
    if size == 0.0:
        return np.zeros(shape)
    operator = LinearOperator((free.size, free.size), lambda values: net(spread(values)).flat[free], dtype=np.float64)
    inverse = LinearOperator((free.size, free.size), lambda values: preconditioner(spread(values)).flat[free], dtype=np.float64)
    wanted = right.flat[free] / size
    found, status = fgmres(operator, wanted, tol=TOLERANCE, M=inverse, maxiter=min(ROUNDS, free.size), restart=None)
    if status != 0 and not float(np.linalg.norm(operator @ found - wanted)) < ACCEPTED:
        raise DataError(
            f"the flow was not found to {ACCEPTED:g} in {ROUNDS} iterations",
            where="flow",
            remedy="use a coarser grid, or method='duct-modes'",
        )
    return spread(found * size)


def _solution(momentum: Momentum, problem: FlowProblem, pressure: Floats) -> FlowSolution:
    along_x, along_y, push_x, push_y = momentum.velocities(pressure, problem.viscosity)
    flow_x, flow_y = momentum.flows(along_x, along_y)
    found = PressureFlow(pressure, flow_x, flow_y)
    depth, pitch = momentum.grid.depth_um, momentum.grid.pitch_um
    floor_x, floor_y, slope_x, slope_y = (np.zeros_like(each) for each in (flow_x, flow_y, flow_x, flow_y))
    for one, other, u, v in zip(momentum.along_x, momentum.along_y, along_x, along_y, strict=True):
        weight = 0.5 * (np.pi * one.mode.number) ** 2 * one.mode.share
        floor_x += weight * u
        floor_y += weight * v
        slope_x += one.mode.share * np.abs(one.slope_of_u * u + one.slope_of_push * push_x)
        slope_y += one.mode.share * np.abs(other.slope_of_u.T * v + other.slope_of_push.T * push_y)
    safe = np.where(depth > 0, depth, 1.0)
    floor = np.hypot(0.5 * (floor_x[:, :-1] + floor_x[:, 1:]), 0.5 * (floor_y[:-1] + floor_y[1:])) / safe
    side = np.maximum(np.maximum(slope_x[:, :-1], slope_x[:, 1:]), np.maximum(slope_y[:-1], slope_y[1:]))
    area = safe * pitch
    speed = np.hypot(0.5 * (flow_x[:, :-1] + flow_x[:, 1:]) / area, 0.5 * (flow_y[:-1] + flow_y[1:]) / area)
    moving = speed > 0
    lengths = [np.divide(speed, each, out=np.full(speed.shape, np.inf), where=moving & (each > 0)) for each in (floor, side)]
    permeability = gel_permeability(momentum.grid)
    lengths[0] = np.where(permeability > 0, np.sqrt(permeability), lengths[0])
    return FlowSolution(found, (momentum.depth_x > 0, momentum.depth_y > 0), momentum.mobility, *lengths)
