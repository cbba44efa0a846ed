"""The part of a lag curve a model is fitted to: its lags, values, weights and covariance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from coculture.errors import DataError, InputError
from coculture.interactions.motion.lag_models.estimate import Estimate, FitScope
from coculture.interactions.motion.lagged import LaggedMeans

Weights = Literal["equal", "precision"]
FEWEST_LAGS = 3


@dataclass(frozen=True, eq=False)
class FittedPart:
    """What :func:`part_to_fit` chose.

    Attributes
    ----------
    lag, value, weight : (K,).
    covariance : (K, K), or None where fewer than two tracks (or none at all) stand behind the curve.
    scope : what it is, for the result.
    """

    lag: NDArray[np.float64]
    value: NDArray[np.float64]
    weight: NDArray[np.float64]
    covariance: NDArray[np.float64] | None
    scope: FitScope


def part_to_fit(
    table: pd.DataFrame,
    value: str,
    lagged: LaggedMeans | None,
    shortest_steps: int,
    longest_lag_min: float | None,
    weights: Weights | None,
    confidence: float,
) -> FittedPart:
    """Choose lags up to the longest asked for (None: a quarter of the longest lag, and not fewer than four lags).

    ``weights`` None: by precision where two tracks or more stand behind the curve, else equal.

    Raises
    ------
    InputError : if the weights are unknown or ask for tracks the curve does not have, or the confidence is not between 0 and 1.
    DataError : if fewer than three lags remain.
    """
    if weights not in (None, "equal", "precision"):
        raise InputError(f"unknown weights '{weights}'", "weights", "use 'equal' or 'precision'")
    if not 0 < confidence < 1:
        raise InputError(f"a confidence of {confidence:g}", "confidence", "give a fraction between 0 and 1, as 0.95")
    if "lag_steps" in table.columns:
        table = table[table["lag_steps"] >= shortest_steps]
    lag = table["lag_min"].to_numpy(np.float64)
    longest = longest_lag_min
    if longest is None and len(lag):
        longest = max(float(lag.max()) / 4, float(lag[min(3, len(lag) - 1)]))
    part = table[lag <= (longest or 0.0) * (1 + 1e-9)]
    if len(part) < FEWEST_LAGS:
        raise DataError(
            f"{len(part)} lags up to {0.0 if longest is None else longest:g} min are too few to fit two numbers",
            "longest_lag_min",
            f"give at least {FEWEST_LAGS} lags: longer tracks, or a longer lag",
        )
    covariance, n_tracks = None, 0
    if lagged is not None and "n_tracks" in part.columns:
        n_tracks = int(part["n_tracks"].max())
        covariance = lagged.covariance(part["lag_steps"].to_numpy(np.int64)) if n_tracks > 1 else None
    chosen: Weights = weights or ("equal" if covariance is None else "precision")
    lag, values = part["lag_min"].to_numpy(np.float64), part[value].to_numpy(np.float64)
    scope = FitScope(len(lag), float(lag.max()), n_tracks, chosen, confidence)
    return FittedPart(lag, values, _weight(part, chosen, covariance), covariance, scope)


def fit_power(part: FittedPart, power: float) -> Estimate:
    """Fit ``value = a · lag^power``: return a, with limits on the log scale."""
    basis = part.lag**power
    by = part.weight * basis / float((part.weight * basis**2).sum())
    amplitude = float(by @ part.value)
    if part.covariance is None or amplitude <= 0:
        return Estimate(amplitude)
    error = float(np.sqrt(by @ part.covariance @ by)) / amplitude
    reach = float(stats.t.isf((1 - part.scope.confidence) / 2, part.scope.degrees)) * error
    return Estimate(amplitude, amplitude * float(np.exp(-reach)), amplitude * float(np.exp(reach)))


def _weight(part: pd.DataFrame, weights: Weights, covariance: NDArray[np.float64] | None) -> NDArray[np.float64]:
    if weights == "equal":
        return np.ones(len(part))
    if covariance is None:
        raise InputError("weights by precision need a curve made of two tracks or more", "weights", "use 'equal'")
    variance = np.diag(covariance)
    least = variance[variance > 0].min(initial=1.0) if (variance > 0).any() else 1.0
    return np.asarray(1 / np.maximum(variance, least))
