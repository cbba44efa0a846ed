"""What the fitted flux smears, given back where the profile is smooth, and the rows a solution must satisfy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@compiled
def sharpening(flow: float, before: float, rise: float, lack: float) -> float:
    """Return the flux that the fitted one lacks on a face, along the flow, over the rise of the concentration across it.

    ``before`` is the rise over the face upstream; van Leer's limiter, taken where it smears less than the fitted flux.
    """
    if before * rise <= 0.0:
        return 0.0
    return max(abs(flow) * before / (before + rise) - lack, 0.0)


@compiled
def add_antidiffusion(column: Ints, inward: Floats, lack: Floats, x: Floats, out: Floats) -> None:
    """Add to ``out`` what limited second-order fluxes move beyond the fitted ones.

    On a face with flow Q from U to D, and UU the cell upstream of U, van Leer's limiter gives the flux
    ``Q (c_U + (c_U - c_UU)(c_D - c_U) / (c_D - c_UU)) - G (c_D - c_U)``; it is taken where it smears less than the fitted
    flux, which is kept elsewhere. The sum over all cells is 0.
    """
    for i in range(x.size):
        for side in (1, 3):
            other = column[4 * i + side]
            if other == i:
                continue
            flow = inward[4 * other + side - 1] - inward[4 * i + side]
            up, down, far = (i, other, column[4 * i + side - 1]) if flow > 0.0 else (other, i, column[4 * other + side])
            rise = x[down] - x[up]
            moved = rise * sharpening(flow, x[up] - x[far], rise, lack[i, side // 2])
            out[up] -= moved
            out[down] += moved


@compiled
def relax_never_negative(
    start: Ints, column: Ints, inward: Floats, diagonal: Floats, right: Floats, moved: Floats, x: Floats
) -> None:
    """Sweep once in row order so that no unknown turns negative.

    ``moved`` is what fluxes outside the matrix bring; where they take away, they count as a share of what is there.
    """
    for i in range(diagonal.size):
        value, divisor = right[i], diagonal[i]
        for j in range(start[i], start[i + 1]):
            value += inward[j] * x[column[j]]
        if moved[i] >= 0.0:
            value += moved[i]
        elif x[i] > 0.0:
            divisor -= moved[i] / x[i]
        x[i] = value / divisor
