"""Maximum likelihood of a curve with errors of Student's t, 4 degrees of freedom, within bounds: numbers only.

Damped Fisher scoring (Lange, Little & Taylor 1989, JASA 84:881): with ``z = r / sigma`` and ``w = (v + 1) / (v + z^2)`` the
score of the curve's parameters is ``J^T w r / sigma^2`` and their information ``(v + 1)/(v + 3) J^T J / sigma^2``; those of
``ln sigma`` are ``sum(w z^2 - 1)`` and ``2 n v / (v + 3)``. ``box`` is (p, 2), limits of ``phi``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.screen.dose_response.kernels.curves_from_zero import CONSTANT, GAIN_LOSS, POLYNOMIAL_2, fill_response
from coculture.screen.dose_response.kernels.separable import copy_into, damped_step

Floats = NDArray[np.float64]

FREEDOM = 4.0
LOG_NORMALISER = -0.9808292530117262
"""``ln Gamma(5/2) - ln Gamma(2) - ln(4 pi) / 2``."""
MOST_STARTS = 4


@compiled
def log_likelihood(fitted: Floats, y: Floats, log_sigma: float) -> float:
    """Return the log-likelihood of residuals with scale ``exp(log_sigma)``."""
    total = 0.0
    shrink = np.exp(-log_sigma)
    for i in range(y.size):
        z = (y[i] - fitted[i]) * shrink
        total += LOG_NORMALISER - 2.5 * np.log1p(z * z / FREEDOM) - log_sigma
    return total


@compiled
def scale_and_sigma(shape: Floats, y: Floats, low: float, high: float, rounds: int | np.int64) -> tuple[float, float, float]:
    """Return (scale, ln sigma, log-likelihood) of ``scale * shape`` after some rounds of reweighting from least squares."""
    n = y.size
    scale, variance = 0.0, 1.0
    w = np.ones(n)
    for _ in range(rounds):
        top, bottom = 0.0, 0.0
        for i in range(n):
            top += w[i] * shape[i] * y[i]
            bottom += w[i] * shape[i] * shape[i]
        scale = min(max(top / bottom if bottom > 0.0 else 0.0, low), high)
        variance = 0.0
        for i in range(n):
            variance += w[i] * (y[i] - scale * shape[i]) ** 2
        variance = max(variance / n, 1e-300)
        for i in range(n):
            w[i] = (FREEDOM + 1.0) / (FREEDOM + (y[i] - scale * shape[i]) ** 2 / variance)
    log_sigma: float = 0.5 * np.log(variance)
    return scale, log_sigma, log_likelihood(scale * shape, y, log_sigma)


@compiled
def clip(kind: int, phi: Floats, box: Floats, width_limit: float) -> None:
    """Bring ``phi`` into the box; the loss of gain-loss also lies at most at ``ln x = width_limit``."""
    for j in range(phi.size):
        phi[j] = min(max(phi[j], box[j, 0]), box[j, 1])
    if kind == GAIN_LOSS:
        phi[3] = max(min(phi[3], width_limit - phi[1]), box[3, 0])


@compiled
def climb(kind: int, x: Floats, y: Floats, phi: Floats, box: Floats, width_limit: float, most_steps: int | np.int64) -> float:
    """Move ``phi`` to the local maximum of the likelihood and return it."""
    n, p = y.size, phi.size
    fitted, ahead, behind = np.empty(n), np.empty(n), np.empty(n)
    jacobian, matrix, gradient = np.zeros((p - 1, n)), np.zeros((p, p)), np.zeros(p)
    free, step, trial = np.ones(p), np.zeros(p), phi.copy()
    fill_response(kind, phi, x, fitted)
    best = log_likelihood(fitted, y, phi[p - 1])
    damping = 1e-3
    n_linear = 2 if kind == POLYNOMIAL_2 else 1
    for _ in range(most_steps):
        inverse = np.exp(-phi[p - 1])
        for j in range(p):
            gradient[j] = 0.0
            for k in range(p):
                matrix[j, k] = 0.0
        for j in range(p - 1):
            copy_into(trial, phi)
            width = 1e-5 * (1.0 + abs(phi[j]))
            trial[j] = phi[j] + width
            fill_response(kind, trial, x, ahead)
            trial[j] = phi[j] - width
            fill_response(kind, trial, x, behind)
            for i in range(n):
                jacobian[j, i] = (ahead[i] - behind[i]) / (2.0 * width) * inverse
        for i in range(n):
            z = (y[i] - fitted[i]) * inverse
            w = (FREEDOM + 1.0) / (FREEDOM + z * z)
            for j in range(p - 1):
                gradient[j] += jacobian[j, i] * w * z
                for k in range(p - 1):
                    matrix[j, k] += (FREEDOM + 1.0) / (FREEDOM + 3.0) * jacobian[j, i] * jacobian[k, i]
            gradient[p - 1] += w * z * z - 1.0
        matrix[p - 1, p - 1] = 2.0 * n * FREEDOM / (FREEDOM + 3.0)
        for j in range(p):
            outward = (phi[j] <= box[j, 0] and gradient[j] < 0.0) or (phi[j] >= box[j, 1] and gradient[j] > 0.0)
            free[j] = 0.0 if outward or not matrix[j, j] > 0.0 else 1.0
        moved, gained = False, 0.0
        for _ in range(20):
            if not damped_step(matrix, gradient, free, damping, step):
                damping = max(10.0 * damping, 1e-8)
                continue
            for j in range(p):
                limit = 1.5 if j >= n_linear else np.inf
                trial[j] = phi[j] + min(max(step[j], -limit), limit) if free[j] == 1.0 else phi[j]
            clip(kind, trial, box, width_limit)
            fill_response(kind, trial, x, ahead)
            found = log_likelihood(ahead, y, trial[p - 1])
            if found >= best:
                gained = found - best
                best, moved = found, True
                copy_into(phi, trial)
                copy_into(fitted, ahead)
                damping = max(damping * 0.2, 1e-10)
                break
            damping *= 6.0
        if not moved or gained < 1e-11 * (1.0 + abs(best)):
            break
    return best


@compiled
def best_starts(
    kind: int, x: Floats, y: Floats, box: Floats, width_limit: float, counts: NDArray[np.int64], starts: Floats
) -> int:
    """Fill ``starts`` with the likeliest points of a grid of the shape parameters; return how many there are."""
    p = box.shape[0]
    n_grid, found = 1, 0
    for j in range(p):
        n_grid *= counts[j]
    heights = np.full(starts.shape[0], -np.inf)
    phi, shape = np.zeros(p), np.empty(y.size)
    for index in range(n_grid):
        rest = index
        for j in range(1, p - 1):
            place = rest % counts[j]
            rest = rest // counts[j]
            low, high = box[j, 0], box[j, 1]
            if kind == GAIN_LOSS and j == 3:
                high = max(width_limit - phi[1], low)
            phi[j] = low + (high - low) * (place + 0.5) / counts[j]
        phi[0] = 1.0
        fill_response(kind, phi, x, shape)
        scale, log_sigma, height = scale_and_sigma(shape, y, box[0, 0], box[0, 1], np.int64(6))
        worst = np.argmin(heights)
        if height > heights[worst]:
            heights[worst] = height
            copy_into(starts[worst], phi)
            starts[worst, 0] = scale
            if kind == POLYNOMIAL_2:
                starts[worst, 1] = scale * phi[1]
            starts[worst, p - 1] = log_sigma
            found = min(found + 1, starts.shape[0])
    return found


@compiled
def likeliest(kind: int, x: Floats, y: Floats, box: Floats, width_limit: float, counts: NDArray[np.int64], phi: Floats) -> float:
    """Fill ``phi`` with the best of several climbs from a grid and return its log-likelihood."""
    p = box.shape[0]
    best = -np.inf
    if kind == CONSTANT:
        _, phi[0], _ = scale_and_sigma(np.zeros(y.size), y, 0.0, 0.0, np.int64(20))
        return climb(kind, x, y, phi, box, width_limit, np.int64(100))
    starts = np.empty((MOST_STARTS, p))
    search = box.copy()
    if kind == POLYNOMIAL_2:
        search[1, 0], search[1, 1] = -12.0, 12.0
    for s in range(best_starts(kind, x, y, search, width_limit, counts, starts)):
        clip(kind, starts[s], box, width_limit)
        height = climb(kind, x, y, starts[s], box, width_limit, np.int64(200))
        if height > best:
            best = height
            copy_into(phi, starts[s])
    return best
