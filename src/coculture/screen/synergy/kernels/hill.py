"""Least squares of a Hill curve over few doses, by variable projection with a grid start: numbers only.

``y = base + (top - base) * f``, ``f = 1 / (1 + exp(-exp(k) (u - m)))`` with ``u`` the logarithm of the dose (minus infinity for
dose 0). ``base`` may be fixed. For given ``m`` and ``k`` the plateaus are linear and solved exactly (Golub & Pereyra 1973).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
GRID_MIDPOINTS, GRID_SLOPES = 17, 8
STEEPEST, FLATTEST = np.log(8.0), np.log(0.25)
BEYOND = 2.0
"""How far, in natural logarithms, the midpoint may lie outside the tested doses."""


@compiled
def fraction(u: float, m: float, k: float) -> float:
    """Return ``1 / (1 + exp(-exp(k) (u - m)))`` without overflow."""
    z = np.exp(k) * (u - m)
    small: float = np.exp(-abs(z))
    return 1.0 / (1.0 + small) if z >= 0.0 else small / (1.0 + small)


@compiled
def plateaus(u: Floats, y: Floats, m: float, k: float, fixed_base: float, residual: Floats) -> tuple[float, float, float]:
    """Return (squares, base, top) of the best plateaus; fills ``residual``. NaN as ``fixed_base`` leaves the base free."""
    n = u.size
    sum_f = sum_y = sum_ff = sum_fy = 0.0
    for i in range(n):
        f = fraction(u[i], m, k)
        residual[i] = f
        sum_f += f
        sum_y += y[i]
        sum_ff += f * f
        sum_fy += f * y[i]
    if np.isnan(fixed_base):
        determinant = n * sum_ff - sum_f * sum_f
        span = (n * sum_fy - sum_f * sum_y) / determinant if determinant > 1e-14 * n * n else 0.0
        base = (sum_y - span * sum_f) / n
    else:
        base = fixed_base
        span = (sum_fy - base * sum_f) / sum_ff if sum_ff > 1e-14 else 0.0
    squares = 0.0
    for i in range(n):
        residual[i] = y[i] - base - span * residual[i]
        squares += residual[i] * residual[i]
    return squares, base, base + span


@compiled
def hill_fit(u: Floats, y: Floats, fixed_base: float) -> Floats:
    """Return (base, top, m, k, squares) of the best curve within the bounds of ``m`` and ``k``.

    Parameters
    ----------
    u : (n,) logarithms of the doses, minus infinity for 0; at least one finite.
    y : (n,) responses.
    fixed_base : the base, or NaN to fit it.
    """
    lowest, highest = np.inf, -np.inf
    for i in range(u.size):
        if u[i] > -np.inf:
            lowest, highest = min(lowest, u[i]), max(highest, u[i])
    lowest, highest = lowest - BEYOND, highest + BEYOND
    residual = np.empty(u.size)
    best_m, best_k, best = lowest, 0.0, np.inf
    for i in range(GRID_MIDPOINTS):
        m = lowest + (highest - lowest) * i / (GRID_MIDPOINTS - 1)
        for j in range(GRID_SLOPES):
            k = FLATTEST + (STEEPEST - FLATTEST) * j / (GRID_SLOPES - 1)
            squares, base, top = plateaus(u, y, m, k, fixed_base, residual)
            if squares < best:
                best_m, best_k, best = m, k, squares
    best_m, best_k = polish(u, y, fixed_base, best_m, best_k, lowest, highest)
    squares, base, top = plateaus(u, y, best_m, best_k, fixed_base, residual)
    return np.array([base, top, best_m, best_k, squares])


@compiled
def polish(u: Floats, y: Floats, fixed_base: float, m: float, k: float, lowest: float, highest: float) -> tuple[float, float]:
    """Return (m, k) after Levenberg-Marquardt steps on the projected residuals, kept within their bounds."""
    n = u.size
    residual, shifted_m, shifted_k = np.empty(n), np.empty(n), np.empty(n)
    damping, step = 1e-3, 1e-6
    squares = plateaus(u, y, m, k, fixed_base, residual)[0]
    for _ in range(60):
        plateaus(u, y, m + step, k, fixed_base, shifted_m)
        plateaus(u, y, m, k + step, fixed_base, shifted_k)
        plateaus(u, y, m, k, fixed_base, residual)
        a11 = a12 = a22 = g1 = g2 = 0.0
        for i in range(n):
            j1, j2 = (shifted_m[i] - residual[i]) / step, (shifted_k[i] - residual[i]) / step
            a11 += j1 * j1
            a12 += j1 * j2
            a22 += j2 * j2
            g1 += j1 * residual[i]
            g2 += j2 * residual[i]
        improved = False
        for _attempt in range(8):
            b11, b22 = a11 * (1.0 + damping) + 1e-30, a22 * (1.0 + damping) + 1e-30
            determinant = b11 * b22 - a12 * a12
            if determinant > 0.0:
                new_m = min(max(m - (b22 * g1 - a12 * g2) / determinant, lowest), highest)
                new_k = min(max(k - (b11 * g2 - a12 * g1) / determinant, FLATTEST), STEEPEST)
                candidate = plateaus(u, y, new_m, new_k, fixed_base, residual)[0]
                if candidate < squares:
                    improved = candidate < squares * (1.0 - 1e-12)
                    m, k, squares, damping = new_m, new_k, candidate, damping * 0.1
                    break
            damping *= 10.0
        if not improved:
            break
    return m, k
