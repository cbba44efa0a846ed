"""What passes between neighbouring cells per unit of concentration: exponentially fitted fluxes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]


@compiled
def bernoulli(z: float) -> float:
    """Return z / (exp(z) - 1), for every z."""
    if abs(z) < 1e-3:
        return 1.0 - 0.5 * z + z * z / 12.0
    if z > 500.0:
        return 0.0
    return z / math.expm1(z)


@compiled
def face_conductance(one: float, other: float) -> float:
    """Return the conductance of two half cells in a row."""
    if one <= 0.0 or other <= 0.0:
        return 0.0
    return 2.0 * one * other / (one + other)


@compiled
def fitted_transfers(
    neighbours: NDArray[np.int32],
    conductivity: Floats,
    dispersivity: Floats,
    outflow: Floats,
    inward: Floats,
    outward: Floats,
    lack: Floats,
) -> None:
    """Fill the transfer coefficients of every cell.

    The flux from a cell to its neighbour is ``G (B(-z) c_here - B(z) c_there)`` with z the face's flow over its
    conductance G and B Bernoulli's function: exact for constant flux in one dimension, upwind at high z, central at low.

    Parameters
    ----------
    neighbours : (n, 4) left, right, above, below; the cell itself where there is a wall.
    conductivity : (n,) diffusion coefficient × depth, µm³/min.
    dispersivity : (n,) what, times the square of the face's flow, adds to the conductance (Taylor and Aris), min/µm³.
    outflow : (n, 4) flow out through each side, µm³/min.
    inward : (n, 4) out: coefficient of each neighbour's concentration in what enters, µm³/min.
    outward : (n,) out: coefficient of the cell's own concentration in what leaves, µm³/min.
    lack : (n, 2) out: conductance less what the fitted flux uses of it, on the right and the lower face.
    """
    for i in range(neighbours.shape[0]):
        total = 0.0
        for d in range(4):
            other = neighbours[i, d]
            inward[i, d] = 0.0
            if d % 2 == 1:
                lack[i, d // 2] = 0.0
            if other == i:
                continue
            flow = outflow[i, d]
            conductance = face_conductance(conductivity[i], conductivity[other])
            conductance += 0.5 * (dispersivity[i] + dispersivity[other]) * flow * flow
            if conductance > 1e-12 * abs(flow) and conductance > 0.0:
                enters = conductance * bernoulli(flow / conductance)
                leaves = conductance * bernoulli(-flow / conductance)
            else:
                enters, leaves = max(-flow, 0.0), max(flow, 0.0)
            inward[i, d] = enters
            total += leaves
            if d % 2 == 1:
                lack[i, d // 2] = conductance - min(enters, leaves)
        outward[i] = total
