"""Fractal dimension of one coordinate's graph by counting boxes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.errors import DataError, InputError


def box_count_dimension(values: NDArray[np.float64]) -> float:
    """Return the box-count dimension of the graph of equally spaced ``values``.

    Boxes of width ``l = 1, 2, 4, …`` points and height ``l · range/(N − 1)`` are laid over the graph, each column of boxes
    starting at its lowest value; D is minus the slope of log count over log l (least squares). As in Liebovitch & Tóth (1989,
    Phys Lett A 141:386) and the R package fractaldim (Gneiting, Ševčíková & Percival 2012, Stat Sci 27:247): N − 1 is cut to a
    multiple of the largest box, the two largest sizes are left out while two remain, and small boxes holding more than N/5
    counts are left out while two remain.

    It is the dimension of a *graph*, so for a track of several coordinates take it of each; it depends on how the axes lie. For
    whole tracks prefer :func:`~coculture.interactions.motion.fractal.variation.variation_dimensions`.

    Raises
    ------
    InputError : if the values are not one row of finite numbers.
    DataError : if there are fewer than three, or they are all the same.
    """
    line = np.asarray(values, np.float64)
    if line.ndim != 1 or not np.isfinite(line).all():
        raise InputError("a graph is one row of finite numbers", "values")
    if len(line) < 3:
        raise DataError(f"{len(line)} values have no dimension", "values", "give at least three")
    sizes_held = int(math.log2(len(line) - 1)) + 1
    largest = 2 ** (sizes_held - 1)
    line = line[: (len(line) - 1) // largest * largest + 1]
    span = float(np.ptp(line))
    if span == 0:
        raise DataError("all values are the same; a level line has no box count", "values")
    used = max(2, sizes_held - 2)
    sizes, counts = _counts(line, span, used)
    return -float(np.polyfit(np.log(sizes), np.log(counts), 1)[0])


def _counts(line: NDArray[np.float64], span: float, used: int) -> tuple[list[int], list[int]]:
    """Count boxes from the largest size down, until they hold too few points each."""
    sizes: list[int] = []
    counts: list[int] = []
    for place in range(used - 1, -1, -1):
        size = 2**place
        count = _boxes(line, span, size)
        if count > len(line) / 5 and place < used - 2:
            break
        sizes.append(size)
        counts.append(count)
    return sizes, counts


def _boxes(line: NDArray[np.float64], span: float, size: int) -> int:
    """Count the boxes of one size that the graph enters: in each column those from its lowest to its highest value."""
    columns = (len(line) - 1) // size
    blocks = np.lib.stride_tricks.sliding_window_view(line, size + 1)[::size][:columns]
    height = span * size / (len(line) - 1)
    most = (len(line) - 1) // size
    return int(np.minimum(np.floor(np.ptp(blocks, axis=1) / height) + 1, most).sum())
