"""Marching one line of cells with a loaded floor: numbers in, numbers out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

GAMMA = 2.0 - np.sqrt(2.0)
"""Length of the first stage of TR-BDF2 that gives both stages the same matrix."""


@compiled
def march_line(
    capacity: NDArray[np.float64],
    down: NDArray[np.float64],
    up: NDArray[np.float64],
    floor: NDArray[np.float64],
    steps: NDArray[np.float64],
    state: NDArray[np.float64],
    loads: NDArray[np.float64],
) -> float:
    """March ``capacity_i dc_i/dt = J_{i−1} − J_i`` and ``dΓ/dt = J_floor`` by TR-BDF2; return the lowest value met.

    ``capacity`` (n,) what a cell holds per concentration (its height, or height × speed when the march goes along a channel).
    ``down``, ``up`` (n − 1,): flux through the face below cell i is ``down_i c_i − up_i c_{i+1}``.
    ``floor`` = (a, b, k, r, Γmax): the lowest half cell carries ``a c_n − b c_b``, and the floor takes ``k c_b (1 − Γ/Γmax) −
    r Γ``; k < 0 stands for a perfect sink, Γmax < 0 for unlimited room. ``steps`` (S,) lengths of the steps. ``state`` (n +
    1,): concentrations and, last, Γ; it is changed in place. ``loads`` (S,): Γ after each step, written.

    TR-BDF2 (Bank et al. 1985) is second order and L-stable. The product of c and 1 − Γ/Γmax is found by Newton's method.
    """
    n = len(capacity)
    held = np.ones(n + 1)
    held[:n] = capacity
    low, diagonal, high = np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    for i in range(n - 1):
        diagonal[i] -= down[i]
        high[i] += up[i]
        diagonal[i + 1] -= up[i]
        low[i + 1] += down[i]
    right, middle, pivot = np.empty(n + 1), np.empty(n + 1), np.empty(n + 1)
    late = 1.0 / (GAMMA * (2.0 - GAMMA))
    early = (1.0 - GAMMA) ** 2 / (GAMMA * (2.0 - GAMMA))
    inner = diagonal[n - 1]
    lowest = 1.0
    for step in range(len(steps)):
        weight = 0.5 * GAMMA * steps[step]
        diagonal[n - 1] = inner
        _explicit_stage(low, diagonal, high, held, weight, floor, state, right)
        middle[:] = state
        _implicit_stage(low, diagonal, high, held, weight, floor, inner, right, middle, pivot)
        for i in range(n + 1):
            right[i] = held[i] * (late * middle[i] - early * state[i])
        _implicit_stage(low, diagonal, high, held, weight, floor, inner, right, middle, pivot)
        state[:] = middle
        lowest = min(lowest, state.min())
        loads[step] = state[n]
    return lowest


@compiled
def _explicit_stage(
    low: NDArray[np.float64],
    diagonal: NDArray[np.float64],
    high: NDArray[np.float64],
    held: NDArray[np.float64],
    weight: float,
    floor: NDArray[np.float64],
    state: NDArray[np.float64],
    right: NDArray[np.float64],
) -> None:
    """Write ``held·state + weight·rate(state)`` to ``right``; the floor's terms are left out of the matrix and added here."""
    n = len(state) - 1
    for i in range(n):
        rate = diagonal[i] * state[i]
        if i > 0:
            rate += low[i] * state[i - 1]
        if i < n - 1:
            rate += high[i] * state[i + 1]
        right[i] = held[i] * state[i] + weight * rate
    flux = _floor_flux(floor, state[n - 1], state[n])
    right[n - 1] -= weight * flux
    right[n] = state[n] + weight * flux


@compiled
def _implicit_stage(
    low: NDArray[np.float64],
    diagonal: NDArray[np.float64],
    high: NDArray[np.float64],
    held: NDArray[np.float64],
    weight: float,
    floor: NDArray[np.float64],
    inner: float,
    right: NDArray[np.float64],
    out: NDArray[np.float64],
    pivot: NDArray[np.float64],
) -> None:
    """Solve ``held·out − weight·rate(out) = right``, starting from what ``out`` holds; ``inner`` is cell n without its floor."""
    n = len(out) - 1
    for _ in range(30):
        above, load = out[n - 1], out[n]
        to_floor, from_floor, constant = _floor_law(floor, above, load)
        diagonal[n - 1] = inner - to_floor
        high[n - 1] = from_floor
        low[n] = to_floor
        diagonal[n] = -from_floor
        right[n - 1] -= weight * constant
        right[n] += weight * constant
        _solve(low, diagonal, high, held, weight, right, out, pivot)
        right[n - 1] += weight * constant
        right[n] -= weight * constant
        change = abs(out[n] - load) + abs(out[n - 1] - above)
        if floor[4] < 0.0 or change <= 1e-13 * (abs(out[n]) + abs(out[n - 1])):
            break


@compiled
def _floor_flux(floor: NDArray[np.float64], above: float, load: float) -> float:
    """Return the flux onto the floor, with the concentration at the floor taken out."""
    if floor[2] < 0.0:
        return float(floor[0] * above)
    room = 1.0 if floor[4] < 0.0 else 1.0 - load / floor[4]
    sticking = floor[2] * room
    back = floor[3] * load
    return float((sticking * floor[0] * above - floor[1] * back) / (floor[1] + sticking))


@compiled
def _floor_law(floor: NDArray[np.float64], above: float, load: float) -> tuple[float, float, float]:
    """Return p, q, s with ``flux = p c − q Γ + s`` around the given concentration and load (exact where Γmax is unlimited)."""
    if floor[2] < 0.0:
        return floor[0], 0.0, 0.0
    if floor[4] < 0.0:
        whole = floor[1] + floor[2]
        return floor[2] * floor[0] / whole, floor[1] * floor[3] / whole, 0.0
    sticking = floor[2] * (1.0 - load / floor[4])
    whole = floor[1] + sticking
    to_floor = sticking * floor[0] / whole
    # d flux / d sticking = b (a c + r Γ) / (b + sticking)²
    turn = floor[1] * (floor[0] * above + floor[3] * load) / whole**2
    from_floor = floor[1] * floor[3] / whole + turn * floor[2] / floor[4]
    flux = (sticking * floor[0] * above - floor[1] * floor[3] * load) / whole
    return to_floor, from_floor, flux - to_floor * above + from_floor * load


@compiled
def _solve(
    low: NDArray[np.float64],
    diagonal: NDArray[np.float64],
    high: NDArray[np.float64],
    held: NDArray[np.float64],
    weight: float,
    right: NDArray[np.float64],
    out: NDArray[np.float64],
    pivot: NDArray[np.float64],
) -> None:
    """Solve ``(held − weight·A) out = right`` for tridiagonal A by elimination."""
    n = len(held)
    divisor = held[0] - weight * diagonal[0]
    out[0] = right[0] / divisor
    for i in range(1, n):
        pivot[i] = -weight * high[i - 1] / divisor
        below = -weight * low[i]
        divisor = held[i] - weight * diagonal[i] - below * pivot[i]
        out[i] = (right[i] - below * out[i - 1]) / divisor
    for i in range(n - 2, -1, -1):
        out[i] -= pivot[i + 1] * out[i + 1]
