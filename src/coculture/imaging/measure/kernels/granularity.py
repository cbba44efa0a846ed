"""Kernels of family ``granularity``: grey morphology on a coarse image. Numbers only; what lies outside is left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.imaging.measure.kernels.masks import object_box

F64 = NDArray[np.float64]
Grey = NDArray[np.float32] | NDArray[np.float64]
I64 = NDArray[np.int64]
Weights = tuple[I64, I64, F64]


@compiled
def sampled(image: Grey, rows: F64, columns: F64) -> F64:
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
            upper = (1 - right) * float(image[y0, x0]) + right * float(image[y0, x1])
            lower = (1 - right) * float(image[y1, x0]) + right * float(image[y1, x1])
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
def coarse_weights(starts: I64, pixels: I64, width: int, rows: int, columns: int, step_y: float, step_x: float) -> Weights:
    """Weights that turn a coarse image into the mean over each object of that image read between its pixels.

    Pixel (x, y) lies at (x · step_x, y · step_y) of the coarse image, which has ``rows`` and ``columns``; a mean of linear
    readings is a weighted sum over the coarse pixels around the object, so it is prepared once for many images.

    Returns
    -------
    weight_starts, places, weights : object r has ``places[weight_starts[r]:weight_starts[r + 1]]``, flat coarse pixels.
    """
    n_rows = starts.size - 1
    weight_starts = np.zeros(n_rows + 1, dtype=np.int64)
    places = np.empty(1024, dtype=np.int64)
    weights = np.empty(1024)
    n = 0
    for row in range(n_rows):
        own = pixels[starts[row] : starts[row + 1]]
        if own.size > 0:
            top, left, bottom, right = object_box(own, width)
            first_y, first_x = int(top * step_y), int(left * step_x)
            box = np.zeros((int(bottom * step_y) - first_y + 2, int(right * step_x) - first_x + 2))
            for pixel in own:
                y = min((pixel // width) * step_y, rows - 1.0)
                x = min((pixel % width) * step_x, columns - 1.0)
                y0, x0 = int(y), int(x)
                down, over = y - y0, x - x0
                y0 -= first_y
                x0 -= first_x
                box[y0, x0] += (1 - down) * (1 - over)
                box[y0, x0 + 1] += (1 - down) * over
                box[y0 + 1, x0] += down * (1 - over)
                box[y0 + 1, x0 + 1] += down * over
            while n + box.size > places.size:
                places = np.concatenate((places, np.empty(places.size, dtype=np.int64)))
                weights = np.concatenate((weights, np.empty(weights.size)))
            for v in range(box.shape[0]):
                for u in range(box.shape[1]):
                    if box[v, u] > 0:
                        places[n] = (first_y + v) * columns + first_x + u
                        weights[n] = box[v, u] / own.size
                        n += 1
        weight_starts[row + 1] = n
    return weight_starts, places[:n].copy(), weights[:n].copy()


@compiled
def weighted_means(coarse: F64, weight_starts: I64, places: I64, weights: F64) -> F64:
    """Mean of a coarse image over each object, see :func:`coarse_weights`; NaN for an object without pixels.

    Returns
    -------
    (objects,)
    """
    flat = coarse.ravel()
    out = np.full(weight_starts.size - 1, np.nan)
    for row in range(weight_starts.size - 1):
        if weight_starts[row] == weight_starts[row + 1]:
            continue
        total = 0.0
        for k in range(weight_starts[row], weight_starts[row + 1]):
            total += weights[k] * flat[places[k]]
        out[row] = total
    return out
