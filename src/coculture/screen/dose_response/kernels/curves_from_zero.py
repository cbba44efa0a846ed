"""The ten curves of the continuous hit call, all zero at dose zero: numbers only.

``x`` is dose over the highest dose. ``phi`` is (scale, shape parameters as logarithms..., ln sigma):

- constant: (ln sigma); polynomial 1: scale x; polynomial 2: phi0 x + phi1 x^2, both free;
- power: x^p; exponential 2 and 3: exp((x/b)^p) - 1; exponential 4 and 5: 1 - 2^(-(x/ga)^p);
- hill: 1 / (1 + (ga/x)^p); gain-loss: hill times 1 / (1 + (x/la)^q) with ln la = ln ga + phi3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]

CONSTANT, HILL, GAIN_LOSS, POLYNOMIAL_1, POLYNOMIAL_2, POWER = 0, 1, 2, 3, 4, 5
EXPONENTIAL_2, EXPONENTIAL_3, EXPONENTIAL_4, EXPONENTIAL_5 = 6, 7, 8, 9


@compiled
def rise(argument: float) -> float:
    """Return ``1 / (1 + exp(-argument))`` without overflow."""
    small: float = np.exp(-abs(argument))
    return 1.0 / (1.0 + small) if argument >= 0.0 else small / (1.0 + small)


@compiled
def response(kind: int, phi: Floats, x: float) -> float:
    """Return the curve at ``x`` >= 0."""
    value: float
    if kind == CONSTANT or x <= 0.0:
        value = 0.0
    elif kind == POLYNOMIAL_1:
        value = phi[0] * x
    elif kind == POLYNOMIAL_2:
        value = phi[0] * x + phi[1] * x * x
    elif kind == POWER:
        value = phi[0] * np.exp(np.exp(phi[1]) * np.log(x))
    elif kind == HILL:
        value = phi[0] * rise(np.exp(phi[2]) * (np.log(x) - phi[1]))
    elif kind == GAIN_LOSS:
        up = rise(np.exp(phi[2]) * (np.log(x) - phi[1]))
        value = phi[0] * up * rise(-np.exp(phi[4]) * (np.log(x) - phi[1] - phi[3]))
    else:
        power = np.exp(phi[2]) if kind in (EXPONENTIAL_3, EXPONENTIAL_5) else 1.0
        argument = np.exp(min(power * (np.log(x) - phi[1]), 600.0))
        if kind in (EXPONENTIAL_2, EXPONENTIAL_3):
            value = phi[0] * np.expm1(min(argument, 300.0))
        else:
            value = -phi[0] * np.expm1(-np.log(2.0) * argument)
    return value


@compiled
def fill_response(kind: int, phi: Floats, x: Floats, out: Floats) -> None:
    """Fill ``out`` with the curve at every ``x``."""
    for i in range(x.size):
        out[i] = response(kind, phi, x[i])


@compiled
def peak(kind: int, phi: Floats, lowest: float) -> tuple[float, float]:
    """Return (x, response) that count as the top of the curve.

    The plateau of hill and exponential 4 and 5 (x infinite), the highest point of gain-loss, and for the curves without
    plateau the farthest response from zero between ``lowest`` and 1.
    """
    if kind in (HILL, EXPONENTIAL_4, EXPONENTIAL_5):
        return np.inf, phi[0]
    if kind not in (GAIN_LOSS, POLYNOMIAL_2):
        return 1.0, response(kind, phi, 1.0)
    if kind == POLYNOMIAL_2:
        best_x, best = 1.0, response(kind, phi, 1.0)
        turn = -0.5 * phi[0] / phi[1] if phi[1] != 0.0 else -1.0
        if lowest < turn < 1.0 and abs(response(kind, phi, turn)) > abs(best):
            best_x, best = turn, response(kind, phi, turn)
        return best_x, best
    low, high = phi[1] - 5.0, phi[1] + phi[3] + 5.0
    for _ in range(80):  # the logarithm of gain-loss has one maximum: golden section
        a, b = high - 0.6180339887498949 * (high - low), low + 0.6180339887498949 * (high - low)
        if abs(response(kind, phi, np.exp(a))) > abs(response(kind, phi, np.exp(b))):
            high = b
        else:
            low = a
    x: float = np.exp(0.5 * (low + high))
    return x, response(kind, phi, x)


@compiled
def first_dose(kind: int, phi: Floats, level: float, x_peak: float, falling: bool) -> float:
    """Return the lowest ``x`` before the peak (or the highest behind it) at which the curve crosses ``level``; NaN if none."""
    end = min(x_peak, 1e6)
    top = response(kind, phi, end)
    if level == 0.0 or abs(level) >= abs(top) or level * top < 0.0:
        return np.nan
    low, high = np.log(end) - 60.0, np.log(end)
    if falling:
        low, high = np.log(end), np.log(end) + 60.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        above = abs(response(kind, phi, np.exp(middle))) > abs(level)
        if above == falling:
            low = middle
        else:
            high = middle
        if high - low < 1e-13:
            break
    dose: float = np.exp(0.5 * (low + high))
    return dose
