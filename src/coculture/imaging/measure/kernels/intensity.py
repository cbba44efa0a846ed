"""Kernels of family ``intensity``: grey levels over the list of an object's pixels. Numbers only.

An object's pixels are ``pixels[starts[r]:starts[r + 1]]``, flat numbers y * width + x. An object without pixels gets NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]

INTENSITY_STATISTICS = 8
EDGE_STATISTICS = 5
PLACE_STATISTICS = 5


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
            total += float(values[k])
        mean = total / n
        squares = 0.0
        for k in range(n):
            squares += (float(values[k]) - mean) ** 2
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


@compiled
def inner_edges(labels: I32) -> U8:
    """Return 1 for pixels of an object with another label above, below, left or right of them; the image's rim is no edge.

    Returns
    -------
    (Y * X,)
    """
    height, width = labels.shape
    out = np.zeros(height * width, dtype=np.uint8)
    for y in range(height):
        for x in range(width):
            label = labels[y, x]
            if label == 0:
                continue
            if (
                (y > 0 and labels[y - 1, x] != label)
                or (y < height - 1 and labels[y + 1, x] != label)
                or (x > 0 and labels[y, x - 1] != label)
                or (x < width - 1 and labels[y, x + 1] != label)
            ):
                out[y * width + x] = 1
    return out


@compiled
def edge_statistics(image: F32, edges: U8, starts: I64, pixels: I64) -> F64:
    """Mean, standard deviation (n), least, greatest and sum over the edge pixels of each object; NaN where it has none.

    Returns
    -------
    (objects, 5)
    """
    n_rows = starts.size - 1
    out = np.full((n_rows, EDGE_STATISTICS), np.nan)
    for row in range(n_rows):
        n = 0
        total = 0.0
        least, greatest = np.inf, -np.inf
        for k in range(starts[row], starts[row + 1]):
            if edges[pixels[k]]:
                value = float(image[pixels[k]])
                n += 1
                total += value
                least = min(least, value)
                greatest = max(greatest, value)
        if n == 0:
            continue
        mean = total / n
        squares = 0.0
        for k in range(starts[row], starts[row + 1]):
            if edges[pixels[k]]:
                squares += (float(image[pixels[k]]) - mean) ** 2
        out[row, 0] = mean
        out[row, 1] = np.sqrt(squares / n)
        out[row, 2] = least
        out[row, 3] = greatest
        out[row, 4] = total
    return out


@compiled
def intensity_places(image: F32, starts: I64, pixels: I64, width: int) -> F64:
    """Centre of mass x and y, its distance from the object's centre, x and y of the brightest pixel, of each object.

    Places count a pixel's middle as +0.5. Of equally bright pixels the first in reading order is taken. An object whose grey
    levels add up to 0 has no centre of mass.

    Returns
    -------
    (objects, 5)
    """
    n_rows = starts.size - 1
    out = np.full((n_rows, PLACE_STATISTICS), np.nan)
    for row in range(n_rows):
        n = starts[row + 1] - starts[row]
        if n == 0:
            continue
        total, mass_x, mass_y, sum_x, sum_y = 0.0, 0.0, 0.0, 0.0, 0.0
        brightest = -1
        greatest = -np.inf
        for k in range(starts[row], starts[row + 1]):
            value = float(image[pixels[k]])
            y = pixels[k] // width
            x = pixels[k] - y * width
            total += value
            mass_x += value * x
            mass_y += value * y
            sum_x += x
            sum_y += y
            if value > greatest:
                greatest = value
                brightest = pixels[k]
        out[row, 3] = brightest % width + 0.5
        out[row, 4] = brightest // width + 0.5
        if total != 0:
            mass_x /= total
            mass_y /= total
            out[row, 0] = mass_x + 0.5
            out[row, 1] = mass_y + 0.5
            out[row, 2] = np.sqrt((mass_x - sum_x / n) ** 2 + (mass_y - sum_y / n) ** 2)
    return out


@compiled
def median_deviation(image: F32, medians: F64, starts: I64, pixels: I64) -> F64:
    """Median of the absolute distances from each object's median; NaN for an object without pixels.

    Returns
    -------
    (objects,)
    """
    n_rows = starts.size - 1
    out = np.full(n_rows, np.nan)
    for row in range(n_rows):
        n = starts[row + 1] - starts[row]
        if n == 0:
            continue
        away = np.empty(n)
        for k in range(n):
            away[k] = abs(float(image[pixels[starts[row] + k]]) - medians[row])
        away.sort()
        out[row] = 0.5 * (away[(n - 1) // 2] + away[n // 2])
    return out
