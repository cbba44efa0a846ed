"""What averaging over depth costs: flow of each method in a straight duct against the exact series.

Hele-Shaw, Q = G w h³/(12 μ), is too large by the factor of the series. Plain Brinkman gives

    Q = h (G k/μ) (w - 2 √k tanh(w/(2√k))),   k = h²/12,

too large by 8.5 % where width equals depth, and right in both limits. The modes over depth are right at every width.
"""

from __future__ import annotations

import math

from coculture.chip.flow.network.resistance import series_factor
from coculture.errors import InputError


def exact_flow(width_over_depth: float) -> float:
    """Return Q · 12 μ/(G w h³) of a rectangular duct from the series; 1 for plates."""
    if width_over_depth >= 1:
        return 1.0 / series_factor(1.0 / width_over_depth)
    return width_over_depth**2 / series_factor(width_over_depth)


def hele_shaw_flow(width_over_depth: float) -> float:
    """Return Q · 12 μ/(G w h³) where side walls slip: 1."""
    return 1.0


def brinkman_flow(width_over_depth: float) -> float:
    """Return Q · 12 μ/(G w h³) by plain Brinkman."""
    half = math.sqrt(3.0) * width_over_depth
    return 1.0 - math.tanh(half) / half


_FLOWS = {"hele-shaw": hele_shaw_flow, "brinkman": brinkman_flow, "duct-modes": exact_flow, "brinkman-modes": exact_flow}


def flow_error_percent(width_over_depth: float, method: str) -> float:
    """Return by how many percent ``method`` overstates the flow in a straight duct at given pressure gradient.

    Raises
    ------
    InputError : if the method is not known or the ratio is not positive.
    """
    if method not in _FLOWS:
        raise InputError(f"flow method '{method}' is not known", where="method", remedy="use one of: " + ", ".join(_FLOWS))
    if not width_over_depth > 0:
        raise InputError(f"width/depth is {width_over_depth!r}", where="width_over_depth", remedy="give a positive number")
    return 100.0 * (_FLOWS[method](width_over_depth) / exact_flow(width_over_depth) - 1.0)


def floor_stress_factor(width_over_depth: float) -> float:
    """Return the stress on the floor of a duct, midway between its sides, over that of plates, 6 μ Q/(w h²)."""
    lost = 0.0
    for n in range(1, 200, 2):
        argument = 0.5 * n * math.pi * width_over_depth
        lost += 1.0 / (math.cosh(argument) * n**2) if argument < 700 else 0.0
    gradient = 12.0 / exact_flow(width_over_depth)  # G w h³/(μ Q)
    return 4.0 / math.pi**2 * (math.pi**2 / 8.0 - lost) * gradient / 6.0
