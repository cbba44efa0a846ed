"""Place cells at random, none too near another. Numbers only; see :mod:`coculture.cells.founding`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled
def seed_apart(candidate: Floats, radius: Floats, apart: float, placed: Floats, n_placed: int) -> int:
    """Try candidates in their order for the next cell; return how many cells are placed then.

    ``candidate`` (m, 3); ``radius`` (n,) of the cells in the order they are placed; ``placed`` (n, 3) holds ``n_placed`` centres
    and takes the new ones. Two centres lie at least ``apart (r_i + r_j)`` apart.
    """
    n = len(radius)
    width = max(2.0 * apart * radius.max(), 1e-9)
    low = np.empty(3)
    counts = np.empty(3, np.int64)
    for axis in range(3):
        least, most = candidate[:, axis].min(), candidate[:, axis].max()
        for k in range(n_placed):
            least, most = min(least, placed[k, axis]), max(most, placed[k, axis])
        low[axis] = least
        counts[axis] = min(int((most - least) / width) + 1, 2000)
    widths = np.full(3, width)
    for axis in range(3):
        widths[axis] = max(width, (max(candidate[:, axis].max(), low[axis]) - low[axis]) / counts[axis] + 1e-9)
    head = np.full(counts[0] * counts[1] * counts[2], -1, np.int64)
    following = np.full(n, -1, np.int64)
    for k in range(n_placed):
        box = _box(placed[k], low, widths, counts)
        following[k], head[box] = head[box], k
    for m in range(len(candidate)):
        if n_placed == n:
            break
        if _is_free(candidate[m], radius[n_placed], apart, placed, radius, head, following, low, widths, counts):
            placed[n_placed] = candidate[m]
            box = _box(candidate[m], low, widths, counts)
            following[n_placed], head[box] = head[box], n_placed
            n_placed += 1
    return n_placed


@compiled
def _box(place: Floats, low: Floats, widths: Floats, counts: Integers) -> int:
    number = 0
    for axis in range(3):
        number = number * counts[axis] + min(max(int((place[axis] - low[axis]) / widths[axis]), 0), counts[axis] - 1)
    return number


@compiled
def _is_free(
    place: Floats,
    radius: float,
    apart: float,
    placed: Floats,
    radii: Floats,
    head: Integers,
    following: Integers,
    low: Floats,
    widths: Floats,
    counts: Integers,
) -> bool:
    """Tell whether no placed cell is nearer than it may be."""
    first, last = np.empty(3, np.int64), np.empty(3, np.int64)
    for axis in range(3):
        own = min(max(int((place[axis] - low[axis]) / widths[axis]), 0), counts[axis] - 1)
        first[axis], last[axis] = max(own - 1, 0), min(own + 1, counts[axis] - 1)
    for x in range(first[0], last[0] + 1):
        for y in range(first[1], last[1] + 1):
            for z in range(first[2], last[2] + 1):
                k = head[(x * counts[1] + y) * counts[2] + z]
                while k >= 0:
                    least = apart * (radius + radii[k])
                    square = (place[0] - placed[k, 0]) ** 2 + (place[1] - placed[k, 1]) ** 2 + (place[2] - placed[k, 2]) ** 2
                    if square < least * least:
                        return False
                    k = following[k]
    return True
