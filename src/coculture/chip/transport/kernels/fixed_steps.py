"""Plain steps of diffusion on a field: explicit, and implicit by alternating directions.

``right`` and ``down`` (Y, X) are conductances × step through the right and the lower face of each cell, µm³, 0 at walls.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]


@compiled
def explicit_step(c: Floats, right: Floats, down: Floats, per_capacity: Floats, out: Floats) -> None:
    """Write ``c`` after one explicit step; ``per_capacity`` (Y, X) is one over the volume, 0 in walls."""
    rows, columns = c.shape
    for y in range(rows):
        above, below = max(y - 1, 0), min(y + 1, rows - 1)
        for x in range(1, columns - 1):
            here = c[y, x]
            gain = right[y, x] * (c[y, x + 1] - here) + right[y, x - 1] * (c[y, x - 1] - here)
            gain += down[y, x] * (c[below, x] - here) + down[above, x] * (c[above, x] - here)
            out[y, x] = here + gain * per_capacity[y, x]
        for x in (0, columns - 1):
            left, after, here = max(x - 1, 0), min(x + 1, columns - 1), c[y, x]
            gain = right[y, x] * (c[y, after] - here) + right[y, left] * (c[y, left] - here)
            gain += down[y, x] * (c[below, x] - here) + down[above, x] * (c[above, x] - here)
            out[y, x] = here + gain * per_capacity[y, x]


@compiled
def factor_rows(capacity: Floats, right: Floats, inverse: Floats, share: Floats) -> None:
    """Factor capacity + conductances along x of every row as (1 - share)ᵀ (1 / inverse) (1 - share), share on the next cell."""
    rows, columns = capacity.shape
    for y in range(rows):
        passed = 0.0
        for x in range(columns):
            outgoing = right[y, x] if x < columns - 1 else 0.0
            divisor = capacity[y, x] + passed + outgoing
            inverse[y, x] = 1.0 / divisor if divisor > 0.0 else 0.0
            share[y, x] = outgoing * inverse[y, x]
            passed = outgoing * (1.0 - share[y, x])


@compiled
def solve_four_rows(capacity: Floats, inverse: Floats, share: Floats, c: Floats, y: int) -> None:
    """Solve four rows of ``c`` in place, side by side, so that one need not wait for another."""
    columns = c.shape[1]
    p, q, r, s = 0.0, 0.0, 0.0, 0.0
    for x in range(columns):
        p = capacity[y, x] * c[y, x] + p
        q = capacity[y + 1, x] * c[y + 1, x] + q
        r = capacity[y + 2, x] * c[y + 2, x] + r
        s = capacity[y + 3, x] * c[y + 3, x] + s
        c[y, x], c[y + 1, x], c[y + 2, x], c[y + 3, x] = p, q, r, s
        p, q, r, s = p * share[y, x], q * share[y + 1, x], r * share[y + 2, x], s * share[y + 3, x]
    p, q, r, s = 0.0, 0.0, 0.0, 0.0
    for x in range(columns - 1, -1, -1):
        p = inverse[y, x] * c[y, x] + share[y, x] * p
        q = inverse[y + 1, x] * c[y + 1, x] + share[y + 1, x] * q
        r = inverse[y + 2, x] * c[y + 2, x] + share[y + 2, x] * r
        s = inverse[y + 3, x] * c[y + 3, x] + share[y + 3, x] * s
        c[y, x], c[y + 1, x], c[y + 2, x], c[y + 3, x] = p, q, r, s


@compiled
def solve_row(capacity: Floats, inverse: Floats, share: Floats, c: Floats, y: int) -> None:
    """Solve one row of ``c`` in place."""
    last = 0.0
    for x in range(c.shape[1]):
        last = capacity[y, x] * c[y, x] + last
        c[y, x] = last
        last *= share[y, x]
    last = 0.0
    for x in range(c.shape[1] - 1, -1, -1):
        last = inverse[y, x] * c[y, x] + share[y, x] * last
        c[y, x] = last


@compiled
def alternating_step(
    capacity: Floats, row_inverse: Floats, row_share: Floats, column_inverse: Floats, column_share: Floats, c: Floats
) -> None:
    """Solve every row of ``c`` in place, then every column; each row begins the columns while it is at hand."""
    rows, columns = c.shape
    done = 0
    while done < rows:
        taken = 4 if done + 4 <= rows else 1
        if taken == 4:
            solve_four_rows(capacity, row_inverse, row_share, c, done)
        else:
            solve_row(capacity, row_inverse, row_share, c, done)
        for y in range(done, done + taken):
            if y == 0:
                for x in range(columns):
                    c[y, x] *= capacity[y, x]
            else:
                for x in range(columns):
                    c[y, x] = capacity[y, x] * c[y, x] + column_share[y - 1, x] * c[y - 1, x]
        done += taken
    for x in range(columns):
        c[rows - 1, x] *= column_inverse[rows - 1, x]
    for y in range(rows - 2, -1, -1):
        for x in range(columns):
            c[y, x] = column_inverse[y, x] * c[y, x] + column_share[y, x] * c[y + 1, x]
