"""Velocities on the faces of a grid, with drag from floor and ceiling: the momentum equations of the Brinkman methods.

For every mode over depth, k² u - ∇²u = -∇p/μ with k = nπ/h (and 1/K more in a gel of permeability K), u on vertical and v on
horizontal faces. Side walls parallel to a face lie half a cell away; the coefficients are fitted to exp(±ky) there, as in
``cross_section.py``. A face's neighbour that lies on a wall is held at 0 (as in the marker-and-cell scheme: F. H. Harlow &
J. E. Welch, Phys. Fluids 8:2182, 1965).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.cross_section import fitted
from coculture.chip.flow.depth_quadrature import DepthMode
from coculture.chip.flow.multigrid import Multigrid

Floats = NDArray[np.float64]
TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False)
class FaceMode:
    """One mode of one component of velocity.

    Attributes
    ----------
    mode : which.
    grids : the operator, integrated over the faces' cells.
    push : (rows, columns) what multiplies -∇p/μ on the right side, µm³.
    slope_of_u, slope_of_push : the slope of velocity at a side wall is slope_of_u × u + slope_of_push × (-∂p/μ).
    """

    mode: DepthMode
    grids: Multigrid
    push: Floats
    slope_of_u: Floats
    slope_of_push: Floats

    def velocity(self, gradient: Floats) -> Floats:
        """Return the mode's velocity for ``gradient`` = -∂p/μ on the faces."""
        return self.grids.solve(self.push * gradient, TOLERANCE)


def face_depths(depth: Floats) -> Floats:
    """Return (Y, X + 1) the depth of the openings through vertical faces of (Y, X) ``depth``."""
    rows, columns = depth.shape
    faces = np.zeros((rows, columns + 1))
    faces[:, 1:-1] = np.minimum(depth[:, :-1], depth[:, 1:])
    return faces


def face_modes(
    depth: Floats, resistance: Floats, ports: NDArray[np.bool_], pitch: float, modes: Sequence[DepthMode]
) -> list[FaceMode]:
    """Return the equations of the velocity along x, one for each mode; transpose the arrays for the velocity along y.

    Parameters
    ----------
    depth : (Y, X) µm, 0 where nothing flows.
    resistance : (Y, X) 1/K of gels, 1/µm²; 0 in medium.
    ports : (Y, X) cells under ports, whose far side is no wall to what flows through the near one.
    pitch : width of a cell, µm.
    modes : the nodes over depth.
    """
    faces = face_depths(depth)
    inside = faces > 0
    safe = np.where(inside, faces, 1.0)
    gel = np.zeros_like(faces)
    gel[:, 1:-1] = 0.5 * (resistance[:, :-1] + resistance[:, 1:])
    across, down, ahead, beside = _neighbours(faces, depth > 0, ports)
    found = []
    for mode in modes:
        wave = np.sqrt((mode.number * math.pi / safe) ** 2 + gel)
        coupling, gamma = fitted(wave * pitch)
        coupling = np.where(inside, coupling, 0.0)
        mode_across, mode_down = across.copy(), down.copy()
        mode_across[:, 1:-1] *= 0.5 * (coupling[:, :-1] + coupling[:, 1:])
        mode_down[1:-1] *= 0.5 * (coupling[:-1] + coupling[1:])
        held = faces * coupling * (ahead + 2.0 * beside.sum(axis=0))
        walls = np.where(inside, beside.sum(axis=0), 0.0)
        grids = Multigrid(np.where(inside, faces * (wave * pitch) ** 2, 0.0), held, mode_across, mode_down)
        push = faces * pitch**2 * np.maximum(1.0 - gamma * walls, 0.0)
        slope = np.where(walls > 0, 2.0 * coupling / pitch, 0.0)
        found.append(FaceMode(mode, grids, push, slope, np.where(walls > 0, pitch * gamma, 0.0)))
    return found


def _neighbours(faces: Floats, inside: NDArray[np.bool_], ports: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats, Floats]:
    """Return depths of openings between faces, and how far a face is shut ahead (sum of two) and on either side (2, …)."""
    rows, columns = faces.shape
    safe = np.where(faces > 0, faces, 1.0)
    across, down = np.zeros((rows, columns + 1)), np.zeros((rows + 1, columns))
    across[:, 1:-1] = np.minimum(faces[:, :-1], faces[:, 1:])
    down[1:-1] = np.minimum(faces[:-1], faces[1:])
    before, after = 1.0 - across[:, :-1] / safe, 1.0 - across[:, 1:] / safe
    before[:, 1:] *= ~ports
    after[:, :-1] *= ~ports
    ahead = np.where(faces > 0, before + after, 0.0)
    padded = np.zeros((rows + 2, columns + 1))
    padded[1:-1, 1:-1] = inside
    shut = 1.0 - 0.5 * (padded[:, :-1] + padded[:, 1:])
    step = np.stack((1.0 - down[:-1] / safe, 1.0 - down[1:] / safe))
    beside = np.where(step < 1.0, step, np.stack((shut[:-2], shut[2:])))
    return across, down, ahead, np.where(faces > 0, beside, 0.0)
