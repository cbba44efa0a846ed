"""Persistent random walk: Fürth's formula for the mean squared displacement.

``MSD(t) = 2 n D (t − P (1 − e^{−t/P}))`` in n dimensions, with the motility (diffusion) coefficient D and the persistence time
P (Fürth 1920, Z Physik 2:244): straight at speed ``S = √(n D / P)`` over times well below P, diffusing with D well above it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.interactions.motion.lag_models.curve import Weights, fit_power, part_to_fit
from coculture.interactions.motion.lag_models.estimate import Estimate, FitScope
from coculture.interactions.motion.lag_models.scaled_shape import ScaledShape, fit_scaled_shape
from coculture.interactions.motion.mean_squared import MeanSquaredDisplacement

_UNRESOLVED = 0.1


def fuerth_curve(
    lag_min: NDArray[np.float64], diffusion_um2_per_min: float, persistence_min: float, dimensions: int
) -> NDArray[np.float64]:
    """Return the mean squared displacement of a persistent random walk, µm²."""
    lag = np.asarray(lag_min, np.float64)
    return np.asarray(2 * dimensions * diffusion_um2_per_min * _shape(lag, np.array([[persistence_min]]))[0])


@dataclass(frozen=True)
class FuerthFit:
    """A fitted persistent random walk.

    Attributes
    ----------
    diffusion_um2_per_min, persistence_min, speed_um_per_min : D, P and S = √(n D/P), each with limits; NaN where ``status``
        says so.
    status : "fitted"; "diffusive" (no persistence longer than a tenth of the shortest lag shows: only D is given); "ballistic"
        (cells run straight over all lags: only S is given); "no motion" (nothing is given).
    dimensions : n.
    residual_um2 : root mean square residual (weighted); NaN without motion.
    scope : what was fitted.
    """

    diffusion_um2_per_min: Estimate
    persistence_min: Estimate
    speed_um_per_min: Estimate
    status: str
    dimensions: int
    residual_um2: float
    scope: FitScope

    def curve(self, lag_min: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the fitted mean squared displacement at the given lags, µm²; NaN where the fit has not both D and P."""
        return fuerth_curve(lag_min, self.diffusion_um2_per_min.value, self.persistence_min.value, self.dimensions)


def fit_fuerth(
    msd: MeanSquaredDisplacement,
    *,
    longest_lag_min: float | None = None,
    weights: Weights | None = None,
    confidence: float = 0.95,
) -> FuerthFit:
    """Fit D and P to a curve of mean squared displacement.

    Parameters
    ----------
    msd : the curve.
    longest_lag_min : fit lags up to this. None: a quarter of the longest lag. Walls, crowding and too few pairs bend the rest.
    weights : "equal" (as celltrackR's vignette), or "precision": one over the squared standard error between tracks, which gives
        short lags their due and halves the error of P. None: precision where two tracks or more stand behind the curve.
    confidence : of the limits; see :mod:`~coculture.interactions.motion.lag_models.scaled_shape`.

    Raises
    ------
    DataError : if fewer than three lags can be fitted.
    InputError : if the weights are unknown or need tracks the curve does not have.
    """
    part = part_to_fit(msd.table, "msd_um2", msd.lagged, 1, longest_lag_min, weights, confidence)
    n, scope = msd.dimensions, part.scope
    found = fit_scaled_shape(_shape, part.lag, part.value, part.weight, part.covariance)
    status = _status(found, float(part.lag.min()))
    diffusion, persistence, speed = Estimate(), Estimate(), Estimate()
    if found is not None and status == "fitted":
        diffusion = found.estimate(1, 0, scope).scaled(1 / (2 * n))
        persistence = found.estimate(0, 1, scope)
        speed = found.estimate(0.5, -0.5, scope).scaled(0.5**0.5)
    if status == "diffusive":
        diffusion = fit_power(part, 1).scaled(1 / (2 * n))
    if status == "ballistic":
        speed = fit_power(part, 2).root()
    residual = float("nan") if found is None else found.residual_sd
    return FuerthFit(diffusion, persistence, speed, status, n, residual, scope)


def _shape(lag: NDArray[np.float64], tau: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``t − P (1 − e^{−t/P})``, by its series where t/P is so small that the difference would lose its digits."""
    x = lag / tau
    series = x * x * (0.5 - x / 6 + x * x / 24 - x**3 / 120)
    return np.asarray(tau * np.where(x < 1e-3, series, x + np.expm1(-x)))


def _status(found: ScaledShape | None, shortest: float) -> str:
    if found is None:
        return "no motion"
    if found.at_edge == "long":
        return "ballistic"
    return "diffusive" if found.at_edge == "short" or found.tau < _UNRESOLVED * shortest else "fitted"
