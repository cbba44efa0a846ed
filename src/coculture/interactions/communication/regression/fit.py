"""A fitted regression: coefficients, their covariance, and what its tests rest on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t

from coculture.errors import InputError
from coculture.interactions.dynamics.estimate import Estimate, checked_level

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RegressionFit:
    """Coefficients with cluster-robust standard errors, or the reason why there are none.

    Attributes
    ----------
    names : the terms; ``intercept`` first unless groups were absorbed.
    coefficients : (p,) per unit of each term: of the response (linear) or of its log odds (logistic).
    covariance : (p, p), NaN where ``uncertainty_reason`` says why.
    degrees : (p,) degrees of freedom of each coefficient's t distribution.
    n, n_clusters : rows and clusters used.
    events : rows with the event (logistic); 0 for linear.
    reason : why there are no coefficients; '' where there are.
    uncertainty_reason : why there are no standard errors; '' where there are.
    method : model and standard errors, in words.
    """

    names: tuple[str, ...]
    coefficients: Reals
    covariance: Reals
    degrees: Reals
    n: int
    n_clusters: int
    events: int
    reason: str
    uncertainty_reason: str
    method: str

    @classmethod
    def undefined(
        cls, names: tuple[str, ...], reason: str, *, n: int = 0, n_clusters: int = 0, events: int = 0, method: str = ""
    ) -> RegressionFit:
        """Return a fit that could not be made, with the reason."""
        nothing = np.full(len(names), np.nan)
        square = np.full((len(names), len(names)), np.nan)
        return cls(names, nothing, square, nothing, n, n_clusters, events, reason, reason, method)

    def effect(self, name: str, *, level: float = 0.95) -> Estimate:
        """Return a coefficient with t interval and p.

        Raises
        ------
        InputError : if there is no such term.
        """
        if name not in self.names:
            raise InputError(f"no term '{name}'", "name", "use one of: " + ", ".join(self.names))
        if self.reason:
            return Estimate.undefined(self.reason, n=self.n, events=self.events, method=self.method)
        place = self.names.index(name)
        value, se = float(self.coefficients[place]), math.sqrt(max(0.0, float(self.covariance[place, place])))
        if self.uncertainty_reason or not se > 0:
            why = self.uncertainty_reason or "the residuals are all zero"
            return Estimate(value, n=self.n, events=self.events, reason=why, method=self.method)
        reach = float(t.ppf(0.5 + checked_level(level) / 2, self.degrees[place])) * se
        p_value = float(2 * t.sf(abs(value / se), self.degrees[place]))
        return Estimate(value, se, value - reach, value + reach, p_value, self.n, self.events, "", self.method)

    def table(self, *, level: float = 0.95) -> pd.DataFrame:
        """Return one row a term: ``term, effect, se, low, high, p_value, degrees, n, n_clusters, reason``."""
        rows = []
        for place, name in enumerate(self.names):
            one = self.effect(name, level=level)
            degrees = float(self.degrees[place])
            rows.append((name, one.value, one.se, one.low, one.high, one.p_value, degrees, self.n, self.n_clusters, one.reason))
        columns = ["term", "effect", "se", "low", "high", "p_value", "degrees", "n", "n_clusters", "reason"]
        return pd.DataFrame(rows, columns=columns)
