"""Kernels every part of imaging shares: the pixels of each label, side by side. Numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@compiled
def label_counts(labels: I32, highest: int) -> I64:
    """Count the pixels of each label 0..highest in one pass."""
    counts = np.zeros(highest + 1, dtype=np.int64)
    for y in range(labels.shape[0]):
        for x in range(labels.shape[1]):
            counts[labels[y, x]] += 1
    return counts


@compiled
def group_pixels(labels: I32, row_of_label: I64, n_rows: int) -> tuple[I64, I64]:
    """Sort pixels by label, in one counting pass and one filling pass.

    Parameters
    ----------
    labels : (Y, X), 0 is background.
    row_of_label : row of each label 0..highest, -1 for labels to leave out.
    n_rows : number of rows.

    Returns
    -------
    starts : (n_rows + 1,); row r owns ``pixels[starts[r]:starts[r + 1]]``.
    pixels : flat pixel numbers y * X + x, rising within each row.
    """
    height, width = labels.shape
    starts = np.zeros(n_rows + 1, dtype=np.int64)
    for y in range(height):
        for x in range(width):
            label = labels[y, x]
            if label > 0 and row_of_label[label] >= 0:
                starts[row_of_label[label] + 1] += 1
    for row in range(n_rows):
        starts[row + 1] += starts[row]
    pixels = np.empty(starts[n_rows], dtype=np.int64)
    filled = starts[:-1].copy()
    for y in range(height):
        for x in range(width):
            label = labels[y, x]
            if label > 0 and row_of_label[label] >= 0:
                row = row_of_label[label]
                pixels[filled[row]] = y * width + x
                filled[row] += 1
    return starts, pixels
