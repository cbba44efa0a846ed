"""Kernels of family ``intensity``: grey levels over the list of an object's pixels. Numbers only.

An object's pixels are ``pixels[starts[r]:starts[r + 1]]``, flat numbers y * width + x. An object without pixels gets NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

INTENSITY_STATISTICS = 8


@compiled
def _quantile(ordered: F32, share: float) -> float:
    """Quantile of sorted values by linear interpolation between closest ranks."""
    place = share * (ordered.size - 1)
    low = int(place)
    high = min(low + 1, ordered.size - 1)
    return float(ordered[low]) + (place - low) * (float(ordered[high]) - float(ordered[low]))


@compiled
def intensity_statistics(image: F32, starts: I64, pixels: I64) -> F64:
    """Mean, standard deviation (n), least, lower quartile, median, upper quartile, greatest, sum of each object.

    Parameters
    ----------
    image : flat image.

    Returns
    -------
    (objects, 8)
    """
    n_rows = starts.size - 1
    out = np.full((n_rows, INTENSITY_STATISTICS), np.nan)
    for row in range(n_rows):
        n = starts[row + 1] - starts[row]
        if n == 0:
            continue
        values = np.empty(n, dtype=np.float32)
        total = 0.0
        for k in range(n):
            values[k] = image[pixels[starts[row] + k]]
            total += values[k]
        mean = total / n
        squares = 0.0
        for k in range(n):
            squares += (values[k] - mean) ** 2
        values.sort()
        out[row, 0] = mean
        out[row, 1] = np.sqrt(squares / n)
        out[row, 2] = values[0]
        out[row, 3] = _quantile(values, 0.25)
        out[row, 4] = _quantile(values, 0.5)
        out[row, 5] = _quantile(values, 0.75)
        out[row, 6] = values[n - 1]
        out[row, 7] = total
    return out
