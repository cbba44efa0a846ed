"""Symmetric five-point equations on a grid: diag u - Σ coupling u_neighbour = right.

Arrays are (Y, X); ``across[y, x]`` couples cells (y, x - 1) and (y, x), shape (Y, X + 1); ``down[y, x]`` couples (y - 1, x) and
(y, x), shape (Y + 1, X). Couplings at the rim are 0. Where ``diag`` is 0 there is no unknown and u stays 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]


@compiled
def relax(diag: Floats, across: Floats, down: Floats, right: Floats, u: Floats, colour: int) -> None:
    """Solve the equations of one colour of the checkerboard for their own unknown, in place."""
    rows, columns = diag.shape
    for y in range(rows):
        above, below = max(y - 1, 0), min(y + 1, rows - 1)
        for x in range((y + colour) % 2, columns, 2):
            if diag[y, x] > 0:
                total = right[y, x] + across[y, x] * u[y, max(x - 1, 0)] + across[y, x + 1] * u[y, min(x + 1, columns - 1)]
                u[y, x] = (total + down[y, x] * u[above, x] + down[y + 1, x] * u[below, x]) / diag[y, x]


@compiled
def apply(diag: Floats, across: Floats, down: Floats, u: Floats, result: Floats) -> None:
    """Write diag u - Σ coupling u_neighbour into ``result``."""
    rows, columns = diag.shape
    for y in range(rows):
        above, below = max(y - 1, 0), min(y + 1, rows - 1)
        for x in range(columns):
            total = across[y, x] * u[y, max(x - 1, 0)] + across[y, x + 1] * u[y, min(x + 1, columns - 1)]
            result[y, x] = diag[y, x] * u[y, x] - total - down[y, x] * u[above, x] - down[y + 1, x] * u[below, x]


@compiled
def restrict_residual(diag: Floats, across: Floats, down: Floats, right: Floats, u: Floats, coarse: Floats) -> None:
    """Sum right - (diag u - Σ coupling u_neighbour) over blocks of 2 × 2 cells into ``coarse``."""
    rows, columns = diag.shape
    coarse[:] = 0.0
    for y in range(rows):
        above, below = max(y - 1, 0), min(y + 1, rows - 1)
        for x in range(columns):
            if diag[y, x] > 0:
                total = across[y, x] * u[y, max(x - 1, 0)] + across[y, x + 1] * u[y, min(x + 1, columns - 1)]
                total += down[y, x] * u[above, x] + down[y + 1, x] * u[below, x]
                coarse[y // 2, x // 2] += right[y, x] + total - diag[y, x] * u[y, x]


@compiled
def add_prolonged(diag: Floats, coarse: Floats, u: Floats) -> None:
    """Add to every unknown what its block of 2 × 2 cells holds in ``coarse``."""
    rows, columns = diag.shape
    for y in range(rows):
        for x in range(columns):
            if diag[y, x] > 0:
                u[y, x] += coarse[y // 2, x // 2]


@compiled
def coarsen(excess: Floats, across: Floats, down: Floats, to_excess: Floats, to_across: Floats, to_down: Floats) -> None:
    """Sum excess over blocks of 2 × 2 cells, and half the couplings over the faces between them."""
    rows, columns = excess.shape
    for y in range(rows):
        for x in range(columns):
            to_excess[y // 2, x // 2] += excess[y, x]
            if x % 2 == 0:
                to_across[y // 2, x // 2] += 0.5 * across[y, x]
            if y % 2 == 0:
                to_down[y // 2, x // 2] += 0.5 * down[y, x]
