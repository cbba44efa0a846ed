"""Logistic regression by iteratively reweighted least squares, with cluster-robust standard errors.

``P(y = 1) = 1 / (1 + exp(−η))``, ``η = a + X b``. Each step is the least-squares fit of the working response with weights
``μ (1 − μ)`` (McCullagh & Nelder 1989, ch. 4). At the maximum the sandwich of least squares applies to √w X and the Pearson
residuals (y − μ)/√w; CR2 is then unbiased to first order under independence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.communication.regression.cluster import Kind, cluster_covariance
from coculture.interactions.communication.regression.design import ONE_CLUSTER, checked_design, why_not_fitted
from coculture.interactions.communication.regression.fit import RegressionFit

Reals = NDArray[np.float64]

_MOST_STEPS = 60


def logistic_regression(
    response: Any, terms: Any, names: Sequence[str], clusters: Any, *, covariance: Kind = "CR2"
) -> RegressionFit:
    """Fit the log odds of a yes-or-no response.

    Parameters
    ----------
    response : (n,) 0/1 or false/true.
    terms, names, clusters, covariance : as in :func:`~coculture.interactions.communication.regression.linear.linear_regression`.

    Returns
    -------
    RegressionFit; ``reason`` says where all responses are alike or the terms tell yes from no without fault, so that no finite
    coefficients exist.

    Raises
    ------
    InputError : if the arrays do not fit one another, or a response is neither 0 nor 1.
    """
    y, x, code = checked_design(response, terms, names, clusters)
    if not np.isin(y, (0.0, 1.0)).all():
        raise InputError("a response is neither 0 nor 1", "response", "use linear_regression for numbers")
    labels, words = ("intercept", *names), f"logistic regression, {covariance} by cluster"
    many, events = (int(code.max()) + 1 if len(code) else 0), int(y.sum())
    design = np.column_stack((np.ones(len(y)), x))
    reason = why_not_fitted(design, labels)
    if not reason and events in (0, len(y)):
        reason = "no row has the event" if events == 0 else "every row has the event"
    facts: dict[str, Any] = {"n": len(y), "n_clusters": many, "events": events, "method": words}
    if reason:
        return RegressionFit.undefined(labels, reason, **facts)
    centre, scale = x.mean(axis=0), x.std(axis=0)
    scaled = np.column_stack((np.ones(len(y)), (x - centre) / scale))
    fitted = _climb(scaled, y)
    if fitted is None:
        return RegressionFit.undefined(labels, "the terms tell the events from the rest without fault (separation)", **facts)
    back = np.vstack((np.r_[1.0, -centre / scale], np.column_stack((np.zeros(len(scale)), np.diag(1 / scale)))))
    coefficients, chance = back @ fitted, _chance(scaled @ fitted)
    root = np.sqrt(chance * (1 - chance))
    if many < 2:
        nothing = RegressionFit.undefined(labels, ONE_CLUSTER)
        return RegressionFit(
            labels, coefficients, nothing.covariance, nothing.degrees, len(y), many, events, "", ONE_CLUSTER, words
        )
    spread, degrees = cluster_covariance(design * root[:, None], (y - chance) / root, code, covariance)
    return RegressionFit(labels, coefficients, spread, degrees, len(y), many, events, "", "", words)


def _chance(eta: Reals) -> Reals:
    return np.asarray(1 / (1 + np.exp(-np.clip(eta, -500, 500))))


def _log_likelihood(eta: Reals, y: Reals) -> float:
    return float((y * eta - np.logaddexp(0.0, eta)).sum())


def _climb(design: Reals, y: Reals) -> Reals | None:
    """Return the maximum-likelihood coefficients; None where they run away."""
    beta = np.zeros(design.shape[1])
    value = _log_likelihood(design @ beta, y)
    for _ in range(_MOST_STEPS):
        chance = _chance(design @ beta)
        weight = chance * (1 - chance)
        if np.abs(beta).max() > 30 or weight.max() < 1e-8:
            return None
        score = design.T @ (y - chance)
        step = np.linalg.lstsq((design * weight[:, None]).T @ design, score, rcond=1e-14)[0]
        if float(score @ step) < 1e-14 * len(y):
            return beta
        while (better := _log_likelihood(design @ (beta + step), y)) < value - 1e-12 * abs(value):
            step = step / 2
        beta, value = beta + step, better
    return None
