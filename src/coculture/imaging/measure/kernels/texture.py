"""Kernels of family ``texture``: grey-level co-occurrence and Haralick's thirteen numbers. Numbers only.

Only pixels of the object with a level above 0 take part. A matrix is kept as counts over the object's own levels, and its
touched cells as a list, so that the work follows the number of pixel pairs and not the square of the levels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.imaging.measure.kernels.masks import object_box

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]

HARALICK = 13
DIRECTIONS = 4


@compiled
def quantised(image: F32, full_scale: float, levels: int) -> U8:
    """Grey levels in 256 steps of the full scale, rounded to even, then to ``levels`` steps, rounded down."""
    out = np.empty(image.size, dtype=np.uint8)
    for k in range(image.size):
        step = min(max(np.rint(float(image[k]) / full_scale * 255), 0), 255)
        out[k] = int(step) if levels == 256 else int(step / 255 * (levels - 1))
    return out


@compiled
def _entropy(p: F64) -> float:
    total = 0.0
    for value in p:
        if value > 0:
            total -= value * np.log2(value)
    return total


@compiled
def haralick(counts: I32, touched: I64, n_touched: int, level: I64, pairs: int, out: F64) -> None:
    """Haralick's numbers of one symmetric matrix.

    Parameters
    ----------
    counts : (k, k) pairs of level a and b, in cells with a ≤ b.
    touched : flat numbers of the cells that hold a pair, ``n_touched`` of them.
    level : (k,) grey levels, rising.
    pairs : sum of ``counts``.
    out : (13,) is filled.
    """
    k = level.size
    top = level[k - 1] + 1
    alone = np.zeros(top)
    added = np.zeros(2 * top)
    apart = np.zeros(top)
    moment, cross, entropy, near = 0.0, 0.0, 0.0, 0.0
    for t in range(n_touched):
        a, b = touched[t] // k, touched[t] % k
        i, j = level[a], level[b]
        twice = 1.0 if a == b else 2.0
        share = counts[a, b] / (pairs * twice)
        moment += twice * share * share
        entropy -= twice * share * np.log2(share)
        cross += twice * share * i * j
        near += twice * share / (1 + (i - j) * (i - j))
        alone[i] += share
        if a != b:
            alone[j] += share
        added[i + j] += twice * share
        apart[j - i] += twice * share
    mean, variance, contrast, sum_mean, sum_square, apart_square = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(top):
        mean += i * alone[i]
        contrast += i * i * apart[i]
        apart_square += apart[i] * apart[i]
    for i in range(top):
        variance += (i - mean) * (i - mean) * alone[i]
    for i in range(2 * top):
        sum_mean += i * added[i]
    for i in range(2 * top):
        sum_square += (i - sum_mean) * (i - sum_mean) * added[i]
    own = _entropy(alone)
    out[0] = moment
    out[1] = contrast
    out[2] = 1.0 if k == 1 or variance <= 0 else (cross - mean * mean) / variance
    out[3] = variance
    out[4] = near
    out[5] = sum_mean
    out[6] = sum_square
    out[7] = _entropy(added)
    out[8] = entropy
    out[9] = apart_square / top - 1.0 / (top * top)
    out[10] = _entropy(apart)
    out[11] = (entropy - 2 * own) / own if own > 0 else entropy - 2 * own
    out[12] = np.sqrt(max(0.0, 1 - np.exp(-2 * (2 * own - entropy))))


@compiled
def _ranked_levels(levels: U8, own: I64) -> tuple[I64, I64]:
    """Grey levels above 0 of an object, rising, and the place of each of 256 levels among them (-1: none)."""
    seen = np.zeros(256, dtype=np.uint8)
    for pixel in own:
        seen[levels[pixel]] = 1
    seen[0] = 0
    place = np.full(256, -1, dtype=np.int64)
    found = np.flatnonzero(seen)
    for k in range(found.size):
        place[found[k]] = k
    return found, place


@compiled
def texture_statistics(levels: U8, starts: I64, pixels: I64, width: int, distance: int) -> F64:
    """Haralick's numbers of each object, in four directions: right, right-down, down, left-down.

    Parameters
    ----------
    levels : flat image of grey levels 0..255.
    distance : of the two pixels of a pair.

    Returns
    -------
    (objects, 4, 13); NaN for an object that has no pair in one of the directions.
    """
    n_rows = starts.size - 1
    out = np.full((n_rows, DIRECTIONS, HARALICK), np.nan)
    for row in range(n_rows):
        own = pixels[starts[row] : starts[row + 1]]
        if own.size == 0:
            continue
        found, place = _ranked_levels(levels, own)
        k = found.size
        if k == 0:
            continue
        top, left, bottom, right = object_box(own, width)
        box = np.full((bottom - top, right - left), -1, dtype=np.int64)
        for pixel in own:
            box[pixel // width - top, pixel % width - left] = place[levels[pixel]]
        counts = np.zeros((k, k), dtype=np.int32)
        touched = np.empty(min(own.size, k * k), dtype=np.int64)
        for direction in range(DIRECTIONS):
            down = 0 if direction == 0 else distance
            across = distance if direction < 2 else 0 if direction == 2 else -distance
            n_touched, pairs = _count(box, down, across, counts, touched)
            if pairs == 0:
                out[row] = np.nan
                break
            haralick(counts, touched, n_touched, found, pairs, out[row, direction])
            for t in range(n_touched):
                counts[touched[t] // k, touched[t] % k] = 0
    return out


@compiled
def _count(box: I64, down: int, across: int, counts: I32, touched: I64) -> tuple[int, int]:
    """Count the pairs of one direction into ``counts`` and list its touched cells; return how many cells and pairs."""
    height, width = box.shape
    k = counts.shape[0]
    n_touched, pairs = 0, 0
    for y in range(height - down):
        for x in range(max(0, -across), min(width, width - across)):
            a, b = box[y, x], box[y + down, x + across]
            if a < 0 or b < 0:
                continue
            if a > b:
                a, b = b, a
            if counts[a, b] == 0:
                touched[n_touched] = a * k + b
                n_touched += 1
            counts[a, b] += 1
            pairs += 1
    return n_touched, pairs
