"""The terms of a curve: functions of the axis position whose weighted sum is the response.

Every model is ``y = c_0 t_0(u) + c_1 t_1(u) + ...`` with few terms that depend on one to three parameters ``theta`` in a
non-linear way. ``setting`` is (direction, fraction, fixed bottom, onset, anchored):

- direction +1 or -1: the sigmoid rises or falls;
- fraction: of the way from bottom to top at the position ``theta[0]`` of a sigmoid; for a curve held through a dose of a
  given effect, the effect as a fraction of the way from start to end;
- fixed bottom: 1 where the bottom plateau is zero and has no term;
- onset: the exponent of Cedergreen's curve;
- anchored: 1 where ``theta`` begins with a position at which the response is zero (the level sought having been taken off
  the data), which leaves the terms less their values there.

Sigmoids: theta = (position of the fraction, ln steepness, [ln asymmetry]); terms (1, F). Hormesis: theta = (ln location,
ln steepness); terms (1, g, h g) with ``g = 1 / (1 + (d/location)**steepness)`` and ``h`` the stimulation. Hormesis held:
theta = (ln dose of the effect, ln location, ln steepness), the stimulation being what takes the curve through that point.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]

LOGISTIC, LOGISTIC_5, WEIBULL_1, WEIBULL_2, BRAIN_COUSENS, CEDERGREEN, BRAIN_COUSENS_HELD, CEDERGREEN_HELD = range(8)


@compiled
def rising(argument: float) -> float:
    """Return ``1 / (1 + exp(-argument))`` without overflow."""
    small: float = np.exp(-abs(argument))
    return 1.0 / (1.0 + small) if argument >= 0.0 else small / (1.0 + small)


@compiled
def quantile(kind: int, fraction: float, power: float) -> float:
    """Return the argument at which the sigmoid ``kind`` reaches ``fraction``."""
    value: float
    if kind == WEIBULL_1:
        value = -np.log(-np.log(fraction))
    elif kind == WEIBULL_2:
        value = np.log(-np.log1p(-fraction))
    else:
        root = fraction ** (1.0 / power) if kind == LOGISTIC_5 else fraction
        value = np.log(root) - np.log1p(-root) if root > 1e-300 else -700.0
    return value


@compiled
def sigmoid(kind: int, argument: float, power: float) -> float:
    """Return the fraction of the sigmoid ``kind`` at ``argument``."""
    value: float
    if kind == WEIBULL_1:
        value = np.exp(-np.exp(-argument)) if argument > -700.0 else 0.0
    elif kind == WEIBULL_2:
        value = -np.expm1(-np.exp(argument)) if argument < 700.0 else 1.0
    elif kind == LOGISTIC_5:
        low = np.exp(-abs(argument))
        log_rising = -np.log1p(low) if argument >= 0.0 else argument - np.log1p(low)
        value = np.exp(power * log_rising)
    else:
        value = rising(argument)
    return value


@compiled
def stimulation(kind: int, u: float, onset: float) -> float:
    """Return the shape of the stimulation of a hormesis curve at ``u = ln dose``."""
    value: float
    if u == -np.inf:
        return 0.0
    if kind in (BRAIN_COUSENS, BRAIN_COUSENS_HELD):
        value = np.exp(u)
    else:
        value = np.exp(-np.exp(-onset * u)) if onset * u > -700.0 else 0.0
    return value


@compiled
def fill_terms(kind: int, setting: Floats, u: Floats, theta: Floats, terms: Floats) -> int:
    """Fill ``terms`` (3, n) and return how many of its rows the curve has."""
    n = u.size
    if kind <= WEIBULL_2:
        slope = setting[0] * np.exp(theta[1])
        power = np.exp(theta[2]) if kind == LOGISTIC_5 else 1.0
        shift = quantile(kind, setting[1], power)
        row = 0 if setting[2] == 1.0 else 1
        for i in range(n):
            terms[0, i] = 1.0
            terms[row, i] = sigmoid(kind, slope * (u[i] - theta[0]) + shift, power)
        return row + 1
    held = kind >= BRAIN_COUSENS_HELD
    first = 1 if held else 0
    steepness = np.exp(theta[first + 1])
    ratio = 0.0
    if held:
        g = rising(-steepness * (theta[0] - theta[1]))
        reach = g * stimulation(kind, theta[0], setting[3])
        ratio = (1.0 - setting[1] - g) / reach if reach > 0.0 else 0.0
    for i in range(n):
        g = rising(-steepness * (u[i] - theta[first]))
        raised = g * stimulation(kind, u[i], setting[3])
        terms[0, i] = 1.0
        if held:
            terms[1, i] = g + ratio * raised
        else:
            terms[1, i] = g
            terms[2, i] = raised
    return 2 if held else 3


@compiled
def fill_anchored(kind: int, setting: Floats, u: Floats, theta: Floats, terms: Floats) -> int:
    """Fill ``terms`` with those of the curve of ``theta[1:]`` that is zero at ``theta[0]``; return how many there are."""
    there, at = np.empty((3, 1)), np.array([theta[0]])
    n_terms = fill_terms(kind, setting, u, theta[1:], terms)
    fill_terms(kind, setting, at, theta[1:], there)
    for j in range(1, n_terms):
        for i in range(u.size):
            terms[j - 1, i] = terms[j, i] - there[j, 0]
    return n_terms - 1
