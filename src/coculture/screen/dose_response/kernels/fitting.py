"""Fits of many separable curves, one after the other: numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.screen.dose_response.kernels.profile import profile_limit
from coculture.screen.dose_response.kernels.separable import copy_into, global_fit, reduced
from coculture.screen.dose_response.kernels.terms import WEIBULL_2, rising, stimulation

Floats = NDArray[np.float64]


@compiled
def half_effect(kind: int, onset: float, theta: Floats, coefficients: Floats, lowest: float, highest: float) -> float:
    """Return the highest ``u`` at which half of a hormesis curve's way is gone; NaN if there is none below ``highest``.

    Seeks downwards from ``highest`` in 400 steps, then halves.
    """
    span = coefficients[1]
    if span == 0.0:
        return np.nan
    steepness = np.exp(theta[1])
    ratio = coefficients[2] / span
    width = (highest - lowest) / 400.0
    above = highest
    for i in range(401):
        u = highest - i * width
        left = rising(-steepness * (u - theta[0])) * (1.0 + ratio * stimulation(kind, u, onset))
        if left > 0.5:
            if i == 0:
                return np.nan
            below = u
            for _ in range(60):
                u = 0.5 * (below + above)
                left = rising(-steepness * (u - theta[0])) * (1.0 + ratio * stimulation(kind, u, onset))
                if left > 0.5:
                    below = u
                else:
                    above = u
            return 0.5 * (below + above)
        above = u
    return np.nan


@compiled
def best_direction(
    kind: int, setting: Floats, u: Floats, w: Floats, y: Floats, box: Floats, grid: NDArray[np.int64], theta: Floats
) -> float:
    """Fill ``theta`` and the direction in ``setting[0]`` with those of the better of rising and falling; return the squares."""
    if kind > WEIBULL_2:
        return global_fit(kind, setting, u, w, y, box, grid, theta)
    other = theta.copy()
    setting[0] = -1.0
    falling = global_fit(kind, setting, u, w, y, box, grid, other)
    setting[0] = 1.0
    upward = global_fit(kind, setting, u, w, y, box, grid, theta)
    if falling < upward:
        setting[0] = -1.0
        copy_into(theta, other)
        return falling
    return upward


@compiled
def fit_separable_curves(
    kind: int,
    held_kind: int,
    settings: Floats,
    offsets: NDArray[np.int64],
    u: Floats,
    w: Floats,
    y: Floats,
    within: Floats,
    middle: Floats,
    bounds: Floats,
    grid: NDArray[np.int64],
    ratios: Floats,
    theta: Floats,
    coefficients: Floats,
    rest: Floats,
) -> None:
    """Fit every curve and fill its rows.

    Parameters
    ----------
    kind, held_kind : terms of the model, and of the same curve held through its dose of half effect.
    settings : (3,) fraction, fixed bottom and onset.
    offsets : (curves + 1,) levels of curve c are ``offsets[c]:offsets[c + 1]``.
    u, w, y : (levels,) position, weight, mean.
    within : (curves,) sum of squares within levels, which no curve can explain.
    middle : (curves, 2) limits of the first theta; ``bounds`` (p - 1, 2) those of the others.
    grid : (p,) numbers of grid points.
    ratios : (curves,) the profile's threshold is this times the least total sum of squares; 0 for no limits.
    theta : (curves, p) and ``coefficients`` (curves, 3) to fill.
    rest : (curves, 4) filled with total sum of squares, direction, lower and upper limit of the dose of half effect.
    """
    p = grid.size
    box = np.empty((p, 2))
    for j in range(1, p):
        copy_into(box[j], bounds[j - 1])
    setting = np.array([1.0, settings[0], settings[1], settings[2], 0.0])
    for c in range(offsets.size - 1):
        uc, wc, yc = u[offsets[c] : offsets[c + 1]], w[offsets[c] : offsets[c + 1]], y[offsets[c] : offsets[c + 1]]
        copy_into(box[0], middle[c])
        squares = best_direction(kind, setting, uc, wc, yc, box, grid, theta[c])
        reduced(kind, setting, uc, wc, yc, theta[c], np.empty((3, uc.size)), coefficients[c], np.empty(uc.size))
        rest[c, 0] = squares + within[c]
        rest[c, 1] = setting[0]
        rest[c, 2] = -np.inf
        rest[c, 3] = np.inf
        if ratios[c] == 0.0:
            continue
        threshold = ratios[c] * (squares + within[c]) - within[c]
        start, limits = theta[c].copy(), box.copy()
        if kind > WEIBULL_2:
            half = half_effect(kind, setting[3], theta[c], coefficients[c], box[0, 0], box[0, 1])
            start = np.array([half, theta[c, 0], theta[c, 1]])
            limits = np.empty((p + 1, 2))
            for j in range(p + 1):
                copy_into(limits[j], box[max(j - 1, 0)])
            if not half > -np.inf:
                continue
        rest[c, 2] = profile_limit(held_kind, setting, uc, wc, yc, start.copy(), limits, threshold, -1.0)
        rest[c, 3] = profile_limit(held_kind, setting, uc, wc, yc, start.copy(), limits, threshold, 1.0)
