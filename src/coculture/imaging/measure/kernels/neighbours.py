"""Kernel of family ``neighbours``: who touches whom, and how much of an outline is touched. Numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@compiled
def touching(labels: I32, row_of_label: I64, n_rows: int) -> tuple[I64, I64]:
    """Pairs of objects that share a pixel side, once each way and with repeats, and counts of outline pixels.

    An outline pixel has another label among its eight neighbours or lies on the image's rim; a touched one has another
    object's label among them.

    Returns
    -------
    pairs : (n,) row * n_rows + other row.
    outline : (objects, 2) outline pixels and touched ones.
    """
    height, width = labels.shape
    outline = np.zeros((n_rows, 2), dtype=np.int64)
    pairs = np.empty(64, dtype=np.int64)
    n = 0
    for y in range(height):
        for x in range(width):
            label = labels[y, x]
            if label == 0 or row_of_label[label] < 0:
                continue
            row = row_of_label[label]
            rim = y == 0 or x == 0 or y == height - 1 or x == width - 1
            touched = False
            for v in range(max(y - 1, 0), min(y + 2, height)):
                for u in range(max(x - 1, 0), min(x + 2, width)):
                    other = labels[v, u]
                    if other == label:
                        continue
                    rim = True
                    if other == 0 or row_of_label[other] < 0:
                        continue
                    touched = True
                    if v == y or u == x:
                        if n == pairs.size:
                            pairs = np.concatenate((pairs, np.empty(n, dtype=np.int64)))
                        pairs[n] = row * n_rows + row_of_label[other]
                        n += 1
            outline[row, 0] += rim
            outline[row, 1] += touched
    return pairs[:n], outline
