"""Four-parameter logistic by a variable-metric descent with finite differences: numbers only.

The published scores of R packages rest on where this descent stops, not on the best curve: on few noisy doses it often
stops early. The method is Nash's (Compact Numerical Methods for Computers, 2nd ed. 1990, algorithm 21), with
central differences of 1e-3 of each parameter's scale, at most 500 gradients and a relative tolerance of 1e-7, as R's
``optim`` documents it for ``BFGS``.

``y = c + (d - c) / (1 + exp(b (u - t)))``; on the dose axis the fourth parameter is ``e = exp(t)`` and ``u = ln dose``, on the
log axis it is ``t`` itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
DIFFERENCE, TOLERANCE, MOST_GRADIENTS, SHRINK, ACCEPT, SAME = 1e-3, 1e-7, 500, 0.2, 1e-4, 10.0


@compiled
def squares(p: Floats, scale: Floats, free: NDArray[np.int64], fixed: Floats, u: Floats, y: Floats, on_log: bool) -> float:
    """Return the residual sum of squares, NaN where the curve does not exist. ``p`` are free parameters over ``scale``."""
    values = fixed.copy()
    for i in range(free.size):
        values[free[i]] = p[i] * scale[i]
    slope, lower, upper, place = values
    if not on_log:
        if not place > 0.0:
            return np.nan
        place = np.log(place)
    total = 0.0
    for i in range(u.size):
        residual = y[i] - (lower + (upper - lower) / (1.0 + np.exp(slope * (u[i] - place))))
        total += residual * residual
    return total


@compiled
def differences(
    p: Floats, scale: Floats, free: NDArray[np.int64], fixed: Floats, u: Floats, y: Floats, on_log: bool, out: Floats
) -> bool:
    """Fill ``out`` with central differences; return whether all are finite."""
    for i in range(p.size):
        here = p[i]
        p[i] = here + DIFFERENCE
        above = squares(p, scale, free, fixed, u, y, on_log)
        p[i] = here - DIFFERENCE
        below = squares(p, scale, free, fixed, u, y, on_log)
        p[i] = here
        out[i] = (above - below) / (2.0 * DIFFERENCE)
        if not np.isfinite(out[i]):
            return False
    return True


@compiled
def updated_metric(metric: Floats, step: Floats, change: Floats) -> bool:
    """Apply the BFGS update of the inverse Hessian in place; return whether the curvature allowed it."""
    n = step.size
    along = 0.0
    for i in range(n):
        along += step[i] * change[i]
    if not along > 0.0:
        return False
    product = np.zeros(n)
    across = 0.0
    for i in range(n):
        for j in range(n):
            product[i] += metric[i, j] * change[j]
        across += product[i] * change[i]
    across = 1.0 + across / along
    for i in range(n):
        for j in range(n):
            metric[i, j] += (across * step[i] * step[j] - step[i] * product[j] - product[i] * step[j]) / along
    return True


@compiled
def descend(
    start: Floats, scale: Floats, free: NDArray[np.int64], fixed: Floats, u: Floats, y: Floats, on_log: bool
) -> tuple[Floats, bool]:
    """Return the free parameters over ``scale`` where the descent stops, and whether it ran to a stop of its own.

    False: the start or a difference was not finite.
    """
    n = start.size
    here = start.copy()
    value = lowest = squares(here, scale, free, fixed, u, y, on_log)
    slope, old_slope, old, step = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    if not np.isfinite(value) or not differences(here, scale, free, fixed, u, y, on_log, slope):
        return here, False
    metric = np.eye(n)
    gradients, restarted = 1, 1
    while gradients < MOST_GRADIENTS:
        if restarted == gradients:
            metric[:, :] = np.eye(n)
        old[:] = here
        old_slope[:] = slope
        descent = 0.0
        for i in range(n):
            step[i] = 0.0
            for j in range(n):
                step[i] -= metric[i, j] * slope[j]
            descent += step[i] * slope[i]
        if not descent < 0.0:
            if restarted == gradients:
                break
            restarted = gradients
            continue
        length = 1.0
        while True:
            unmoved = 0
            for i in range(n):
                here[i] = old[i] + length * step[i]
                unmoved += SAME + old[i] == SAME + here[i]
            if unmoved == n:
                break
            value = squares(here, scale, free, fixed, u, y, on_log)
            if np.isfinite(value) and value <= lowest + descent * length * ACCEPT:
                break
            length *= SHRINK
        if unmoved < n and abs(value - lowest) <= TOLERANCE * (abs(lowest) + TOLERANCE):
            unmoved = n
            lowest = value
        if unmoved == n:
            if restarted == gradients:
                break
            restarted = gradients
            continue
        lowest = value
        if not differences(here, scale, free, fixed, u, y, on_log, slope):
            return here, False
        gradients += 1
        if not updated_metric(metric, length * step, slope - old_slope) or gradients - restarted > 2 * n:
            restarted = gradients
    return here, True
