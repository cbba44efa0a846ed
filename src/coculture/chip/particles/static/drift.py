"""Sedimentation to a perfect sink when settling far outruns diffusion: particles that never notice the top.

A particle that starts ``x`` above the floor, drifts down at ``v`` and diffuses has reached it by time ``t`` with probability
``½ erfc((x − vt)/√(4Dt)) + ½ e^{vx/D} erfc((x + vt)/√(4Dt))`` (first passage of Brownian motion with drift; Schrödinger
1915). The deposited fraction is its mean over ``x`` from 0 to H. What is left out, reflection at the top, moves a share of
``1/(2P)`` of the particles by ``1/(2P)`` of the height: with ``P`` above 50 less than 1e-4 of the dose.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfc, erfcx

from coculture.chip.particles.static.column import SettlingColumn

Floats = NDArray[np.float64]

SMALLEST_PECLET = 50.0
"""Below this the top is noticed."""

_REACH = 8.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def deposited_by_drift(column: SettlingColumn, minutes: Floats) -> Floats:
    """Return the (T,) deposited fraction at each time, for a column with ``P`` of at least :data:`SMALLEST_PECLET`."""
    height, speed = column.height_um, column.settling_um_per_min
    return np.array([_mean_reached(height, speed, column.diffusion_um2_per_min, float(time)) for time in minutes])


def _mean_reached(height: float, speed: float, diffusion: float, time: float) -> float:
    if time == 0:
        return 0.0
    spread, front = np.sqrt(4 * diffusion * time), speed * time
    low, high = max(front - _REACH * spread, 0.0), min(front + _REACH * spread, height)
    if low >= height:
        return 1.0
    place = 0.5 * (low + high) + 0.5 * (high - low) * _NODES
    share = _reached(place, front, spread)
    return float((low + 0.5 * (high - low) * (_WEIGHTS * share).sum()) / height)


def _reached(place: Floats, front: float, spread: float) -> Floats:
    """Return the probability to have come down; the second term by erfcx, whose exponent never overflows."""
    ahead = (place - front) / spread
    return np.asarray(0.5 * erfc(ahead) + 0.5 * np.exp(-(ahead**2)) * erfcx((place + front) / spread))
