"""Diffusion and settling between the cells of a line, as the two numbers of each face that the kernel marches with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.chip.particles.floor import Floor

Floats = NDArray[np.float64]


def face_weights(faces_um: Floats, diffusion: float, settling: float) -> tuple[Floats, Floats]:
    """Return (n − 1,) weights of the cells above and below each inner face: flux = down·c_above − up·c_below.

    Central differences, second order on a smoothly graded line; the line must resolve what it carries.
    """
    centre = 0.5 * (faces_um[1:] + faces_um[:-1])
    apart = np.diff(centre)
    above = (centre[1:] - faces_um[1:-1]) / apart
    conductance = diffusion / apart
    return np.asarray(conductance + settling * above), np.asarray(conductance - settling * (1 - above))


def floor_numbers(faces_um: Floats, diffusion: float, settling: float, floor: Floor) -> Floats:
    """Return what the kernel needs to know of the floor: (a, b, k, r, Γmax).

    The half cell above the floor carries ``(D/δ)(B(−p) c_n − B(p) c_b)`` with ``p = vδ/D`` and ``B(p) = p/(e^p − 1)``: exact
    for the layer there (Scharfetter & Gummel 1969).
    """
    half = 0.5 * (faces_um[-1] - faces_um[-2])
    local = settling * half / diffusion
    room = -1.0 if np.isinf(floor.capacity_um) else floor.capacity_um
    sticking = -1.0 if floor.is_sink else floor.adhesion_um_per_min
    conductance = diffusion / half
    return np.array([conductance * bernoulli(-local), conductance * bernoulli(local), sticking, floor.release_per_min, room])


def bernoulli(value: float) -> float:
    """Return ``x/(e^x − 1)``, 1 at 0."""
    if abs(value) < 1e-10:
        return 1.0 - 0.5 * value
    return float(value / np.expm1(value)) if value < 700 else 0.0
