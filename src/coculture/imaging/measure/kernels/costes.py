"""Kernel of Costes' automatic threshold, by a shrinking window. Numbers only; grey levels from 0 to 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.imaging.measure.kernels.correlation import correlated, taken

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
B = NDArray[np.bool_]

EPSILON = 2.220446049250313e-16
MOST_TRIALS = 256


@compiled
def orthogonal_line(first: F64, second: F64) -> tuple[float, float]:
    """Slope and intercept of the line through the pixels that are not black in both, least squares across the line.

    NaN with fewer than three such pixels, a flat image, or no covariance.
    """
    n = 0
    sum_x, sum_y = 0.0, 0.0
    least_x, least_y, most_x, most_y = np.inf, np.inf, -np.inf, -np.inf
    for k in range(first.size):
        if first[k] > 0 or second[k] > 0:
            n += 1
            sum_x += first[k]
            sum_y += second[k]
            least_x, most_x = min(least_x, first[k]), max(most_x, first[k])
            least_y, most_y = min(least_y, second[k]), max(most_y, second[k])
    if n < 3 or least_x == most_x or least_y == most_y:
        return np.nan, np.nan
    mean_x, mean_y = sum_x / n, sum_y / n
    xx, yy, xy = 0.0, 0.0, 0.0
    for k in range(first.size):
        if first[k] > 0 or second[k] > 0:
            xx += (first[k] - mean_x) ** 2
            yy += (second[k] - mean_y) ** 2
            xy += (first[k] - mean_x) * (second[k] - mean_y)
    xx, yy, xy = xx / (n - 1), yy / (n - 1), xy / (n - 1)
    if abs(xy) <= 8 * EPSILON * max(xx, yy):
        return np.nan, np.nan
    slope = ((yy - xx) + np.sqrt((yy - xx) ** 2 + 4 * xy * xy)) / (2 * xy)
    return slope, mean_y - slope * mean_x


@compiled
def background_correlation(first: F64, second: F64, low_x: float, low_y: float, below: B) -> float:
    """Pearson's correlation of the pixels below either threshold; NaN for fewer than three or a flat image."""
    n = 0
    for k in range(first.size):
        below[k] = first[k] < low_x or second[k] < low_y
        n += below[k]
    if n < 3:
        return np.nan
    return correlated(first, second, below)[0]


@compiled
def costes_thresholds(first: F64, second: F64, steps: float) -> tuple[float, float]:
    """Highest pair of thresholds on the line whose background is not correlated; NaN where there is none.

    The window of candidate steps starts at 1..steps; the trial lies one sixth of it below its upper end, and at half of
    it once the window is 6 steps or fewer.
    """
    slope, intercept = orthogonal_line(first, second)
    below = np.empty(first.size, dtype=np.bool_)
    if np.isnan(slope):
        return np.nan, np.nan
    left, right = 1.0, steps
    trial = np.floor((right - left) / (6 / 5)) + left
    before, found = 0.0, np.nan
    trials = 0
    while trial != before:
        trials += 1
        if trials > MOST_TRIALS:
            return np.nan, np.nan
        low_x = trial / steps
        r = background_correlation(first, second, low_x, slope * low_x + intercept, below)
        if np.isnan(r) or r < 0:
            left = trial - 1
        else:
            right = trial + 1
            found = trial
        before = trial
        trial = np.floor((right - left) / (6 / 5 if right - left > 6 else 2.0)) + left
    if np.isnan(found):
        return np.nan, np.nan
    low_x = (found - 1) / steps
    low_y = slope * low_x + intercept
    if np.isnan(background_correlation(first, second, low_x, low_y, below)):
        return np.nan, np.nan
    return low_x, low_y


@compiled
def costes_statistics(first: F32, second: F32, starts: I64, pixels: I64, steps: float) -> F64:
    """Share of each image's light above its Costes threshold that lies where both are above, of each object.

    Returns
    -------
    (objects, 2), NaN where no threshold is found or nothing is above it.
    """
    n_rows = starts.size - 1
    out = np.full((n_rows, 2), np.nan)
    for row in range(n_rows):
        own = pixels[starts[row] : starts[row + 1]]
        if own.size < 3:
            continue
        x, y = taken(first, own, steps), taken(second, own, steps)
        low_x, low_y = costes_thresholds(x, y, steps)
        if np.isnan(low_x):
            continue
        sum_x, sum_y, both_x, both_y = 0.0, 0.0, 0.0, 0.0
        for k in range(own.size):
            if x[k] >= low_x:
                sum_x += x[k]
            if y[k] >= low_y:
                sum_y += y[k]
            if x[k] > low_x and y[k] > low_y:
                both_x += x[k]
                both_y += y[k]
        if sum_x > 0 and sum_y > 0:
            out[row, 0] = both_x / sum_x
            out[row, 1] = both_y / sum_y
    return out
