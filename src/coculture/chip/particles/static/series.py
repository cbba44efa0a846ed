"""Sedimentation and diffusion to a perfect sink as a sum over modes, exact where its terms do not cancel.

With ``s = z/H`` and ``c = e^{Ps} φ`` the problem becomes ``φ_t = (D/H²)(φ'' − P²φ)``, ``φ' = Pφ`` at the top and ``φ = 0`` at the
floor. Its modes are ``sin(k(1 − s))`` with ``tan k = −k/P`` and, for ``P < −1``, one ``sinh(κ(1 − s))`` with ``tanh κ =
−κ/P``; each decays as ``exp(−(k² + P²) D t/H²)``. The weights grow as ``e^P`` and alternate in sign, so that the sum loses
its digits when P is large and the time short: the loss is estimated and returned, never hidden.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from coculture.chip.particles.static.column import SettlingColumn

Floats = NDArray[np.float64]

_MOST_MODES = 20_000
_SMALLEST = 40.0  # e^-40 is below the last digit of 1
_DEGENERATE = 1e-6  # around P = −1 the first mode is a straight line, and its formulas divide zero by zero
LARGEST_PECLET = 300.0  # e^P stays a number well beyond this, but nothing of the sum would be left


def deposited_by_series(column: SettlingColumn, minutes: Floats) -> tuple[Floats, Floats]:
    """Return the deposited fraction at each time and an estimate of its absolute error.

    Parameters
    ----------
    column : the column; the floor is a perfect sink.
    minutes : (T,) times.

    Returns
    -------
    (T,) fractions, and (T,) errors from rounding and from the modes left out; infinite where the sum cannot be formed.
    """
    tau, peclet = column.diffusion_times(minutes), column.peclet
    fraction, error = np.zeros_like(tau), np.zeros_like(tau)
    for index, time in enumerate(tau):
        if time > 0:
            fraction[index], error[index] = _one_time(peclet, float(time))
    return fraction, error


def _one_time(peclet: float, tau: float) -> tuple[float, float]:
    needed = int(np.sqrt(_SMALLEST / tau) / np.pi) + 3
    if abs(peclet) > LARGEST_PECLET or abs(peclet + 1) < _DEGENERATE or needed > _MOST_MODES:
        return float("nan"), float("inf")
    weight, decay = mode_weights(peclet, needed)
    terms = weight * np.exp(-decay * tau)
    # a root k known to eps·k leaves sin k, beside which cos k is P/k times as large, uncertain by eps·P
    rounding = (4 + abs(peclet)) * np.finfo(np.float64).eps * float(np.abs(terms).sum())
    left_out = 2 * float(abs(terms[-1]))
    return 1.0 - float(np.sort(terms).sum()), rounding + left_out


def mode_weights(peclet: float, modes: int) -> tuple[Floats, Floats]:
    """Return the share of the suspended particles in each mode at the start, and each mode's decay in units of D/H².

    The shares of all modes sum to 1. With ``k cos k = −P sin k`` the two overlap integrals of a mode shrink to
    ``(k e^{−P} + 2P sin k)/(k² + P²)`` and ``k e^{P}/(k² + P²)``.
    """
    wave = _wave_numbers(peclet, modes)
    both = wave**2 + peclet**2
    square = 0.5 - np.sin(wave) * np.cos(wave) / (2 * wave)
    weight = wave * (wave + 2 * peclet * np.sin(wave) * np.exp(peclet)) / (both**2 * square)
    if peclet >= -1:
        return np.asarray(weight), np.asarray(both)
    weight0, decay0 = _rising_mode(-peclet)
    return np.concatenate([[weight0], weight]), np.concatenate([[decay0], both])


def _rising_mode(rise: float) -> tuple[float, float]:
    """Return weight and decay of the mode in which particles that float (``rise = −P > 1``) gather under the top.

    Written so that nothing cancels or underflows: with ``κ = rise tanh κ`` the decay is ``rise²/cosh² κ``, and every exponential
    is a power of ``e^{−2κ}``.
    """
    kappa = float(brentq(lambda k: k - rise * np.tanh(k), 1e-3 * np.sqrt(1 - 1 / rise), rise))
    gone = float(np.exp(-2 * kappa))
    lag = 2 * kappa * gone / (1 - gone)
    overlap = (1 - gone) * (-1 / (1 + gone) - float(np.expm1(-lag)) / gone)
    square = (1 - gone**2) / (8 * kappa) - gone / 2
    weight = kappa * overlap * (1 + gone) ** 4 / (16 * rise**3 * square)
    return weight, (2 * rise / (1 + gone)) ** 2 * gone


def _wave_numbers(peclet: float, modes: int) -> Floats:
    """Return the first roots of ``k cos k + P sin k = 0`` above 0, by halving brackets that hold one root each."""
    number = np.arange(modes) + (1 if peclet < -1 else 0)
    low, high = number * np.pi, (number + 0.5) * np.pi
    if peclet >= 0:
        low, high = high, (number + 1) * np.pi
    before = np.where(number % 2 == 0, 1.0, -1.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        below = before * (middle * np.cos(middle) + peclet * np.sin(middle)) > 0
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(0.5 * (low + high))
