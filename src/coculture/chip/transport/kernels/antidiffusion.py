"""What the fitted flux smears, given back where the profile is smooth, and the rows a solution must satisfy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


TINY = 1e-300


@compiled
def other_side(rise: float, onward: bool) -> float:
    """Return ``rise`` as seen from the cell that counts, wherever the flow goes."""
    return rise if onward else -rise


@compiled
def add_antidiffusion(column: Ints, inward: Floats, lack: Floats, x: Floats, out: Floats) -> None:
    """Add to ``out`` what limited second-order fluxes move beyond the fitted ones.

    On a face with flow Q from U to D, and UU the cell upstream of U, van Leer's limiter gives the flux
    ``Q (c_U + (c_U - c_UU)(c_D - c_U) / (c_D - c_UU)) - G (c_D - c_U)``; it is taken where it smears less than the fitted
    flux, which is kept elsewhere. The sum over all cells is 0. Nothing branches on data, which a processor cannot foresee.
    """
    for i in range(x.size):
        own, gained = x[i], 0.0
        for k in range(2):
            side = 2 * k + 1
            other = column[4 * i + side]
            flow = inward[4 * other + side - 1] - inward[4 * i + side]
            onward = flow > 0.0
            far = column[4 * i + side - 1] if onward else column[4 * other + side]
            up = own if onward else x[other]
            rise = x[other] - own if onward else own - x[other]
            before = up - x[far]
            limited = max(before * rise, 0.0) / (abs(before + rise) + TINY)
            moved = math.copysign(max(abs(flow) * limited - lack[i, k] * abs(rise), 0.0), other_side(rise, onward))
            gained -= moved
            out[other] += moved
        out[i] += gained


@compiled
def relax_never_negative(column: Ints, inward: Floats, diagonal: Floats, right: Floats, moved: Floats, x: Floats) -> None:
    """Sweep once in row order so that no unknown turns negative.

    ``moved`` is what fluxes outside the matrix bring; where they take away, they count as a share of what is there.
    """
    for i in range(diagonal.size):
        value, divisor = right[i], diagonal[i]
        for j in range(4 * i, 4 * i + 4):
            value += inward[j] * x[column[j]]
        if moved[i] >= 0.0:
            value += moved[i]
        elif x[i] > 0.0:
            divisor -= moved[i] / x[i]
        x[i] = value / divisor
