"""Run and pause: the mean squared displacement of the model of Beauchemin, Dixit & Perelson (2007, J Immunol 178:5505).

A cell runs straight at speed ``v`` for a time ``t_free``, pauses for ``t_pause`` while it turns to a random direction, and
runs again. With the motility coefficient ``M = v² t_free² / (6 (t_free + t_pause))``,

    MSD(t) = 2 n M (t − t_free · s(t/t_free)),      s(x) = x − x² + x³/3 for x < 1, else 1/3.

The curve tells M and t_free. It does not tell t_pause, which only enters the speed: state it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.motion.lag_models.curve import Weights, part_to_fit
from coculture.interactions.motion.lag_models.estimate import Estimate, FitScope
from coculture.interactions.motion.lag_models.scaled_shape import fit_scaled_shape
from coculture.interactions.motion.mean_squared import MeanSquaredDisplacement


@dataclass(frozen=True)
class BeaucheminFit:
    """A fitted run-and-pause walk.

    Attributes
    ----------
    motility_um2_per_min, free_min : M and t_free, each with limits.
    pause_min : as it was given.
    free_speed_um_per_min : v; NaN where not fitted.
    status : "fitted"; "runs not resolved" (the best t_free lies at the edge of what the lags tell; numbers NaN); "no motion".
    dimensions : n.
    residual_um2 : root mean square residual (weighted).
    scope : what was fitted.
    """

    motility_um2_per_min: Estimate
    free_min: Estimate
    pause_min: float
    free_speed_um_per_min: float
    status: str
    dimensions: int
    residual_um2: float
    scope: FitScope


def beauchemin_curve(
    lag_min: NDArray[np.float64], motility_um2_per_min: float, free_min: float, dimensions: int
) -> NDArray[np.float64]:
    """Return the mean squared displacement of a run-and-pause walk, µm²."""
    lag = np.asarray(lag_min, np.float64)
    return np.asarray(2 * dimensions * motility_um2_per_min * _shape(lag, np.array([[free_min]]))[0])


def fit_beauchemin(
    msd: MeanSquaredDisplacement,
    *,
    pause_min: float,
    longest_lag_min: float | None = None,
    weights: Weights | None = None,
    confidence: float = 0.95,
) -> BeaucheminFit:
    """Fit M and t_free; parameters beside ``pause_min`` (>= 0, 0.5 min for T cells) as in :func:`~...fuerth.fit_fuerth`.

    Raises
    ------
    DataError : if fewer than three lags can be fitted.
    InputError : if the pause is not a time, or the weights cannot be used.
    """
    if not (np.isfinite(pause_min) and pause_min >= 0):
        raise InputError(f"a pause of {pause_min} min", "pause_min", "give minutes, >= 0")
    part = part_to_fit(msd.table, "msd_um2", msd.lagged, 1, longest_lag_min, weights, confidence)
    n, nan = msd.dimensions, float("nan")
    found = fit_scaled_shape(_shape, part.lag, part.value, part.weight, part.covariance)
    if found is None or found.at_edge:
        status = "no motion" if found is None else "runs not resolved"
        return BeaucheminFit(Estimate(), Estimate(), pause_min, nan, status, n, nan, part.scope)
    motility = found.estimate(1, 0, part.scope).scaled(1 / (2 * n))
    free = found.estimate(0, 1, part.scope)
    speed = float(np.sqrt(6 * motility.value * (free.value + pause_min)) / free.value)
    return BeaucheminFit(motility, free, pause_min, speed, "fitted", n, found.residual_sd, part.scope)


def _shape(lag: NDArray[np.float64], tau: NDArray[np.float64]) -> NDArray[np.float64]:
    x = np.minimum(lag / tau, 1.0)
    small = lag < tau
    return np.asarray(tau * np.where(small, x**2 - x**3 / 3, lag / tau - 1 / 3))
