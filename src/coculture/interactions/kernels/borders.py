"""Shared borders of a label image: cracks and turns for every pair of labels, and the nearest label within a reach."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

_EMPTY = -1


@compiled
def _add(keys: NDArray[np.int64], counts: NDArray[np.int64], first: int, second: int, cracks: int, half_turns: int) -> int:
    """Add to the pair's counts in the open-addressing table; return 1 where the pair is new, else 0."""
    key = (np.int64(min(first, second)) << np.int64(32)) | np.int64(max(first, second))
    mask = keys.size - 1
    mixed = key ^ (key >> np.int64(29))
    place = (mixed * np.int64(40503) + (mixed >> np.int64(11))) & mask
    while keys[place] != _EMPTY and keys[place] != key:
        place = (place + 1) & mask
    new = 1 if keys[place] == _EMPTY else 0
    keys[place] = key
    counts[place, 0] += cracks
    counts[place, 1] += half_turns
    return new


@compiled
def _crack(first: int, second: int) -> int:
    """Return 1 where two neighbouring pixels belong to two different labels > 0."""
    return 1 if first > 0 and second > 0 and first != second else 0


@compiled
def _half_turns(pixel: int, left: int, right: int, opposite: int) -> int:
    """Count, in half turns, a border that turns around ``pixel`` inside one block of 2×2 pixels."""
    if pixel <= 0 or left <= 0 or left != right or left == pixel:
        return 0
    return 1 if opposite == pixel else 2


@compiled
def _count_block(keys: NDArray[np.int64], counts: NDArray[np.int64], a: int, b: int, c: int, d: int) -> int:
    """Count the cracks a|b and a|c of the block of pixels a b above c d, and its turns; return the number of new pairs."""
    high = max(max(a, b), max(c, d))
    low = high
    for pixel in (a, b, c, d):
        if 0 < pixel < low:
            low = pixel
    cracks = _crack(a, b) + _crack(a, c)
    turns_ad = _half_turns(a, b, c, d) + _half_turns(d, b, c, a)
    turns_bc = _half_turns(b, a, d, c) + _half_turns(c, a, d, b)
    if cracks + turns_ad + turns_bc == 0:
        return 0
    only_two = True
    for pixel in (a, b, c, d):
        only_two = only_two and (pixel <= 0 or pixel in (low, high))
    if only_two:
        return _add(keys, counts, low, high, cracks, turns_ad + turns_bc)
    new = _add(keys, counts, a, b, 1, 0) if _crack(a, b) else 0
    new += _add(keys, counts, a, c, 1, 0) if _crack(a, c) else 0
    around = (a, b, d, c)
    for corner in range(4):
        pixel, left = around[corner], around[(corner + 3) % 4]
        half_turns = _half_turns(pixel, left, around[(corner + 1) % 4], around[(corner + 2) % 4])
        new += _add(keys, counts, pixel, left, 0, half_turns) if half_turns else 0
    return new


@compiled
def _mark_mixed(top: NDArray[np.int32], bottom: NDArray[np.int32], mixed: NDArray[np.uint8]) -> None:
    """Mark the places of two rows where a block of 2×2 pixels holds more than one label (a loop that vectorises)."""
    left, right, below, across = top[:-1], top[1:], bottom[:-1], bottom[1:]
    for x in range(left.size):
        mixed[x] = ((left[x] ^ right[x]) | (left[x] ^ below[x]) | (left[x] ^ across[x])) != 0


@compiled
def _meets(a: int, b: int, c: int, d: int) -> bool:
    """Tell whether two different labels > 0 are among four."""
    most = max(max(a, b), max(c, d))
    return (a > 0 and a != most) or (b > 0 and b != most) or (c > 0 and c != most) or (d > 0 and d != most)


@compiled
def count_borders(labels: NDArray[np.int32], keys: NDArray[np.int64], counts: NDArray[np.int64]) -> int:
    """Count cracks and half turns between every two labels > 0.

    ``keys`` is a table of 2^k places filled with -1 and ``counts`` its (2^k, 2) zeros: cracks (pixel edges shared by two
    labels) and half turns (of the border within a 2×2 block). Returns the number of pairs, or -1 where the table is more
    than half full and a larger one is needed.
    """
    height, width = labels.shape
    if height == 0 or width == 0:
        return 0
    mixed = np.zeros((width + 7) // 8 * 8, np.uint8)
    eights = mixed.view(np.uint64)
    pairs = 0
    for y in range(height - 1):
        top, bottom = labels[y], labels[y + 1]
        _mark_mixed(top, bottom, mixed)
        for block in range(eights.size):
            if eights[block] == 0:
                continue
            for x in range(8 * block, 8 * block + 8):
                if mixed[x] and _meets(top[x], top[x + 1], bottom[x], bottom[x + 1]):
                    pairs += _count_block(keys, counts, top[x], top[x + 1], bottom[x], bottom[x + 1])
            if 2 * pairs > keys.size:
                return -1
        if _crack(top[width - 1], bottom[width - 1]):
            pairs += _add(keys, counts, top[width - 1], bottom[width - 1], 1, 0)
    for x in range(width - 1):
        left, right = labels[height - 1, x], labels[height - 1, x + 1]
        if _crack(left, right):
            pairs += _add(keys, counts, left, right, 1, 0)
        if 2 * pairs > keys.size:
            return -1
    return pairs


@compiled
def _blocked(a: int, b: int, a_far: float, b_far: float, reach: float) -> bool:
    """Tell whether two neighbouring pixels are no crack: not two labels, or further apart than ``reach``."""
    return a <= 0 or b <= 0 or a == b or a_far + b_far > reach


@compiled
def count_bridged_borders(
    nearest: NDArray[np.int32],
    distance: NDArray[np.float32],
    reach: float,
    keys: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> int:
    """Count as :func:`count_borders` does, on nearest labels; a crack holds where its two distances sum to <= ``reach``."""
    height, width = nearest.shape
    pairs = 0
    for y in range(height):
        for x in range(width):
            down, right = min(y + 1, height - 1), min(x + 1, width - 1)
            a, b, c, d = nearest[y, x], nearest[y, right], nearest[down, x], nearest[down, right]
            if not _meets(a, b, c, d):
                continue
            around = (a, b, d, c)
            far = (distance[y, x], distance[y, right], distance[down, right], distance[down, x])
            for corner in range(4):
                before, after = (corner + 3) % 4, (corner + 1) % 4
                pixel, left = around[corner], around[before]
                if corner < 2 and not _blocked(pixel, left, far[corner], far[before], reach):
                    pairs += _add(keys, counts, pixel, left, 1, 0)
                if down > y and right > x and left == around[after]:
                    furthest = max(far[before], far[after])
                    if not _blocked(pixel, left, far[corner], furthest, reach):
                        pairs += _add(keys, counts, pixel, left, 0, 1 if around[(corner + 2) % 4] == pixel else 2)
            if 2 * pairs > keys.size:
                return -1
    return pairs


@compiled
def _column_reach(labels: NDArray[np.int32], steps: int, up: NDArray[np.int32], label: NDArray[np.int32]) -> None:
    """For each pixel, the distance along its column to the nearest label (``steps + 1`` for none) and that label."""
    height, width = labels.shape
    for y in range(height):
        for x in range(width):
            if labels[y, x] > 0:
                up[y, x], label[y, x] = 0, labels[y, x]
            elif y > 0 and up[y - 1, x] < steps:
                up[y, x], label[y, x] = up[y - 1, x] + 1, label[y - 1, x]
            else:
                up[y, x], label[y, x] = steps + 1, 0
    for y in range(height - 2, -1, -1):
        for x in range(width):
            if up[y + 1, x] + 1 < up[y, x]:
                up[y, x], label[y, x] = up[y + 1, x] + 1, label[y + 1, x]


@compiled
def nearest_label(labels: NDArray[np.int32], reach: float, nearest: NDArray[np.int32], distance: NDArray[np.float32]) -> None:
    """Fill, for each pixel, the label whose pixel centre is nearest within ``reach`` pixels, and how far it is.

    Exact Euclidean distance; of two equally near labels the one met first in x (then above before below) wins. Where
    none is near, ``nearest`` is 0 and ``distance`` infinite.
    """
    height, width = labels.shape
    steps = int(np.floor(reach))
    along = np.empty(labels.shape, np.int32)
    label = np.empty(labels.shape, np.int32)
    _column_reach(labels, steps, along, label)
    for y in range(height):
        for x in range(width):
            if labels[y, x] > 0:
                nearest[y, x], distance[y, x] = labels[y, x], 0.0
                continue
            best, chosen = reach * reach + 1e-9, 0
            for other in range(max(0, x - steps), min(width, x + steps + 1)):
                if label[y, other] > 0:
                    squared = float((other - x) * (other - x) + along[y, other] * along[y, other])
                    if squared < best or (chosen == 0 and squared <= best):
                        best, chosen = squared, label[y, other]
            nearest[y, x] = chosen
            distance[y, x] = np.sqrt(best) if chosen > 0 else np.inf
