"""Kernels of family ``colocalisation``: two images over one object's pixels. Numbers only.

An object's pixels are ``pixels[starts[r]:starts[r + 1]]``, flat numbers y * width + x. An object without pixels gets NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@compiled
def pearson(first: F32, second: F32, starts_a: I64, pixels_a: I64, starts_b: I64, pixels_b: I64) -> F64:
    """Pearson's correlation of two flat images over the pixels of each object in two lists together; NaN without variance."""
    n_rows = starts_a.size - 1
    out = np.full(n_rows, np.nan)
    for row in range(n_rows):
        n_a = starts_a[row + 1] - starts_a[row]
        n = n_a + starts_b[row + 1] - starts_b[row]
        if n < 2:
            continue
        sum_x = 0.0
        sum_y = 0.0
        for k in range(n):
            p = pixels_a[starts_a[row] + k] if k < n_a else pixels_b[starts_b[row] + k - n_a]
            sum_x += float(first[p])
            sum_y += float(second[p])
        mean_x = sum_x / n
        mean_y = sum_y / n
        xx = 0.0
        yy = 0.0
        xy = 0.0
        for k in range(n):
            p = pixels_a[starts_a[row] + k] if k < n_a else pixels_b[starts_b[row] + k - n_a]
            dx = float(first[p]) - mean_x
            dy = float(second[p]) - mean_y
            xx += dx * dx
            yy += dy * dy
            xy += dx * dy
        if xx > 0 and yy > 0:
            out[row] = xy / np.sqrt(xx * yy)
    return out
