"""Loops over pairs of points or steps of one track: numbers in, numbers out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled


@compiled
def squared_displacement_sums(
    start: NDArray[np.int64],
    t: NDArray[np.float64],
    positions: NDArray[np.float64],
    step: float,
    tolerance: float,
    apart: bool,
    first_only: bool,
    offset: NDArray[np.int64],
    sums: NDArray[np.float64],
    counts: NDArray[np.int64],
    squares: NDArray[np.float64],
    lags: NDArray[np.float64],
) -> int:
    """Add |r_j − r_i|² of every pair i < j of a track to the lag its times are apart; return how many pairs fit no lag.

    Lag k (in steps, from 1) of track m is held at ``offset[m] + k - 1`` of ``sums`` and ``counts``; a track has
    ``offset[m + 1] - offset[m]`` lags. ``squares[k - 1]`` gathers the squared values and ``lags[k - 1]`` the true lags of all
    tracks. ``apart``: only pairs whose earlier point lies a multiple of k steps after the track's first point, so that none
    overlap. ``first_only``: only pairs with the track's first point.
    """
    off_grid = 0
    for m in range(len(start) - 1):
        longest = offset[m + 1] - offset[m]
        last = start[m] + 1 if first_only else start[m + 1]
        for i in range(start[m], last):
            since = int(np.rint((t[i] - t[start[m]]) / step))
            for j in range(i + 1, start[m + 1]):
                lag = t[j] - t[i]
                k = int(np.rint(lag / step))
                if k > longest:
                    break
                if k < 1 or abs(lag - k * step) > tolerance * step:
                    off_grid += 1
                    continue
                if apart and since % k != 0:
                    continue
                value = 0.0
                for axis in range(positions.shape[1]):
                    value += (positions[j, axis] - positions[i, axis]) ** 2
                sums[offset[m] + k - 1] += value
                counts[offset[m] + k - 1] += 1
                squares[k - 1] += value * value
                lags[k - 1] += lag
    return off_grid


@compiled
def step_product_sums(
    start: NDArray[np.int64],
    t: NDArray[np.float64],
    vectors: NDArray[np.float64],
    step: float,
    tolerance: float,
    offset: NDArray[np.int64],
    sums: NDArray[np.float64],
    counts: NDArray[np.int64],
    squares: NDArray[np.float64],
    lags: NDArray[np.float64],
) -> int:
    """Add v_i · v_j of every pair i <= j of a track's steps to the lag their times are apart; return how many pairs fit no lag.

    As :func:`squared_displacement_sums`, except that lags count from 0 (a step with itself) and lag k is held at ``offset[m] +
    k``.
    """
    off_grid = 0
    for m in range(len(start) - 1):
        longest = offset[m + 1] - offset[m] - 1
        for i in range(start[m], start[m + 1]):
            for j in range(i, start[m + 1]):
                lag = t[j] - t[i]
                k = int(np.rint(lag / step))
                if k > longest:
                    break
                if abs(lag - k * step) > tolerance * step:
                    off_grid += 1
                    continue
                value = 0.0
                for axis in range(vectors.shape[1]):
                    value += vectors[j, axis] * vectors[i, axis]
                sums[offset[m] + k] += value
                counts[offset[m] + k] += 1
                squares[k] += value * value
                lags[k] += lag
    return off_grid
