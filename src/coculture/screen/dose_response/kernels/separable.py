"""Least squares of a curve that is linear in its plateaus, by variable projection: numbers only.

For given ``theta`` the linear coefficients are solved exactly, so that the search runs over ``theta`` alone (Golub &
Pereyra 1973, SIAM J. Numer. Anal. 10:413). Derivatives of the reduced residuals are central differences. Level arrays:
``u`` position, ``w`` weight, ``y`` weighted mean. ``box`` is (p, 2), lowest and highest value of each theta.

Whole numbers written in a call are given as ``np.int64(...)``: numba would compile the callee anew for every bare one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.screen.dose_response.kernels.terms import WEIBULL_2, fill_anchored, fill_terms

Floats = NDArray[np.float64]


@compiled
def copy_into(target: Floats, source: Floats) -> None:
    """Fill ``target`` with ``source``, both (n,); an array assignment would take seconds longer to compile."""
    for i in range(target.size):
        target[i] = source[i]


@compiled
def solve_linear(terms: Floats, n_terms: int, w: Floats, y: Floats, coefficients: Floats, residual: Floats) -> float:
    """Return the sum of squares of the best coefficients, which are filled as is ``residual``, scaled by root weight.

    Orthogonalises the weighted terms one after the other (modified Gram-Schmidt); a term that the earlier ones hold
    already gets coefficient 0.
    """
    n = y.size
    q = np.empty((n_terms, n))
    r = np.zeros((n_terms, n_terms))
    kept = np.zeros(n_terms)
    projected = np.zeros(n_terms)
    for i in range(n):
        residual[i] = np.sqrt(w[i]) * y[i]
    for j in range(n_terms):
        size = 0.0
        for i in range(n):
            q[j, i] = np.sqrt(w[i]) * terms[j, i]
            size += q[j, i] * q[j, i]
        for k in range(j):
            if kept[k] == 0.0:
                continue
            dot = 0.0
            for i in range(n):
                dot += q[k, i] * q[j, i]
            r[k, j] = dot
            for i in range(n):
                q[j, i] -= dot * q[k, i]
        norm = 0.0
        for i in range(n):
            norm += q[j, i] * q[j, i]
        if not norm > 1e-22 * size:
            continue
        kept[j] = 1.0
        r[j, j] = np.sqrt(norm)
        dot = 0.0
        for i in range(n):
            q[j, i] /= r[j, j]
            dot += q[j, i] * residual[i]
        projected[j] = dot
        for i in range(n):
            residual[i] -= dot * q[j, i]
    for j in range(n_terms - 1, -1, -1):
        coefficients[j] = 0.0
        if kept[j] == 1.0:
            value = projected[j]
            for k in range(j + 1, n_terms):
                value -= r[j, k] * coefficients[k]
            coefficients[j] = value / r[j, j]
    squares = 0.0
    for i in range(n):
        squares += residual[i] * residual[i]
    return squares


@compiled
def reduced(
    kind: int,
    setting: Floats,
    u: Floats,
    w: Floats,
    y: Floats,
    theta: Floats,
    terms: Floats,
    coefficients: Floats,
    residual: Floats,
) -> float:
    """Return the sum of squares for ``theta``; the span of a sigmoid is held at 0 where it would be negative."""
    if setting[4] == 1.0:
        n_terms = fill_anchored(kind, setting, u, theta, terms)
    else:
        n_terms = fill_terms(kind, setting, u, theta, terms)
    squares = solve_linear(terms, n_terms, w, y, coefficients, residual)
    if kind <= WEIBULL_2 and coefficients[n_terms - 1] < 0.0:
        squares = solve_linear(terms, n_terms - 1, w, y, coefficients, residual)
        coefficients[n_terms - 1] = 0.0
    return squares


@compiled
def damped_step(matrix: Floats, gradient: Floats, free: Floats, damping: float, step: Floats) -> bool:
    """Fill ``step`` with the solution of the damped normal equations over the free parameters; False if singular."""
    p = gradient.size
    a = np.zeros((p, p + 1))
    for i in range(p):
        if free[i] == 0.0:
            a[i, i] = 1.0
            continue
        for j in range(p):
            a[i, j] = matrix[i, j] if free[j] == 1.0 else 0.0
        a[i, i] += damping * matrix[i, i]
        a[i, p] = gradient[i]
    for i in range(p):
        if not a[i, i] > 0.0:
            return False
        for k in range(i + 1, p):
            factor = a[k, i] / a[i, i]
            for j in range(i, p + 1):
                a[k, j] -= factor * a[i, j]
    for i in range(p - 1, -1, -1):
        value = a[i, p]
        for j in range(i + 1, p):
            value -= a[i, j] * step[j]
        step[i] = value / a[i, i]
    return True


@compiled
def descend(
    kind: int,
    setting: Floats,
    u: Floats,
    w: Floats,
    y: Floats,
    theta: Floats,
    box: Floats,
    held: int | np.int64,
    most_steps: int | np.int64,
) -> float:
    """Move ``theta`` to the local minimum within ``box`` (Levenberg-Marquardt) and return its sum of squares.

    The first ``held`` parameters stay where they are.
    """
    n, p = y.size, theta.size
    terms, coefficients = np.empty((3, n)), np.zeros(3)
    here, ahead, behind = np.empty(n), np.empty(n), np.empty(n)
    jacobian, matrix, gradient = np.zeros((p, n)), np.zeros((p, p)), np.zeros(p)
    free, step, trial = np.zeros(p), np.zeros(p), theta.copy()
    squares = reduced(kind, setting, u, w, y, theta, terms, coefficients, here)
    damping = 1e-3
    for _ in range(most_steps):
        n_free = 0
        for j in range(held, p):
            copy_into(trial, theta)
            width = 1e-5 * (1.0 + abs(theta[j]))
            trial[j] = theta[j] + width
            reduced(kind, setting, u, w, y, trial, terms, coefficients, ahead)
            trial[j] = theta[j] - width
            reduced(kind, setting, u, w, y, trial, terms, coefficients, behind)
            gradient[j] = 0.0
            for i in range(n):
                jacobian[j, i] = (ahead[i] - behind[i]) / (2.0 * width)
                gradient[j] -= jacobian[j, i] * here[i]
        for j in range(held, p):
            for k in range(held, p):
                matrix[j, k] = 0.0
                for i in range(n):
                    matrix[j, k] += jacobian[j, i] * jacobian[k, i]
            outward = (theta[j] <= box[j, 0] and gradient[j] < 0.0) or (theta[j] >= box[j, 1] and gradient[j] > 0.0)
            free[j] = 1.0 if matrix[j, j] > 0.0 and not outward else 0.0
            n_free += int(free[j])
        if n_free == 0:
            break
        moved, small = False, False
        for _ in range(25):
            if not damped_step(matrix, gradient, free, damping, step):
                damping = max(10.0 * damping, 1e-10)
                continue
            small = True
            for j in range(p):
                limit = 1.0 if j > 0 else 2.0
                trial[j] = theta[j]
                if free[j] == 1.0:
                    trial[j] = min(max(theta[j] + min(max(step[j], -limit), limit), box[j, 0]), box[j, 1])
                small = small and abs(trial[j] - theta[j]) < 1e-9
            found = reduced(kind, setting, u, w, y, trial, terms, coefficients, ahead)
            if found <= squares:
                small = small or squares - found <= 1e-14 * squares
                squares, moved = found, True
                copy_into(theta, trial)
                copy_into(here, ahead)
                damping = max(damping * 0.2, 1e-13)
                break
            if small:
                break
            damping *= 6.0
        if small or not moved:
            break
    return squares


@compiled
def grid_point(box: Floats, counts: NDArray[np.int64], index: int, theta: Floats) -> None:
    """Fill ``theta`` with the ``index``-th point of a regular grid inside the box; the first parameter varies fastest."""
    for j in range(theta.size):
        place = index % counts[j]
        index = index // counts[j]
        theta[j] = box[j, 0] + (box[j, 1] - box[j, 0]) * (place + 0.5) / counts[j]


@compiled
def valleys(
    kind: int, setting: Floats, u: Floats, w: Floats, y: Floats, box: Floats, counts: NDArray[np.int64], starts: Floats
) -> int:
    """Fill ``starts`` (most, p) with the lowest valleys of a grid along its first parameter; return how many there are."""
    n, p, most = y.size, box.shape[0], starts.shape[0]
    terms, coefficients, residual = np.empty((3, n)), np.zeros(3), np.empty(n)
    theta, heights = np.empty(p), np.empty(most)
    row, n_rows = np.empty(counts[0]), 1
    for i in range(most):
        heights[i] = np.inf
    for j in range(1, p):
        n_rows *= counts[j]
    found = 0
    for r in range(n_rows):
        for i in range(counts[0]):
            grid_point(box, counts, r * counts[0] + i, theta)
            row[i] = reduced(kind, setting, u, w, y, theta, terms, coefficients, residual)
        for i in range(counts[0]):
            if (i > 0 and row[i] >= row[i - 1]) or (i < counts[0] - 1 and row[i] > row[i + 1]):
                continue
            worst = 0
            for s in range(1, most):
                if heights[s] > heights[worst]:
                    worst = s
            if row[i] < heights[worst]:
                heights[worst] = row[i]
                grid_point(box, counts, r * counts[0] + i, theta)
                copy_into(starts[worst], theta)
                found = min(found + 1, most)
    return found


@compiled
def global_fit(
    kind: int, setting: Floats, u: Floats, w: Floats, y: Floats, box: Floats, counts: NDArray[np.int64], theta: Floats
) -> float:
    """Fill ``theta`` with the best of several descents from the valleys of a grid; return its sum of squares."""
    p = box.shape[0]
    starts = np.empty((6, p))
    best = np.inf
    n_starts = valleys(kind, setting, u, w, y, box, counts, starts)
    squares, lowest = np.empty(n_starts), np.inf
    for s in range(n_starts):
        squares[s] = descend(kind, setting, u, w, y, starts[s], box, np.int64(0), np.int64(12))
        lowest = min(lowest, squares[s])
    for s in range(n_starts):
        if squares[s] > 1.05 * lowest:
            continue
        end = descend(kind, setting, u, w, y, starts[s], box, np.int64(0), np.int64(200))
        if end < best:
            best = end
            copy_into(theta, starts[s])
    if n_starts == 0:
        for j in range(p):
            theta[j] = 0.5 * (box[j, 0] + box[j, 1])
        best = descend(kind, setting, u, w, y, theta, box, np.int64(0), np.int64(200))
    return best
