"""Kernels of family ``correlation``: two images over the pixels of one compartment. Numbers only.

An object's pixels are ``pixels[starts[r]:starts[r + 1]]``. An object without pixels gets NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
B = NDArray[np.bool_]

CORRELATION_STATISTICS = 9


@compiled
def taken(image: F32, pixels: I64, scale: float) -> F64:
    """Grey levels of some pixels, over ``scale``."""
    out = np.empty(pixels.size)
    for k in range(pixels.size):
        out[k] = float(image[pixels[k]]) / scale
    return out


@compiled
def dense_ranks(values: F64) -> I64:
    """Rank of each value from 0; equal values share a rank, and no rank is left out."""
    order = np.argsort(values)
    out = np.zeros(values.size, dtype=np.int64)
    for k in range(1, values.size):
        step = 1 if values[order[k]] != values[order[k - 1]] else 0
        out[order[k]] = out[order[k - 1]] + step
    return out


@compiled
def correlated(first: F64, second: F64, chosen: B) -> tuple[float, float]:
    """Pearson's correlation over chosen places and the slope of second on first; NaN where one is flat."""
    n = 0
    mean_x, mean_y = 0.0, 0.0
    least_x, least_y, most_x, most_y = np.inf, np.inf, -np.inf, -np.inf
    for k in range(first.size):
        if chosen[k]:
            n += 1
            mean_x += first[k]
            mean_y += second[k]
            least_x, most_x = min(least_x, first[k]), max(most_x, first[k])
            least_y, most_y = min(least_y, second[k]), max(most_y, second[k])
    if least_x >= most_x:
        return np.nan, np.nan
    mean_x /= max(n, 1)
    mean_y /= max(n, 1)
    xx, yy, xy = 0.0, 0.0, 0.0
    for k in range(first.size):
        if chosen[k]:
            dx = first[k] - mean_x
            dy = second[k] - mean_y
            xx += dx * dx
            yy += dy * dy
            xy += dx * dy
    if least_y == most_y:
        return np.nan, 0.0
    return xy / np.sqrt(xx * yy), xy / xx


@compiled
def overlaps(first: F64, second: F64, share: float) -> F64:
    """Overlap, K 1 and 2, Manders 1 and 2, rank-weighted 1 and 2, over pixels above a share of each image's greatest."""
    low_x, low_y = share * first.max(), share * second.max()
    rank_x, rank_y = dense_ranks(first), dense_ranks(second)
    levels = max(rank_x.max(), rank_y.max()) + 1
    xx, yy, xy = 0.0, 0.0, 0.0
    sum_x, sum_y, both_x, both_y, ranked_x, ranked_y = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    n = 0
    for k in range(first.size):
        x, y = first[k], second[k]
        if x >= low_x:
            sum_x += x
        if y >= low_y:
            sum_y += y
        if x >= low_x and y >= low_y:
            n += 1
            weight = float(levels - abs(rank_x[k] - rank_y[k])) / levels
            xx += x * x
            yy += y * y
            xy += x * y
            both_x += x
            both_y += y
            ranked_x += x * weight
            ranked_y += y * weight
    if n == 0:
        return np.zeros(7)
    return np.array([xy / np.sqrt(xx * yy), xy / xx, xy / yy, both_x / sum_x, both_y / sum_y, ranked_x / sum_x, ranked_y / sum_y])


@compiled
def correlation_statistics(first: F32, second: F32, starts: I64, pixels: I64, share: float) -> F64:
    """Pearson, slope of second on first, and the seven of :func:`overlaps`, of each object.

    Returns
    -------
    (objects, 9)
    """
    n_rows = starts.size - 1
    out = np.full((n_rows, CORRELATION_STATISTICS), np.nan)
    for row in range(n_rows):
        own = pixels[starts[row] : starts[row + 1]]
        if own.size == 0:
            continue
        x, y = taken(first, own, 1.0), taken(second, own, 1.0)
        out[row, 0], out[row, 1] = correlated(x, y, np.ones(own.size, dtype=np.bool_))
        out[row, 2:] = overlaps(x, y, share)
    return out
