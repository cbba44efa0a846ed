"""How long direction is remembered: an exponential through the autocovariance of the steps.

For a persistent random walk seen every Δ the autocovariance of the steps at lags ``kΔ``, k >= 1, is exactly ``a e^{−kΔ/P}``,
whatever Δ. Lag 0 is not on that curve (it is the mean square of a step), and errors of position enter lags 0 and 1 only, so
the fit starts at lag 2 unless told otherwise. It estimates the same P as Fürth's formula, without errors of position pulling
at it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.motion.autocovariance import Autocovariance
from coculture.interactions.motion.lag_models.curve import Weights, part_to_fit
from coculture.interactions.motion.lag_models.estimate import Estimate, FitScope
from coculture.interactions.motion.lag_models.scaled_shape import fit_scaled_shape


@dataclass(frozen=True)
class MemoryFit:
    """A fitted exponential.

    Attributes
    ----------
    persistence_min : P with limits; NaN where ``status`` is not "fitted".
    amplitude : a, in the units of the curve.
    status : "fitted"; "no memory" (no positive decaying curve fits); "does not decay" (over the lags used).
    scope : what was fitted.
    """

    persistence_min: Estimate
    amplitude: float
    status: str
    scope: FitScope


def fit_memory(
    curve: Autocovariance,
    *,
    shortest_lag_steps: int = 2,
    longest_lag_min: float | None = None,
    weights: Weights | None = None,
    confidence: float = 0.95,
) -> MemoryFit:
    """Fit P; parameters as in :func:`~coculture.interactions.motion.lag_models.fuerth.fit_fuerth`.

    Raises
    ------
    DataError : if fewer than three lags can be fitted.
    InputError : if the shortest lag is below one step, or the weights cannot be used.
    """
    if shortest_lag_steps < 1:
        raise InputError(
            f"a shortest lag of {shortest_lag_steps} steps", "shortest_lag_steps", "lag 0 is not on the curve; give 1 or more"
        )
    name = "autocorrelation" if curve.of == "direction" else "autocovariance"
    part = part_to_fit(curve.table, name, curve.lagged, shortest_lag_steps, longest_lag_min, weights, confidence)
    found = fit_scaled_shape(_shape, part.lag, part.value, part.weight, part.covariance)
    if found is None or found.at_edge:
        status = "does not decay" if found is not None and found.at_edge == "long" else "no memory"
        return MemoryFit(Estimate(), float("nan"), status, part.scope)
    return MemoryFit(found.estimate(0, 1, part.scope), found.amplitude, "fitted", part.scope)


def _shape(lag: NDArray[np.float64], tau: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(-lag / tau))
