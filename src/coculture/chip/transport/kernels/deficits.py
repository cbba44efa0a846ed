"""Cells that were overdrawn get back what they lack from where it went."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@compiled
def pass_deficits(column: Ints, inward: Floats, held: Floats, forward: bool) -> int:
    """Sweep once, covering every deficit from the later neighbours (earlier ones if not ``forward``).

    What a cell lacks is shared out by how much each of those neighbours receives from it, whether they have it or not;
    their own deficit is passed on in their turn. The sum of ``held`` stays what it is. Return how many cells lack still.
    """
    count, lacking = held.size, 0
    for step in range(count):
        i = step if forward else count - 1 - step
        if held[i] >= 0.0:
            continue
        total = 0.0
        for side in range(4):
            other = column[4 * i + side]
            if (other > i) == forward and other != i:
                total += inward[4 * other + (side ^ 1)]
        if total <= 0.0:
            lacking += 1
            continue
        lack = held[i]
        held[i] = 0.0
        for side in range(4):
            other = column[4 * i + side]
            if (other > i) == forward and other != i:
                held[other] += lack * (inward[4 * other + (side ^ 1)] / total)
    return lacking
