"""The additive effect of Hill curves: numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
HALVINGS = 80
"""Steps of the bisection: the interval shrinks below the rounding of its ends."""
LARGEST = 700.0
"""Largest exponent before overflow."""


@compiled
def dose_index(doses: Floats, base: Floats, top: Floats, slope: Floats, log_ec50: Floats, effect: float) -> float:
    """Return ``sum_i d_i / D_i(effect)`` over drugs that rise; endless where a dosed drug passes the effect without any dose."""
    total = 0.0
    for i in range(doses.size):
        if doses[i] > 0.0 and top[i] > base[i] and effect < top[i]:
            if effect <= base[i]:
                return np.inf
            log_dose = log_ec50[i] + (np.log(effect - base[i]) - np.log(top[i] - effect)) / slope[i]
            total += np.exp(min(np.log(doses[i]) - log_dose, LARGEST))
    return total


@compiled
def additive_effects(doses: Floats, base: Floats, top: Floats, slope: Floats, log_ec50: Floats) -> Floats:
    """Return (points,) effects at which the index of ``doses`` (points, drugs) is 1; NaN where it is below 1 from the start."""
    out = np.full(doses.shape[0], np.nan)
    floor = np.max(base)
    ceiling = max(np.max(top), floor)
    for point in range(doses.shape[0]):
        low, high = floor, ceiling
        if not dose_index(doses[point], base, top, slope, log_ec50, np.nextafter(low, np.inf)) > 1.0:
            continue
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            if dose_index(doses[point], base, top, slope, log_ec50, middle) > 1.0:
                low = middle
            else:
                high = middle
        out[point] = 0.5 * (low + high)
    return out
