"""Least squares with cluster-robust standard errors, with or without groups absorbed."""

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


def linear_regression(
    response: Any, terms: Any, names: Sequence[str], clusters: Any, *, within: Any = None, covariance: Kind = "CR2"
) -> RegressionFit:
    """Fit ``y = a + X b + e`` by least squares.

    Parameters
    ----------
    response : (n,) y.
    terms : (n,) or (n, p) X, without a column of ones.
    names : p names.
    clusters : (n,) names of what is independent: wells, sites, tracks, or every row its own.
    within : (n,) names of groups (frames, sites) each with an intercept of its own: means of the groups are taken out of y and
        X first, so that b compares cells of one group only. Groups must lie within clusters for CR2. None: one intercept.
    covariance : ``"CR2"`` (small samples) or ``"CR1"``; see :mod:`~coculture.interactions.communication.regression.cluster`.

    Raises
    ------
    InputError : if the arrays do not fit one another, a number is not finite, or groups cross clusters with CR2.
    """
    y, x, code = checked_design(response, terms, names, clusters)
    many, absorbed = (int(code.max()) + 1 if len(code) else 0), 0
    words = f"least squares, {covariance} by cluster"
    if within is None:
        design, labels = np.column_stack((np.ones(len(y)), x)), ("intercept", *names)
    else:
        group = np.unique(np.asarray(within), return_inverse=True)[1]
        absorbed = _absorbed(group, code, covariance, len(y))
        size = np.bincount(group)
        y = y - (np.bincount(group, y) / size)[group]
        spread = np.abs(x).max(axis=0, initial=0)
        x = x - np.stack([(np.bincount(group, column) / size)[group] for column in x.T], axis=1)
        design, labels = np.where(np.abs(x) <= 1e-12 * spread, 0.0, x), tuple(names)
        words += ", groups absorbed"
    if reason := why_not_fitted(design, labels):
        return RegressionFit.undefined(labels, reason, n=len(y), n_clusters=many, method=words)
    coefficients: Reals = np.asarray(np.linalg.lstsq(design, y, rcond=None)[0], np.float64)
    facts = (len(y), many, 0, "")
    if many < 2:
        nothing = RegressionFit.undefined(labels, ONE_CLUSTER)
        return RegressionFit(labels, coefficients, nothing.covariance, nothing.degrees, *facts, ONE_CLUSTER, words)
    spread_of, degrees = cluster_covariance(design, y - design @ coefficients, code, covariance, absorbed=absorbed)
    return RegressionFit(labels, coefficients, spread_of, degrees, *facts, "", words)


def _absorbed(group: NDArray[np.int64], code: NDArray[np.int64], covariance: Kind, n: int) -> int:
    """Return how many absorbed intercepts CR1 counts: none where every group lies within one cluster."""
    if len(group) != n:
        raise InputError(f"{len(group)} groups for {n} rows", "within", "give one per row")
    crossing = len(np.unique(group * (int(code.max(initial=0)) + 1) + code)) > int(group.max(initial=-1)) + 1
    if crossing and covariance == "CR2":
        raise InputError("a group to absorb has rows in several clusters", "within", "use larger clusters, or covariance='CR1'")
    return int(group.max(initial=-1)) + 1 if crossing else 0
