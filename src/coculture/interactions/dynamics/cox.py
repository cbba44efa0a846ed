r"""Cox's proportional hazards with covariates that change in time, fitted by Newton's method.

A subject contributes intervals (start, stop] with constant covariates x; it is at risk at an event time t of its stratum where
``start < t <= stop``. With risk-set sums ``S0 = Σ exp(xβ)`` and, over those that end at t, ``D0 = Σ exp(xβ)`` the log partial
likelihood is

    l(β) = Σ_t { Σ_{i ends at t} x_i β − Σ_{l=0}^{d−1} log(S0 − w_l D0) },      w_l = l/d (Efron)  or  0 (Breslow)

(Cox 1972, J. R. Stat. Soc. B 34:187; Efron 1977, J. Am. Stat. Assoc. 72:557; Breslow 1974, Biometrics 30:89; counting-process
intervals: Andersen & Gill 1982, Ann. Stat. 10:1100). Efron's is the default: frames of a movie make many ties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from coculture.errors import DataError, InputError
from coculture.interactions.dynamics.estimate import Estimate, two_sided_z
from coculture.interactions.dynamics.risk_sets import RiskSets, Ties

Reals = NDArray[np.float64]

_MOST_STEPS = 50
_LEAST_INFORMATION = 1e-7
"""Where the information has fallen below this part of that at β = 0, in any direction, the likelihood has no maximum there."""


@dataclass(frozen=True, eq=False)
class CoxFit:
    """A fitted model, or the reason why there is none.

    Attributes
    ----------
    names : the covariates.
    coefficients : (p,) log hazard ratios per unit.
    covariance : (p, p) inverse of the observed information, or the cluster-robust sandwich.
    log_likelihood : at 0 and at the fit.
    score_test : (statistic, p-value) of all coefficients being 0, before any step: with one 0/1 covariate the log-rank test.
    n_intervals, n_events : numbers used.
    reason : why there is no fit; '' where there is.
    method : ties and standard errors, in words.
    """

    names: tuple[str, ...]
    coefficients: Reals
    covariance: Reals
    log_likelihood: tuple[float, float]
    score_test: tuple[float, float]
    n_intervals: int
    n_events: int
    reason: str
    method: str

    def hazard_ratio(self, name: str, *, level: float = 0.95) -> Estimate:
        """Return a covariate's hazard ratio per unit, ``exp(β)``; ``se`` is of β, the interval ``exp(β ± z se)``, p is Wald's.

        Raises
        ------
        InputError : if there is no such covariate.
        """
        if name not in self.names:
            raise InputError(f"no covariate '{name}'", "name", "use one of: " + ", ".join(self.names))
        if self.reason:
            return Estimate.undefined(self.reason, n=self.n_intervals, events=self.n_events, method=self.method)
        place = self.names.index(name)
        beta, se = float(self.coefficients[place]), float(np.sqrt(self.covariance[place, place]))
        low, high = (float(np.exp(beta + sign * two_sided_z(level) * se)) for sign in (-1, 1))
        p_value = float(2 * norm.sf(abs(beta / se)))
        return Estimate(float(np.exp(beta)), se, low, high, p_value, self.n_intervals, self.n_events, "", self.method)


def cox_regression(
    start: Any,
    stop: Any,
    event: Any,
    covariates: Any,
    *,
    names: tuple[str, ...] = ("x",),
    strata: Any = None,
    clusters: Any = None,
    ties: Ties = "efron",
) -> CoxFit:
    """Fit a proportional-hazards model to intervals at risk.

    Parameters
    ----------
    start, stop : (n,) ends of the intervals at risk, start < stop.
    event : (n,) whether the interval ends with an event at its stop.
    covariates : (n,) or (n, p) values, constant over each interval.
    names : p names.
    strata : (n,) names of strata, each with a baseline hazard of its own; None: one.
    clusters : (n,) names of what is independent of one another (wells, sites, cells); standard errors are then the sandwich of
        Lin & Wei (1989, J. Am. Stat. Assoc. 84:1074) summed within clusters, times G/(G − 1) for G clusters. None: model-based.
    ties : ``"efron"`` or ``"breslow"``. The sandwich needs ``"breslow"``'s sums and uses them for its residuals.

    Returns
    -------
    CoxFit; ``reason`` says where there was no event, a covariate does not vary among those at risk, or the likelihood has no
    maximum (all events on one side).

    Raises
    ------
    InputError : if the arrays do not fit one another, a number is not finite, an interval is empty, or ``ties`` is unknown.
    DataError : if clusters are given and there are fewer than two.
    """
    data = RiskSets.of(start, stop, event, covariates, names, strata)
    if ties not in ("efron", "breslow"):
        raise InputError(f"ties '{ties}'", "ties", "use 'efron' or 'breslow'")
    words = f"Cox, {ties.capitalize()} ties"
    if reason := data.why_not():
        return _without(data, reason, words)
    beta = np.zeros(data.x.shape[1])
    null, score, information = data.likelihood(beta, ties)
    scale = data.x.std(axis=0)
    if np.linalg.matrix_rank(information * np.outer(1 / scale, 1 / scale), tol=1e-9 * data.n_events) < len(beta):
        return _without(data, "a covariate does not vary among those at risk at the events", words)
    statistic = float(score @ np.linalg.solve(information, score))
    fitted = _maximise(data, ties, null, score, information, scale)
    if fitted is None:
        return _without(data, "the likelihood has no maximum: all events on one side of a covariate", words)
    beta, value, information = fitted
    covariance: Reals = np.asarray(np.linalg.inv(information), np.float64)
    if clusters is not None:
        covariance, words = _sandwich(data, beta, covariance, clusters), words + ", cluster-robust"
    tested = (statistic, float(chi2.sf(statistic, len(beta))))
    return CoxFit(names, beta, covariance, (null, value), tested, len(data.x), data.n_events, "", words)


def _maximise(
    data: RiskSets, ties: Ties, value: float, score: Reals, information: Reals, scale: Reals
) -> tuple[Reals, float, Reals] | None:
    """Climb to the maximum, halving steps that lead down; None where there is none."""
    beta, unit = np.zeros(len(score)), np.outer(scale, scale)
    least = _LEAST_INFORMATION * np.linalg.eigvalsh(information / unit)[0]
    for _ in range(_MOST_STEPS):
        step = np.linalg.solve(information, score)
        if float(score @ step) < 1e-16 * max(1.0, abs(value)):
            return beta, value, information
        for _ in range(30):
            found = data.likelihood(beta + step, ties)
            if found[0] >= value - 1e-12 * abs(value):  # not where it is no number
                break
            step = step / 2
        beta, (value, score, information) = beta + step, found
        if np.linalg.eigvalsh(information / unit)[0] < least:
            return None
    return None


def _sandwich(data: RiskSets, beta: Reals, inverse: Reals, clusters: Any) -> Reals:
    names = np.asarray(clusters)
    if len(names) != len(data.x):
        raise InputError(f"{len(names)} clusters for {len(data.x)} intervals", "clusters", "give one per interval")
    found, code = np.unique(names, return_inverse=True)
    if len(found) < 2:
        raise DataError("one cluster only", "clusters", "robust standard errors need at least two")
    score = np.zeros((len(found), data.x.shape[1]))
    np.add.at(score, code, data.score_residuals(beta))
    return np.asarray(inverse @ (score.T @ score) @ inverse * len(found) / (len(found) - 1))


def _without(data: RiskSets, reason: str, words: str) -> CoxFit:
    many = len(data.names)
    empty, square = np.full(many, np.nan), np.full((many, many), np.nan)
    return CoxFit(data.names, empty, square, (np.nan, np.nan), (np.nan, np.nan), len(data.x), data.n_events, reason, words)
