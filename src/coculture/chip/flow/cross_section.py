"""What a cell's place in the cross-section of a channel means for the flow through it.

Stokes flow driven by a pressure that is the same at every height splits, between z = 0 and z = h, into modes sin(nπz/h), n
odd. The mean over depth of a straight duct's velocity is exactly

    ū = (G/μ) Σ 8/(n²π²) ψ_n      with   ∇²ψ_n - (nπ/h)² ψ_n = -1,   ψ_n = 0 at side walls,

and the stress on the floor is τ = G (4/h) Σ ψ_n, where G is the pressure gradient. (It is the series solution of the
rectangular duct, see ``network/resistance.py``, written for any cross-section.) Far from side walls ψ_n = (h/nπ)², and the
sums are h²/12 and h/2: the plane channel. Four nodes stand for all n (``depth_quadrature.py``).

The equations for ψ are solved by finite volumes whose coefficients are fitted to the exact solutions exp(±ky), k = nπ/h: in a
straight channel along the grid the means over cells are exact on any grid, even with one cell across. With s = kΔ the
coupling of two neighbours is k² β, β = 1/(4 sinh²(s/2)); a wall at the cell's side couples twice as strongly and takes
γ = coth(s/2)/s - 2β off the right side (1/3 on fine grids).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.depth_quadrature import DepthMode, depth_modes
from coculture.chip.flow.multigrid import Multigrid
from coculture.chip.flow.ports import under_ports
from coculture.chip.grid import FLUID, ChipGrid

Floats = NDArray[np.float64]
TOLERANCE = 1e-7


@dataclass(frozen=True, eq=False)
class CrossSection:
    """What a cell's place in the cross-section of a channel means for the flow through it, (Y, X), 0 in walls.

    Attributes
    ----------
    mobility : m, µm²: the mean velocity over depth is -(m/μ) ∇p.
    floor : µm: the stress on the floor is this times |∇p|.
    side : µm: the stress on a side wall (mean over depth) is this times |∇p|; 0 where the cell touches none.
    """

    mobility: Floats
    floor: Floats
    side: Floats


def fitted(s: Floats) -> tuple[Floats, Floats]:
    """Return s²β = (s/2)²/sinh²(s/2) and γ = coth(s/2)/s - 2β, without overflow or cancellation; 1 and 1/3 as s → 0."""
    clipped = np.clip(s, 1e-4, 300.0)
    coupling = (0.5 * clipped / np.sinh(0.5 * clipped)) ** 2
    exact = 1.0 / (np.tanh(0.5 * clipped) * clipped) - 2.0 * coupling / clipped**2
    return coupling, np.where(clipped < 0.05, 1.0 / 3.0 - clipped**2 / 90.0, exact)


@dataclass(frozen=True, eq=False)
class Faces:
    """How deep the opening between neighbouring cells is, and how much of a cell's four sides is wall.

    Attributes
    ----------
    across, down : (Y, X + 1) and (Y + 1, X) depth of the opening, µm; 0 where there is none.
    walls : (Y, X) number of sides that are wall; a step in depth counts as far as it closes the side.
    """

    across: Floats
    down: Floats
    walls: Floats


def faces_of(depth: Floats, ports: NDArray[np.bool_]) -> Faces:
    """Return the openings between the cells of (Y, X) ``depth`` (µm, 0 where nothing flows).

    Cells under ``ports`` are left out, and what lies beside them goes on as if the channel did.
    """
    rows, columns = depth.shape
    across, down = np.zeros((rows, columns + 1)), np.zeros((rows + 1, columns))
    across[:, 1:-1] = np.minimum(depth[:, :-1], depth[:, 1:])
    down[1:-1] = np.minimum(depth[:-1], depth[1:])
    open_sides = across[:, :-1] + across[:, 1:] + down[:-1] + down[1:]
    inside = (depth > 0) & ~ports
    walls = np.where(inside, 4.0 - open_sides / np.where(inside, depth, 1.0), 0.0)
    across[:, 1:-1] *= ~(ports[:, :-1] | ports[:, 1:])
    down[1:-1] *= ~(ports[:-1] | ports[1:])
    return Faces(across, down, walls)


def solve_mode(faces: Faces, depth: Floats, wave: Floats, pitch: float) -> Floats:
    """Return (Y, X) the means over cells of ψ with ∇²ψ - wave² ψ = -1 and ψ = 0 at walls; µm².

    ``wave`` (Y, X) is in 1/µm; ``depth`` weights cells where it differs between neighbours.
    """
    coupling, gamma = fitted(wave * pitch)
    inside = depth > 0
    coupling = np.where(inside, coupling, 0.0)
    across, down = faces.across.copy(), faces.down.copy()
    across[:, 1:-1] *= 0.5 * (coupling[:, :-1] + coupling[:, 1:])
    down[1:-1] *= 0.5 * (coupling[:-1] + coupling[1:])
    grids = Multigrid(np.where(inside, depth * (wave * pitch) ** 2, 0.0), 2.0 * depth * coupling * faces.walls, across, down)
    right = depth * pitch**2 * np.maximum(1.0 - gamma * faces.walls, 0.0)
    return grids.solve(right, TOLERANCE, start=_far(grids, wave, inside))


def _far(grids: Multigrid, wave: Floats, inside: NDArray[np.bool_]) -> Floats:
    return np.where(inside & (grids.operator.diag > 0), 1.0 / wave**2, 0.0)


def wall_slope(psi: Floats, wave: Floats, pitch: float) -> Floats:
    """Return the slope of ψ at a wall of each cell, from the mean of the exact solution that fits the cell."""
    coupling, gamma = fitted(wave * pitch)
    return np.asarray(2.0 * coupling / pitch * psi + pitch * gamma)


def cross_section(grid: ChipGrid, modes: Sequence[DepthMode] | None = None) -> CrossSection:
    """Return mobility, floor and side factors of every fluid cell of ``grid``; other cells count as walls and hold 0.

    ``modes`` are the nodes over depth, by default those of :func:`depth_modes`.
    """
    depth = np.where(grid.space == FLUID, grid.depth_um, 0.0)
    safe = np.where(depth > 0, depth, 1.0)
    ports = under_ports(grid)
    faces = faces_of(depth, ports)
    solved = np.where(ports, 0.0, depth)
    at_wall = np.nonzero(faces.walls > 0)
    mobility, floor, side = np.zeros(depth.shape), np.zeros(depth.shape), np.zeros(depth.shape)
    for mode in depth_modes() if modes is None else modes:
        wave = mode.number * math.pi / safe
        psi = solve_mode(faces, solved, wave, grid.pitch_um)
        mobility += mode.share * psi
        floor += 0.5 * (math.pi * mode.number) ** 2 * mode.share * psi
        side[at_wall] += mode.share * wall_slope(psi[at_wall], wave[at_wall], grid.pitch_um)
    mobility = np.where(ports, depth**2 / 12.0, mobility)
    return CrossSection(mobility, np.where(ports, depth / 2.0, floor / safe), side)
