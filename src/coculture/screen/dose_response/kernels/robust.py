"""Robust weights of wells, by iterated reweighting of a separable curve: numbers only.

``method`` 1 is Huber's, 2 Tukey's biweight, 3 Student's t. The scale is the median absolute residual over 0.6745 for 1 and
2, for Tukey that of Huber's fit held (an MM-like estimate); for t the maximum likelihood one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.screen.dose_response.kernels.separable import copy_into, descend, reduced, valleys

Floats = NDArray[np.float64]

HUBER, TUKEY, STUDENT_T = 1, 2, 3


@compiled
def robust_weight(method: int | np.int64, tuning: float, z: float) -> float:
    """Return the weight of a residual of ``z`` scales."""
    size = abs(z)
    if method == HUBER:
        return 1.0 if size <= tuning else tuning / size
    if method == TUKEY:
        part = 1.0 - (size / tuning) ** 2
        return part * part if size < tuning else 0.0
    return (tuning + 1.0) / (tuning + size * size)


@compiled
def residual_scale(residual: Floats, w: Floats) -> float:
    """Return the median of absolute residuals (which come scaled by root weight) of rows with weight, over 0.6745."""
    n = 0
    sizes = np.empty(residual.size)
    for i in range(residual.size):
        if w[i] > 0.0:
            sizes[n] = abs(residual[i])
            n += 1
    scale: float = np.median(sizes[:n]) / 0.6745
    return scale


@compiled
def true_residuals(
    kind: int, setting: Floats, u: Floats, w: Floats, base: Floats, y: Floats, theta: Floats, residual: Floats
) -> None:
    """Fill ``residual`` with residuals times the root of ``base``, of the curve fitted with the weights ``w``."""
    terms, coefficients = np.empty((3, u.size)), np.zeros(3)
    reduced(kind, setting, u, w, y, theta, terms, coefficients, residual)
    for i in range(u.size):
        fitted = 0.0
        for j in range(3):
            if coefficients[j] != 0.0:
                fitted += coefficients[j] * terms[j, i]
        residual[i] = np.sqrt(base[i]) * (y[i] - fitted)


@compiled
def least_absolute(
    kind: int,
    setting: Floats,
    u: Floats,
    base: Floats,
    y: Floats,
    box: Floats,
    grid: NDArray[np.int64],
    theta: Floats,
    out: Floats,
) -> float:
    """Fill ``theta`` and the weights ``out`` with those of the least sum of absolute residuals from the valleys of the grid.

    Returns that sum.
    """
    starts = np.empty((6, box.shape[0]))
    residual, w = np.empty(u.size), np.empty(u.size)
    spread = max(1e-12, 1e-4 * (y.max() - y.min()))
    best = np.inf
    for s in range(valleys(kind, setting, u, base, y, box, grid, starts)):
        copy_into(w, base)
        total = 0.0
        for _ in range(25):
            descend(kind, setting, u, w, y, starts[s], box, np.int64(0), np.int64(6))
            true_residuals(kind, setting, u, w, base, y, starts[s], residual)
            total = 0.0
            for i in range(u.size):
                w[i] = base[i] / max(abs(residual[i]), spread)
                total += abs(residual[i]) * np.sqrt(base[i])
        if total < best:
            best = total
            copy_into(theta, starts[s])
            copy_into(out, w)
    return best


@compiled
def reweight(
    kind: int,
    setting: Floats,
    u: Floats,
    base: Floats,
    y: Floats,
    box: Floats,
    theta: Floats,
    w: Floats,
    method: int | np.int64,
    tuning: float,
    scale: float,
    floor: float,
) -> float:
    """Iterate weights and fit from ``theta`` until the weights rest; return the scale, estimated anew each time if 0."""
    residual = np.empty(u.size)
    true_residuals(kind, setting, u, w, base, y, theta, residual)
    current = scale if scale > 0.0 else max(residual_scale(residual, base), floor)
    for _ in range(100):
        moved = 0.0
        for i in range(u.size):
            weight = base[i] * robust_weight(method, tuning, residual[i] / current)
            moved = max(moved, abs(weight - w[i]))
            w[i] = weight
        descend(kind, setting, u, w, y, theta, box, np.int64(0), np.int64(30))
        true_residuals(kind, setting, u, w, base, y, theta, residual)
        if method == STUDENT_T:
            total, weights = 0.0, 0.0
            for i in range(u.size):
                total += w[i] * residual[i] * residual[i] / base[i]
                weights += base[i]
            current = max(np.sqrt(total / weights), floor)
        elif scale == 0.0:
            current = max(residual_scale(residual, base), floor)
        if moved < 1e-8:
            break
    return current


@compiled
def robust_weights(
    kind: int,
    settings: Floats,
    offsets: NDArray[np.int64],
    u: Floats,
    base: Floats,
    y: Floats,
    middle: Floats,
    bounds: Floats,
    grid: NDArray[np.int64],
    method: int | np.int64,
    tuning: float,
    weights: Floats,
    scales: Floats,
) -> None:
    """Fill the weight of every well and the residual scale of every curve.

    Parameters
    ----------
    kind, settings, offsets, middle, bounds, grid : as in ``fit_separable_curves``.
    u, base, y : (wells,) position, weight before, response.
    method, tuning : as the module says; the tuning constant is the degrees of freedom for t.
    weights, scales : (wells,) and (curves,) to fill.
    """
    p = grid.size
    box, theta, other = np.empty((p, 2)), np.empty(p), np.empty(p)
    for j in range(1, p):
        copy_into(box[j], bounds[j - 1])
    setting = np.array([1.0, settings[0], settings[1], settings[2], 0.0])
    for c in range(offsets.size - 1):
        a, b = offsets[c], offsets[c + 1]
        uc, bc, yc, w = u[a:b], base[a:b], y[a:b], weights[a:b]
        upward = np.empty(b - a)
        copy_into(box[0], middle[c])
        floor = max(1e-9 * (yc.max() - yc.min()), 1e-300)
        setting[0] = -1.0
        falling = least_absolute(kind, setting, uc, bc, yc, box, grid, other, w)
        setting[0] = 1.0
        copy_into(theta, other)
        if kind <= 3:
            rising = least_absolute(kind, setting, uc, bc, yc, box, grid, theta, upward)
            if falling < rising:
                setting[0] = -1.0
                copy_into(theta, other)
            else:
                copy_into(w, upward)
        if method == TUKEY:
            scale = reweight(kind, setting, uc, bc, yc, box, theta, w, np.int64(HUBER), 1.345, 0.0, floor)
            scales[c] = reweight(kind, setting, uc, bc, yc, box, theta, w, np.int64(TUKEY), tuning, scale, floor)
        else:
            scales[c] = reweight(kind, setting, uc, bc, yc, box, theta, w, method, tuning, 0.0, floor)
