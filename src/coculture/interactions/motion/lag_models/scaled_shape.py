"""Least squares of ``value = a · f(t; τ)``: one amplitude, one time constant.

For any τ the best amplitude is known, ``a(τ) = Σ w y f / Σ w f²``, so the search is along τ alone: a grid over ten decades
about the lags, and from its best point a Levenberg-Marquardt refinement in (log a, log τ). The covariance of the estimates is
``A Σ Aᵀ`` with ``A = (Jᵀ W J)⁻¹ Jᵀ W`` and Σ the covariance of the curve between *independent tracks*: points of one curve are
strongly correlated, and errors that take them as independent (those of ``nls``) are far too small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import least_squares

from coculture.interactions.motion.lag_models.estimate import Estimate, FitScope

Shape = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
"""``shape(lag (K,), tau (g, 1)) -> (g, K)``."""

_GRID = 401
_DECADES_BELOW, _DECADES_ABOVE = 2.0, 3.0
_DIFFERENCE = 1e-6


@dataclass(frozen=True)
class ScaledShape:
    """A fitted amplitude and time constant.

    Attributes
    ----------
    amplitude, tau : the estimates.
    covariance : (2, 2) of (log amplitude, log τ), or None without a covariance of the curve.
    at_edge : "short" or "long" where the best τ lies at that edge of what the lags can tell, else "".
    residual_sd : root of the weighted mean square residual, in the units of the curve for equal weights.
    """

    amplitude: float
    tau: float
    covariance: NDArray[np.float64] | None
    at_edge: str
    residual_sd: float

    def estimate(self, power_amplitude: float, power_tau: float, scope: FitScope) -> Estimate:
        """Return ``a^p τ^q`` with limits from Student's t on the log scale; limits are NaN without a covariance."""
        middle = power_amplitude * np.log(self.amplitude) + power_tau * np.log(self.tau)
        if self.covariance is None:
            return Estimate(float(np.exp(middle)))
        gradient = np.array([power_amplitude, power_tau])
        error = float(np.sqrt(max(gradient @ self.covariance @ gradient, 0.0)))
        reach = float(stats.t.isf((1 - scope.confidence) / 2, scope.degrees)) * error
        with np.errstate(over="ignore"):
            return Estimate(*(float(np.exp(middle + side * reach)) for side in (0, -1, 1)))


def fit_scaled_shape(
    shape: Shape,
    lag: NDArray[np.float64],
    value: NDArray[np.float64],
    weight: NDArray[np.float64],
    covariance: NDArray[np.float64] | None,
) -> ScaledShape | None:
    """Fit one curve; None where no positive amplitude fits at any τ."""
    low, high = lag[lag > 0].min() * 10**-_DECADES_BELOW, lag.max() * 10**_DECADES_ABOVE
    grid = np.geomspace(low, high, _GRID)
    amplitude, misfit = _profile(shape(lag, grid[:, None]), value, weight)
    misfit = np.where(amplitude > 0, misfit, np.inf)
    best = int(np.argmin(misfit))
    if not np.isfinite(misfit[best]):
        return None
    log_tau = np.log(grid[best])
    log_amplitude = np.log(amplitude[best])
    root = np.sqrt(weight)
    scale = max(float(np.abs(root * value).max()), 1e-300)

    def residual(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        curve = np.exp(parameters[0]) * shape(lag, np.exp(parameters[1:])[:, None])[0]
        return np.asarray(root * (curve - value) / scale)

    edge = "short" if best <= 1 else "long" if best >= _GRID - 2 else ""
    if not edge:
        found = least_squares(residual, [log_amplitude, log_tau], method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15).x
        log_amplitude, log_tau = float(found[0]), float(found[1])
    tau = float(np.exp(log_tau))
    edge = edge or ("short" if tau < grid[1] else "long" if tau > grid[-2] else "")
    spread = None if covariance is None or edge else _sandwich(shape, lag, tau, float(np.exp(log_amplitude)), weight, covariance)
    parameters = np.array([log_amplitude, log_tau])
    misfit_sd = float(np.sqrt((residual(parameters) ** 2).sum() * scale**2 / max(weight.sum(), 1e-300)))
    return ScaledShape(float(np.exp(log_amplitude)), tau, spread, edge, misfit_sd)


def _profile(
    shapes: NDArray[np.float64], value: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the best amplitude and its misfit for every row of shapes."""
    size = (weight * shapes**2).sum(axis=1)
    amplitude = np.divide((weight * value * shapes).sum(axis=1), size, out=np.zeros(len(size)), where=size > 0)
    off = value - amplitude[:, None] * shapes
    return amplitude, (weight * off**2).sum(axis=1)


def _sandwich(
    shape: Shape,
    lag: NDArray[np.float64],
    tau: float,
    amplitude: float,
    weight: NDArray[np.float64],
    covariance: NDArray[np.float64],
) -> NDArray[np.float64] | None:
    """Return the covariance of (log a, log τ), None where the curve does not tell them apart."""
    steps = np.exp([-_DIFFERENCE, 0.0, _DIFFERENCE]) * tau
    below, middle, above = amplitude * shape(lag, steps[:, None])
    slopes = np.column_stack((middle, (above - below) / (2 * _DIFFERENCE)))
    normal = slopes.T @ (weight[:, None] * slopes)
    if np.linalg.cond(normal / np.sqrt(np.outer(np.diag(normal), np.diag(normal)))) > 1e12:
        return None
    project = np.linalg.solve(normal, slopes.T * weight)
    return np.asarray(project @ covariance @ project.T)
