"""Profile limits of the first parameter of a separable curve: numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.screen.dose_response.kernels.separable import copy_into, descend, reduced

Floats = NDArray[np.float64]


@compiled
def profile_squares(kind: int, setting: Floats, u: Floats, w: Floats, y: Floats, theta: Floats, box: Floats) -> float:
    """Move all of ``theta`` but the first to the least sum of squares and return it.

    Searched from where ``theta`` is and, where that is better, from a coarse grid of the second parameter.
    """
    n, p = y.size, theta.size
    terms, coefficients, residual = np.empty((3, n)), np.zeros(3), np.empty(n)
    trial, start = theta.copy(), theta.copy()
    best = reduced(kind, setting, u, w, y, theta, terms, coefficients, residual)
    for j in range(1, p):
        for i in range(5):
            copy_into(trial, theta)
            trial[j] = box[j, 0] + (box[j, 1] - box[j, 0]) * (i + 0.5) / 5.0
            found = reduced(kind, setting, u, w, y, trial, terms, coefficients, residual)
            if found < best:
                best = found
                copy_into(start, trial)
    copy_into(theta, start)
    squares: float = descend(kind, setting, u, w, y, theta, box, np.int64(1), np.int64(60))
    return squares


@compiled
def profile_limit(
    kind: int, setting: Floats, u: Floats, w: Floats, y: Floats, theta: Floats, box: Floats, threshold: float, direction: float
) -> float:
    """Return where the profile sum of squares of ``theta[0]`` first exceeds ``threshold``; infinite if not in the box.

    Walks in growing steps, then halves the last one.
    """
    edge = box[0, 1] if direction > 0.0 else box[0, 0]
    inside = theta.copy()
    outside = theta.copy()
    step = (box[0, 1] - box[0, 0]) / 200.0
    if (edge - theta[0]) * direction <= 0.0:
        return direction * np.inf
    while True:
        copy_into(outside, inside)
        outside[0] = inside[0] + direction * step
        at_edge = (edge - outside[0]) * direction <= 0.0
        if at_edge:
            outside[0] = edge
        if profile_squares(kind, setting, u, w, y, outside, box) > threshold:
            break
        if at_edge:
            return direction * np.inf
        copy_into(inside, outside)
        step *= 1.4
    low, high = inside[0], outside[0]
    for _ in range(50):
        copy_into(outside, inside)
        outside[0] = 0.5 * (low + high)
        if profile_squares(kind, setting, u, w, y, outside, box) > threshold:
            high = outside[0]
        else:
            low = outside[0]
            copy_into(inside, outside)
        if abs(high - low) < 1e-7 * (1.0 + abs(low)):
            break
    limit: float = 0.5 * (low + high)
    return limit
