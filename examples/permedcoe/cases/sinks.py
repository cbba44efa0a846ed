"""Diffusion toward sinks: what the two diffusion cases share, and the exact answers.

All sides are held at 10 µM, nothing is inside at the beginning, D = 2000 µm²/min. The wording contradicts itself on the sink:
20 µM per minute, 20 µM per 0.01 min, and 12,044 molecules a minute (which is 20 µM in 1 µm³, not in a voxel of 8000 µm³). We
take the first: a cell takes 20 µM·min⁻¹ × 8000 µm³, at any concentration above 0. Held sides lie on the faces of the cube.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import expm

from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.solute import SIDES, Solute
from coculture.cells.surroundings import Exchange

HELD_UM, DIFFUSION, TAKEN = 10.0, 2000.0, 20.0 * 8000.0


def medium(length_um: float, voxel_um: float) -> Medium:
    """Return the cube."""
    solute = Solute("substrate", DIFFUSION, 0.0, 0.0, dict.fromkeys(SIDES, HELD_UM))
    return Medium.of(Box((length_um,) * 3, voxel_um), [solute])


def taking(number: int) -> Exchange:
    """Return what cells do that take at a constant rate."""
    nothing = np.zeros((number, 1))
    return Exchange(nothing, nothing, nothing, np.full((number, 1), -TAKEN), np.full(number, 4188.79))


def centre_of_27(minutes: np.ndarray) -> np.ndarray:
    """Return the exact concentration of the central one of 27 voxels, from the exponential of their matrix."""
    line = np.diag([-3.0, -2.0, -3.0]) + np.eye(3, k=1) + np.eye(3, k=-1)
    one = np.eye(3)
    matrix = np.kron(np.kron(line, one), one) + np.kron(np.kron(one, line), one) + np.kron(np.kron(one, one), line)
    matrix *= DIFFUSION / 400.0
    given = -matrix @ np.full(27, HELD_UM)
    given[13] -= 20.0
    end = np.linalg.solve(matrix, -given)
    return np.array([(end - expm(matrix * t) @ end)[13] for t in minutes])


def centre_of_cube(modes: int = 60) -> float:
    """Return the exact steady mean concentration of the middle 20 µm of the 60 µm cube that take 20 µM/min, by Fourier series."""
    n = 2 * np.arange(modes) + 1
    inner = 2 * 60.0 / (n * np.pi) * np.sin(n * np.pi / 2) * np.sin(n * np.pi / 6)
    weight = inner[:, None, None] ** 2 * inner[None, :, None] ** 2 * inner[None, None, :] ** 2
    square = n[:, None, None] ** 2 + n[None, :, None] ** 2 + n[None, None, :] ** 2
    lowered = 20.0 * (2 / 60.0) ** 3 * (weight / (DIFFUSION * (np.pi / 60.0) ** 2 * square)).sum() / 8000.0
    return float(HELD_UM - lowered)
