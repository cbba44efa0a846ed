"""Dispersion along a flow that is oblique to the grid: the part of the tensor that couples x and y."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@compiled
def flow_out(column: Ints, inward: Floats, i: int, side: int) -> float:
    """Return the flow out of a cell through one side: the difference of the two transfer coefficients."""
    other = column[4 * i + side]
    if other == i:
        return 0.0
    return float(inward[4 * other + (side ^ 1)] - inward[4 * i + side])


@compiled
def rise_across(column: Ints, x: Floats, i: int, side: int) -> float:
    """Return the rise of ``x`` per cell from the neighbour at ``side`` to the one opposite; one-sided beside a wall."""
    before, after = column[4 * i + side], column[4 * i + side + 1]
    if before == i or after == i:
        return float(x[after] - x[before])
    return 0.5 * float(x[after] - x[before])


@compiled
def add_cross_dispersion(column: Ints, inward: Floats, dispersivity: Floats, x: Floats, out: Floats) -> None:
    """Add to ``out`` the fluxes -K_xy ∂c/∂y through the right faces and -K_xy ∂c/∂x through the lower ones.

    K_xy = h² u v / (210 D) is the mixed part of Taylor's and Aris's dispersion along the flow (u, v). The slope along a face is
    the mean of both cells' and no steeper than what would empty the lower of them over one cell, so that no concentration turns
    negative. The sum over all cells is 0.
    """
    for i in range(x.size):
        for side in (1, 3):
            other = column[4 * i + side]
            if other == i:
                continue
            along = 2 if side == 1 else 0
            beside = flow_out(column, inward, i, along + 1) - flow_out(column, inward, i, along)
            beside += flow_out(column, inward, other, along + 1) - flow_out(column, inward, other, along)
            through = flow_out(column, inward, i, side)
            factor = 0.5 * (dispersivity[i] + dispersivity[other]) * through * 0.25 * beside
            if factor == 0.0:
                continue
            rise = 0.5 * (rise_across(column, x, i, along) + rise_across(column, x, other, along))
            most = 2.0 * max(min(x[i], x[other]), 0.0)
            moved = factor * min(max(rise, -most), most)
            out[i] += moved
            out[other] -= moved
