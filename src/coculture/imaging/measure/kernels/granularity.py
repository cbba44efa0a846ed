"""Kernels of family ``granularity``: grey morphology on a coarse image. Numbers only; what lies outside is left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@compiled
def sampled(image: F64, rows: F64, columns: F64) -> F64:
    """Image at a grid of places, linear between pixels; places beyond the rim take the rim's value.

    Parameters
    ----------
    rows, columns : (h,) and (w,) places in pixels, 0 the first pixel's centre.

    Returns
    -------
    (h, w)
    """
    height, width = image.shape
    out = np.empty((rows.size, columns.size))
    for i in range(rows.size):
        y = min(max(rows[i], 0.0), height - 1.0)
        y0 = int(y)
        y1 = min(y0 + 1, height - 1)
        down = y - y0
        for j in range(columns.size):
            x = min(max(columns[j], 0.0), width - 1.0)
            x0 = int(x)
            x1 = min(x0 + 1, width - 1)
            right = x - x0
            upper = (1 - right) * image[y0, x0] + right * image[y0, x1]
            lower = (1 - right) * image[y1, x0] + right * image[y1, x1]
            out[i, j] = (1 - down) * upper + down * lower
    return out


@compiled
def _disc_extreme(image: F64, radius: int, sign: float) -> F64:
    """Greatest (sign 1) or least (sign -1) value within a disc around each pixel."""
    height, width = image.shape
    out = np.empty((height, width))
    reach = np.empty(2 * radius + 1, dtype=np.int64)
    for k in range(2 * radius + 1):
        reach[k] = int(np.sqrt(float(radius * radius - (k - radius) ** 2)))
    for y in range(height):
        for x in range(width):
            best = -np.inf
            for v in range(max(y - radius, 0), min(y + radius + 1, height)):
                far = reach[v - y + radius]
                for u in range(max(x - far, 0), min(x + far + 1, width)):
                    best = max(best, sign * image[v, u])
            out[y, x] = sign * best
    return out


@compiled
def disc_opening(image: F64, radius: int) -> F64:
    """Grey opening by a disc: least value within it, then greatest."""
    return _disc_extreme(_disc_extreme(image, radius, -1.0), radius, 1.0)


@compiled
def cross_erosion(image: F64) -> F64:
    """Least of each pixel and its four neighbours."""
    height, width = image.shape
    out = image.copy()
    for y in range(height):
        for x in range(width):
            best = image[y, x]
            if y > 0:
                best = min(best, image[y - 1, x])
            if y < height - 1:
                best = min(best, image[y + 1, x])
            if x > 0:
                best = min(best, image[y, x - 1])
            if x < width - 1:
                best = min(best, image[y, x + 1])
            out[y, x] = best
    return out


@compiled
def reconstruction(seed: F64, ceiling: F64) -> F64:
    """Grey reconstruction by dilation with four neighbours: two sweeps, then a queue (Vincent 1993, IEEE TIP 2:176)."""
    height, width = seed.shape
    out = seed.copy()
    for y in range(height):
        for x in range(width):
            best = out[y, x]
            if y > 0:
                best = max(best, out[y - 1, x])
            if x > 0:
                best = max(best, out[y, x - 1])
            out[y, x] = min(best, ceiling[y, x])
    size = height * width
    queue = np.empty(size, dtype=np.int64)
    waiting = np.zeros(size, dtype=np.uint8)
    head, n = 0, 0
    for y in range(height - 1, -1, -1):
        for x in range(width - 1, -1, -1):
            best = out[y, x]
            if y < height - 1:
                best = max(best, out[y + 1, x])
            if x < width - 1:
                best = max(best, out[y, x + 1])
            best = min(best, ceiling[y, x])
            out[y, x] = best
            grows = (y < height - 1 and out[y + 1, x] < best and out[y + 1, x] < ceiling[y + 1, x]) or (
                x < width - 1 and out[y, x + 1] < best and out[y, x + 1] < ceiling[y, x + 1]
            )
            if grows:
                queue[n] = y * width + x
                waiting[y * width + x] = 1
                n += 1
    while n > 0:
        place = queue[head]
        head = (head + 1) % size
        n -= 1
        waiting[place] = 0
        y, x = place // width, place % width
        value = out[y, x]
        for side in range(4):
            v = y + (side == 0) - (side == 1)
            u = x + (side == 2) - (side == 3)
            if v < 0 or u < 0 or v >= height or u >= width:
                continue
            if out[v, u] < value and out[v, u] < ceiling[v, u]:
                out[v, u] = min(value, ceiling[v, u])
                if waiting[v * width + u] == 0:
                    queue[(head + n) % size] = v * width + u
                    waiting[v * width + u] = 1
                    n += 1
    return out


@compiled
def object_means(coarse: F64, starts: I64, pixels: I64, width: int, step_y: float, step_x: float) -> F64:
    """Mean over each object of a coarse image read between its pixels: pixel (x, y) lies at (x · step_x, y · step_y).

    Returns
    -------
    (objects,), NaN for an object without pixels.
    """
    height_coarse, width_coarse = coarse.shape
    out = np.full(starts.size - 1, np.nan)
    for row in range(starts.size - 1):
        total = 0.0
        for k in range(starts[row], starts[row + 1]):
            y = min((pixels[k] // width) * step_y, height_coarse - 1.0)
            x = min((pixels[k] % width) * step_x, width_coarse - 1.0)
            y0, x0 = int(y), int(x)
            y1, x1 = min(y0 + 1, height_coarse - 1), min(x0 + 1, width_coarse - 1)
            down, right = y - y0, x - x0
            upper = (1 - right) * coarse[y0, x0] + right * coarse[y0, x1]
            lower = (1 - right) * coarse[y1, x0] + right * coarse[y1, x1]
            total += (1 - down) * upper + down * lower
        if starts[row + 1] > starts[row]:
            out[row] = total / (starts[row + 1] - starts[row])
    return out
