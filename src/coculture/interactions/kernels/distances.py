"""Sums over pairs of points by distance and type, and nearest points of each type."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]


@compiled
def sum_by_bin(first: Whole, second: Whole, bins: Whole, weight: Reals, codes: Whole, sums: Reals) -> None:
    """Add each pair's weight to ``sums[bin, a, b]``, a and b being the types of its two points."""
    for pair in range(first.size):
        sums[bins[pair], codes[first[pair]], codes[second[pair]]] += weight[pair]


@compiled
def sum_smoothed(
    first: Whole, second: Whole, distance: Reals, weight: Reals, codes: Whole, radii: Reals, bandwidth: float, sums: Reals
) -> None:
    """Add each pair to ``sums[radius, a, b]`` with its weight times the Epanechnikov kernel at radius − distance.

    ``radii`` ascend; the kernel is 0.75 (1 − u²)/bandwidth for |u| < 1, u = (radius − distance)/bandwidth.
    """
    for pair in range(first.size):
        place = np.searchsorted(radii, distance[pair] - bandwidth)
        while place < radii.size and radii[place] < distance[pair] + bandwidth:
            u = (radii[place] - distance[pair]) / bandwidth
            kernel = 0.75 * (1 - u * u) / bandwidth
            sums[place, codes[first[pair]], codes[second[pair]]] += weight[pair] * kernel
            place += 1


@compiled
def degree_squares_by_bin(first: Whole, second: Whole, start: Whole, weight: Reals, cells: int, squares: Reals) -> None:
    """Fill ``squares[k]``, the sum of squared weighted degrees of the graph of all pairs in bins up to k.

    Pairs are sorted by bin; bin k holds the pairs ``start[k]`` to ``start[k + 1]``. Degrees and the sum are updated, not remade.
    """
    degree, total = np.zeros(cells), 0.0
    for k in range(start.size - 1):
        for pair in range(start[k], start[k + 1]):
            i, j, w = first[pair], second[pair], weight[pair]
            total += 2 * w * (degree[i] + degree[j]) + 2 * w * w
            degree[i] += w
            degree[j] += w
        squares[k] = total


@compiled
def nearest_of_each_type(
    found: Whole, far: Reals, codes: Whole, member_start: Whole, members: Whole, points: Reals, nearest: Whole, distance: Reals
) -> None:
    """Fill, for each cell and type, the nearest other cell of that type (-1: none) and how far it is (inf: none).

    ``found`` and ``far`` are the k nearest of each cell, nearest first; where they hold no cell of a type, all its
    ``members`` (listed by type from ``member_start``) are searched. ``points`` is (cells, 3).
    """
    kinds = nearest.shape[1]
    for cell in range(found.shape[0]):
        nearest[cell, :], distance[cell, :] = -1, np.inf
        missing = kinds
        for place in range(found.shape[1]):
            other = found[cell, place]
            if other < 0 or missing == 0:
                break
            if nearest[cell, codes[other]] < 0:
                nearest[cell, codes[other]], distance[cell, codes[other]] = other, far[cell, place]
                missing -= 1
        for kind in range(kinds if missing > 0 else 0):
            if nearest[cell, kind] >= 0:
                continue
            for place in range(member_start[kind], member_start[kind + 1]):
                other = members[place]
                if other != cell:
                    dx, dy = points[other, 0] - points[cell, 0], points[other, 1] - points[cell, 1]
                    dz = points[other, 2] - points[cell, 2]
                    apart = np.sqrt(dx * dx + dy * dy + dz * dz)
                    if apart < distance[cell, kind]:
                        nearest[cell, kind], distance[cell, kind] = other, apart


@compiled
def weights_by_type(start: Whole, neighbour: NDArray[np.int32], weight: Reals, codes: Whole, shares: Reals) -> None:
    """Add to ``shares[cell, b]`` the weight of the cell's neighbours of type b."""
    for row in range(start.size - 1):
        for place in range(start[row], start[row + 1]):
            shares[row, codes[neighbour[place]]] += weight[place]
