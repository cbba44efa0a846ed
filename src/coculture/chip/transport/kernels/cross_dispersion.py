"""Dispersion along a flow that is oblique to the grid: the part of the tensor that couples x and y."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
MOST = 0.9
"""Largest share of the geometric mean of the straight parts that the mixed part may be."""


@compiled
def flow_out(column: Ints, inward: Floats, i: int, side: int) -> float:
    """Return the flow out of a cell through one side: the difference of the two transfer coefficients."""
    other = column[4 * i + side]
    if other == i:
        return 0.0
    return float(inward[4 * other + (side ^ 1)] - inward[4 * i + side])


@compiled
def mixed_dispersion(column: Ints, inward: Floats, dispersivity: Floats, conductivity: Floats, mixed: Floats) -> None:
    """Fill (n, 2) K_xy × depth of the right and the lower face, µm³/min.

    ``dispersivity`` is depth / (210 D pitch²) of each cell; K_xy = h² u v / (210 D), with v the mean of both cells' flow along
    the face. It is held at ``MOST`` of the geometric mean of K_xx and K_yy, which cuts it only where K along the flow is above
    about 18 D and the flow is oblique; a share of what spreads along the flow then spreads across it.
    """
    for i in range(dispersivity.size):
        for side in (1, 3):
            other = column[4 * i + side]
            along = 2 if side == 1 else 0
            beside = flow_out(column, inward, i, along + 1) - flow_out(column, inward, i, along)
            beside += flow_out(column, inward, other, along + 1) - flow_out(column, inward, other, along)
            through = flow_out(column, inward, i, side)
            spread = 0.5 * (dispersivity[i] + dispersivity[other])
            still = 0.5 * (conductivity[i] + conductivity[other])
            beside *= 0.25
            most = MOST * math.sqrt((still + spread * through * through) * (still + spread * beside * beside))
            mixed[i, side // 2] = min(max(spread * through * beside, -most), most)


@compiled
def add_cross_dispersion(column: Ints, mixed: Floats, x: Floats, out: Floats) -> None:
    """Add to ``out`` the fluxes -K_xy ∂c/∂y through the right faces and -K_xy ∂c/∂x through the lower ones.

    ``mixed`` is from :func:`mixed_dispersion`. The slope along a face is
    the mean of both cells' and no steeper than what would empty the lower of them over one cell, so that no concentration turns
    negative. The sum over all cells is 0.
    """
    count = x.size
    rise = np.empty(count)
    for k in range(2):
        before, after = (2, 3) if k == 0 else (0, 1)
        for i in range(count):
            first, last = column[4 * i + before], column[4 * i + after]
            rise[i] = (x[last] - x[first]) * (0.5 if first != i and last != i else 1.0)
        for i in range(count):
            other = column[4 * i + 2 * k + 1]
            most = 2.0 * max(min(x[i], x[other]), 0.0)
            moved = mixed[i, k] * min(max(0.5 * (rise[i] + rise[other]), -most), most)
            out[i] += moved
            out[other] -= moved
