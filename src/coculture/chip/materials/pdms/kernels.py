"""Columns of medium and their walls through one step: numbers in, numbers out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled


@compiled
def exchange_columns(
    film: NDArray[np.float64],
    held: NDArray[np.float64],
    kind: NDArray[np.int64],
    propagators: NDArray[np.float64],
    after: NDArray[np.float64],
) -> None:
    """Multiply every column's film and reservoirs by the matrix of its kind.

    ``film`` (n,) concentrations before; ``held`` (n, m) reservoirs, changed in place; ``kind`` (n,) which of ``propagators``
    (kinds, m + 1, m + 1); ``after`` (n,) concentrations after, written.
    """
    count, room = held.shape
    fresh = np.empty(room)
    for i in range(count):
        matrix = propagators[kind[i]]
        value = matrix[0, 0] * film[i]
        for j in range(room):
            value += matrix[0, j + 1] * held[i, j]
        for k in range(room):
            total = matrix[k + 1, 0] * film[i]
            for j in range(room):
                total += matrix[k + 1, j + 1] * held[i, j]
            fresh[k] = total
        held[i, :] = fresh
        after[i] = value
