"""Kernels of convex hulls: of pixel centres, and of pixels with their sides. Numbers only; whole numbers, so exact.

Points are (x, y) in pixels; hulls run up the left side and down the right one, from the leftmost point.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

NOTHING = np.int64(1) << 40


@compiled
def row_extremes(pixels: I64, width: int) -> tuple[int, I64, I64]:
    """Top row of an object, and the first and last column of each of its rows (first > last in a row without pixels).

    Parameters
    ----------
    pixels : flat numbers of the object's pixels, rising.
    """
    top = pixels[0] // width
    height = pixels[-1] // width - top + 1
    first = np.full(height, NOTHING)
    last = np.full(height, -NOTHING)
    for pixel in pixels:
        y = pixel // width
        x = pixel - y * width
        first[y - top] = min(first[y - top], x)
        last[y - top] = max(last[y - top], x)
    return top, first, last


@compiled
def _chain(xs: I64, ys: I64, side: int) -> tuple[I64, I64]:
    """Corners of the hull's left (side 1) or right (side -1) chain, downwards, from one point a row."""
    kept_x = np.empty(xs.size, dtype=np.int64)
    kept_y = np.empty(xs.size, dtype=np.int64)
    n = 0
    for k in range(xs.size):
        while n > 1:
            turn = (kept_x[n - 1] - kept_x[n - 2]) * (ys[k] - kept_y[n - 2]) - (kept_y[n - 1] - kept_y[n - 2]) * (
                xs[k] - kept_x[n - 2]
            )
            if side * turn < 0:
                break
            n -= 1
        kept_x[n] = xs[k]
        kept_y[n] = ys[k]
        n += 1
    return kept_x[:n], kept_y[:n]


@compiled
def _hull(first: I64, last: I64, top: int) -> tuple[I64, I64]:
    """Hull of rows of points given by their extremes."""
    filled = 0
    for k in range(first.size):
        if first[k] <= last[k]:
            filled += 1
    ys = np.empty(filled, dtype=np.int64)
    left = np.empty(filled, dtype=np.int64)
    right = np.empty(filled, dtype=np.int64)
    n = 0
    for k in range(first.size):
        if first[k] <= last[k]:
            ys[n] = top + k
            left[n] = first[k]
            right[n] = last[k]
            n += 1
    left_x, left_y = _chain(left, ys, 1)
    right_x, right_y = _chain(right, ys, -1)
    xs = np.empty(left_x.size + right_x.size, dtype=np.int64)
    out_y = np.empty(xs.size, dtype=np.int64)
    n = 0
    for k in range(left_x.size - 1, -1, -1):
        xs[n] = left_x[k]
        out_y[n] = left_y[k]
        n += 1
    for k in range(right_x.size):
        end = k == 0 or k == right_x.size - 1
        twin = k * (left_x.size - 1) // max(right_x.size - 1, 1)
        if end and right_x[k] == left_x[twin] and right_y[k] == left_y[twin]:
            continue
        xs[n] = right_x[k]
        out_y[n] = right_y[k]
        n += 1
    return _from_leftmost(xs[:n], out_y[:n])


@compiled
def _from_leftmost(xs: I64, ys: I64) -> tuple[I64, I64]:
    start = 0
    for k in range(xs.size):
        if xs[k] < xs[start] or (xs[k] == xs[start] and ys[k] < ys[start]):
            start = k
    return np.roll(xs, -start), np.roll(ys, -start)


@compiled
def hull_of_centres(pixels: I64, width: int) -> tuple[I64, I64]:
    """Corners x and y of the convex hull of an object's pixel centres; the centre of pixel (x, y) counts as (x, y)."""
    top, first, last = row_extremes(pixels, width)
    return _hull(first, last, top)


@compiled
def convex_area(pixels: I64, width: int) -> int:
    """Pixels whose centre lies in, or on the rim of, the convex hull of the middles of the object's pixel sides."""
    _, first, last = row_extremes(pixels, width)
    height = first.size
    wide_first = np.full(2 * height + 1, NOTHING)
    wide_last = np.full(2 * height + 1, -NOTHING)
    for k in range(height):
        if first[k] > last[k]:
            continue
        wide_first[2 * k + 1] = 2 * first[k] - 1
        wide_last[2 * k + 1] = 2 * last[k] + 1
        for j in (2 * k, 2 * k + 2):
            wide_first[j] = min(wide_first[j], 2 * first[k])
            wide_last[j] = max(wide_last[j], 2 * last[k])
    xs, ys = _hull(wide_first, wide_last, -1)
    least = np.full(height, NOTHING)
    most = np.full(height, -NOTHING)
    for k in range(xs.size):
        x0, y0 = xs[k], ys[k]
        x1, y1 = xs[(k + 1) % xs.size], ys[(k + 1) % xs.size]
        if y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        if y0 == y1:
            continue
        for row in range((y0 + 1) // 2, min(y1 // 2, height - 1) + 1):
            over = x0 * (y1 - y0) + (x1 - x0) * (2 * row - y0)
            under = 2 * (y1 - y0)
            least[row] = min(least[row], -((-over) // under))
            most[row] = max(most[row], over // under)
    total = 0
    for row in range(height):
        total += max(most[row] - least[row] + 1, 0)
    return total


@compiled
def feret_diameters(starts: I64, pixels: I64, width: int) -> F64:
    """Least and greatest distance between two parallel lines that touch the hull of the object's pixel centres.

    An object whose centres lie on a line has a least diameter of 0.

    Returns
    -------
    (objects, 2)
    """
    n_rows = starts.size - 1
    out = np.full((n_rows, 2), np.nan)
    for row in range(n_rows):
        if starts[row] == starts[row + 1]:
            continue
        xs, ys = hull_of_centres(pixels[starts[row] : starts[row + 1]], width)
        longest = 0
        narrowest = np.inf if xs.size > 2 else 0.0
        for k in range(xs.size):
            along_x = xs[(k + 1) % xs.size] - xs[k]
            along_y = ys[(k + 1) % xs.size] - ys[k]
            widest = 0
            for j in range(xs.size):
                away_x, away_y = xs[j] - xs[k], ys[j] - ys[k]
                longest = max(longest, away_x * away_x + away_y * away_y)
                widest = max(widest, abs(along_x * away_y - along_y * away_x))
            if xs.size > 2:
                narrowest = min(narrowest, widest / np.sqrt(float(along_x * along_x + along_y * along_y)))
        out[row, 0] = narrowest
        out[row, 1] = np.sqrt(float(longest))
    return out


@compiled
def convex_areas(starts: I64, pixels: I64, width: int) -> F64:
    """Pixels of each object's convex hull, see :func:`convex_area`; NaN for an object without pixels.

    Returns
    -------
    (objects,)
    """
    out = np.full(starts.size - 1, np.nan)
    for row in range(starts.size - 1):
        if starts[row] < starts[row + 1]:
            out[row] = convex_area(pixels[starts[row] : starts[row + 1]], width)
    return out
