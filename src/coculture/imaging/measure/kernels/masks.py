"""Kernels that look at one object's own mask: holes, border, depth. Numbers only; lengths in pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]

FAR = 1 << 20
TOPOLOGY_STATISTICS = 3
DEPTH_STATISTICS = 3


@compiled
def object_box(pixels: I64, width: int) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of an object's box, the last two exclusive."""
    left, right = width, 0
    for pixel in pixels:
        x = pixel % width
        left = min(left, x)
        right = max(right, x + 1)
    return pixels[0] // width, left, pixels[-1] // width + 1, right


@compiled
def padded_mask(pixels: I64, width: int) -> U8:
    """An object's mask in its box, with one empty pixel around."""
    top, left, bottom, right = object_box(pixels, width)
    mask = np.zeros((bottom - top + 2, right - left + 2), dtype=np.uint8)
    for pixel in pixels:
        y = pixel // width
        mask[y - top + 1, pixel - y * width - left + 1] = 1
    return mask


@compiled
def depth(mask: U8) -> I64:
    """Squared distance of each pixel from the nearest empty pixel's centre, exact; FAR² where nothing is empty."""
    height, width = mask.shape
    column = np.zeros((height, width), dtype=np.int64)
    for x in range(width):
        since = FAR
        for y in range(height):
            since = 0 if mask[y, x] == 0 else min(since + 1, FAR)
            column[y, x] = since
        since = FAR
        for y in range(height - 1, -1, -1):
            since = 0 if mask[y, x] == 0 else min(since + 1, FAR)
            column[y, x] = min(column[y, x], since)
    out = np.zeros((height, width), dtype=np.int64)
    for y in range(height):
        for x in range(width):
            if mask[y, x] == 0:
                continue
            best = column[y, x] * column[y, x]
            away = 1
            while away * away < best and (x - away >= 0 or x + away < width):
                if x - away >= 0:
                    best = min(best, away * away + column[y, x - away] ** 2)
                if x + away < width:
                    best = min(best, away * away + column[y, x + away] ** 2)
                away += 1
            out[y, x] = best
    return out


@compiled
def depth_statistics(starts: I64, pixels: I64, width: int) -> F64:
    """Greatest, mean and median distance of an object's pixels from the nearest pixel outside it (also beyond the image).

    Returns
    -------
    (objects, 3)
    """
    n_rows = starts.size - 1
    out = np.full((n_rows, DEPTH_STATISTICS), np.nan)
    for row in range(n_rows):
        n = starts[row + 1] - starts[row]
        if n == 0:
            continue
        squared = depth(padded_mask(pixels[starts[row] : starts[row + 1]], width))
        values = np.empty(n)
        k = 0
        for value in squared.ravel():
            if value > 0:
                values[k] = np.sqrt(float(value))
                k += 1
        values.sort()
        out[row, 0] = values[n - 1]
        out[row, 1] = values.sum() / n
        out[row, 2] = 0.5 * (values[(n - 1) // 2] + values[n // 2])
    return out


@compiled
def _filled(mask: U8) -> int:
    """Pixels of the mask and of its holes; a hole is what cannot be left over sides or corners."""
    height, width = mask.shape
    seen = mask.copy()
    stack = np.empty(height * width, dtype=np.int64)
    stack[0] = 0
    seen[0, 0] = 1
    n = 1
    outside = 0
    while n > 0:
        n -= 1
        outside += 1
        y, x = stack[n] // width, stack[n] % width
        for v in range(max(y - 1, 0), min(y + 2, height)):
            for u in range(max(x - 1, 0), min(x + 2, width)):
                if seen[v, u] == 0:
                    seen[v, u] = 1
                    stack[n] = v * width + u
                    n += 1
    return int(height * width - outside)


@compiled
def _border_length(mask: U8) -> float:
    """Perimeter from border pixels weighted by how the border goes on: 1, √2 or between."""
    height, width = mask.shape
    border = np.zeros((height, width), dtype=np.uint8)
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            if mask[y, x] and not (mask[y - 1, x] and mask[y + 1, x] and mask[y, x - 1] and mask[y, x + 1]):
                border[y, x] = 1
    straight, slanted, between = 0, 0, 0
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            if border[y, x] == 0:
                continue
            beside = border[y - 1, x] + border[y + 1, x] + border[y, x - 1] + border[y, x + 1]
            across = border[y - 1, x - 1] + border[y - 1, x + 1] + border[y + 1, x - 1] + border[y + 1, x + 1]
            code = 1 + 2 * beside + 10 * across
            if code in (5, 7, 15, 17, 25, 27):
                straight += 1
            elif code in (21, 33):
                slanted += 1
            elif code in (13, 23):
                between += 1
    return float(straight + slanted * np.sqrt(2.0) + between * (1 + np.sqrt(2.0)) / 2)


@compiled
def topology_statistics(starts: I64, pixels: I64, width: int) -> F64:
    """Euler number (pieces joined over corners, less holes), pixels with holes filled, border length, of each object.

    Returns
    -------
    (objects, 3)
    """
    n_rows = starts.size - 1
    out = np.full((n_rows, TOPOLOGY_STATISTICS), np.nan)
    for row in range(n_rows):
        if starts[row] == starts[row + 1]:
            continue
        mask = padded_mask(pixels[starts[row] : starts[row + 1]], width)
        ones, threes, crossed = 0, 0, 0
        for y in range(mask.shape[0] - 1):
            for x in range(mask.shape[1] - 1):
                count = mask[y, x] + mask[y, x + 1] + mask[y + 1, x] + mask[y + 1, x + 1]
                if count == 1:
                    ones += 1
                elif count == 3:
                    threes += 1
                elif count == 2 and mask[y, x] == mask[y + 1, x + 1]:
                    crossed += 1
        out[row, 0] = (ones - threes - 2 * crossed) / 4
        out[row, 1] = _filled(mask)
        out[row, 2] = _border_length(mask)
    return out
