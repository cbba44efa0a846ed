"""Rows of a sparse M-matrix: residual and Gauss-Seidel relaxation.

A row has four entries and reads ``diagonal[i] x[i] - sum_j inward[j] x[column[j]] = right[i]`` over ``4 i <= j < 4 i + 4``;
``inward`` is never negative, and 0 where there is no neighbour. Rows stand in the order of the flow, so that one sweep carries a
value from inlet to outlet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@compiled
def residual(column: Ints, inward: Floats, diagonal: Floats, x: Floats, right: Floats, out: Floats) -> None:
    """Write ``right - A x``."""
    for i in range(diagonal.size):
        j = 4 * i
        sideways = inward[j] * x[column[j]] + inward[j + 1] * x[column[j + 1]]
        out[i] = right[i] - diagonal[i] * x[i] + sideways + (inward[j + 2] * x[column[j + 2]] + inward[j + 3] * x[column[j + 3]])


@compiled
def relax(column: Ints, inward: Floats, diagonal: Floats, right: Floats, x: Floats) -> None:
    """Solve every row for its own unknown, first row first."""
    for i in range(diagonal.size):
        j = 4 * i
        sideways = inward[j] * x[column[j]] + inward[j + 1] * x[column[j + 1]]
        x[i] = (right[i] + sideways + (inward[j + 2] * x[column[j + 2]] + inward[j + 3] * x[column[j + 3]])) / diagonal[i]


@compiled
def gather_sum(aggregate: Ints, fine: Floats, coarse: Floats) -> None:
    """Add the values of the rows of each aggregate up."""
    coarse[:] = 0.0
    for i in range(aggregate.size):
        coarse[aggregate[i]] += fine[i]


@compiled
def spread_add(aggregate: Ints, coarse: Floats, fine: Floats) -> None:
    """Add the value of its aggregate to every row."""
    for i in range(aggregate.size):
        fine[i] += coarse[aggregate[i]]
