"""Kernels of family ``radial``: where a pixel lies between an object's middle and its edge. Numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.imaging.measure.kernels.masks import depth, object_box

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I8 = NDArray[np.int8]
U8 = NDArray[np.uint8]

WEDGES = 8
EPSILON = 2.220446049250313e-16


@compiled
def walk(mask: U8, from_y: int, from_x: int) -> F64:
    """Length of the shortest way inside the mask from a pixel to each other one, in steps of 1 and √2; inf if there is none."""
    height, width = mask.shape
    out = np.full((height, width), np.inf)
    out[from_y, from_x] = 0.0
    slanted = np.sqrt(2.0)
    changed = True
    while changed:
        changed = False
        for turn in range(2):
            step = 1 - 2 * turn
            for i in range(height):
                y = i if turn == 0 else height - 1 - i
                for j in range(width):
                    x = j if turn == 0 else width - 1 - j
                    if mask[y, x] == 0:
                        continue
                    best = out[y, x]
                    if 0 <= x - step < width:
                        best = min(best, out[y, x - step] + 1.0)
                    v = y - step
                    if 0 <= v < height:
                        best = min(best, out[v, x] + 1.0)
                        if x > 0:
                            best = min(best, out[v, x - 1] + slanted)
                        if x < width - 1:
                            best = min(best, out[v, x + 1] + slanted)
                    if best < out[y, x]:
                        out[y, x] = best
                        changed = True
    return out


@compiled
def rings_and_wedges(starts: I64, pixels: I64, height: int, width: int, bins: int) -> tuple[I8, I8]:
    """Ring (0 is the middle) and wedge of each pixel in the lists; -1 where the middle cannot be reached inside the object.

    The middle is the pixel farthest from the edge, the first in reading order of several. With d the way from the middle
    and e the distance to the edge, the ring is floor(bins · d / (d + e + 0.001)). The image's rim is no edge.

    Returns
    -------
    rings, wedges : one for each of ``pixels``.
    """
    rings = np.full(pixels.size, -1, dtype=np.int8)
    wedges = np.zeros(pixels.size, dtype=np.int8)
    for row in range(starts.size - 1):
        own = pixels[starts[row] : starts[row + 1]]
        if own.size == 0:
            continue
        top, left, bottom, right = object_box(own, width)
        top, left = max(top - 1, 0), max(left - 1, 0)
        mask = np.zeros((min(bottom + 1, height) - top, min(right + 1, width) - left), dtype=np.uint8)
        for pixel in own:
            mask[pixel // width - top, pixel % width - left] = 1
        deep = depth(mask)
        middle_y, middle_x = own[0] // width - top, own[0] % width - left
        for pixel in own:
            y, x = pixel // width - top, pixel % width - left
            if deep[y, x] > deep[middle_y, middle_x]:
                middle_y, middle_x = y, x
        way = walk(mask, middle_y, middle_x)
        for k in range(starts[row], starts[row + 1]):
            y, x = pixels[k] // width - top, pixels[k] % width - left
            if way[y, x] == np.inf:
                continue
            share = way[y, x] / (way[y, x] + np.sqrt(float(deep[y, x])) + 0.001)
            rings[k] = min(int(share * bins), bins)
            beyond = abs(y - middle_y) > abs(x - middle_x)
            wedges[k] = (1 if y > middle_y else 0) + (2 if x > middle_x else 0) + (4 if beyond else 0)
    return rings, wedges


@compiled
def radial_statistics(image: F32, starts: I64, pixels: I64, rings: I8, wedges: I8, bins: int) -> F64:
    """Share of light, that over the share of pixels, and variation between wedges, for each ring of each object.

    Returns
    -------
    (objects, 3, bins); NaN for an object without light or pixels.
    """
    n_rows = starts.size - 1
    out = np.full((n_rows, 3, bins), np.nan)
    for row in range(n_rows):
        light = np.zeros((bins + 1, WEDGES))
        count = np.zeros((bins + 1, WEDGES))
        for k in range(starts[row], starts[row + 1]):
            if rings[k] >= 0:
                light[rings[k], wedges[k]] += image[pixels[k]]
                count[rings[k], wedges[k]] += 1
        all_light, all_count = light.sum(), count.sum()
        if all_count == 0:
            continue
        for ring in range(bins):
            share = light[ring].sum() / all_light if all_light != 0 else np.nan
            out[row, 0, ring] = share
            out[row, 1, ring] = share / (count[ring].sum() / all_count + EPSILON)
            out[row, 2, ring] = _variation(light[ring], count[ring])
    return out


@compiled
def _variation(light: F64, count: F64) -> float:
    """Standard deviation over mean of the wedges' mean grey levels; 0 for a ring without pixels."""
    n = 0
    total = 0.0
    for k in range(WEDGES):
        if count[k] > 0:
            n += 1
            total += light[k] / count[k]
    if n == 0:
        return 0.0
    mean = total / n
    squares = 0.0
    for k in range(WEDGES):
        if count[k] > 0:
            squares += (light[k] / count[k] - mean) ** 2
    return np.sqrt(squares / n) / mean if mean != 0 else np.nan
