"""Comparison of wells whose own errors are known: few cells make a well uncertain, and the test knows by how much.

A well's value is taken as ``y_i = mean of its group + between wells + within the well`` with variance ``τ² + s_i²``; ``s_i`` is
the well's standard error as its source gave it, ``τ²`` is the same for all wells. Tests that take all wells for equally certain
call treatments that leave few cells too often and others too rarely.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from coculture.screen.group_statistics import Floats, Integers, group_means, group_sums
from coculture.screen.hits.base import Comparison, Estimate, compare, welch
from coculture.screen.hits.groups import Groups, comparison_groups
from coculture.screen.hits.moderated_t import FEWEST_GROUPS, variance_prior

METHOD_NAME = "known-error"


def known_error(
    values: Floats, errors: Floats, treatment: Integers, n_treatments: int, stratum: Integers, negative: NDArray[np.bool_]
) -> tuple[Comparison, Estimate]:
    """Compare treatments with their negative controls, every well with its own error.

    Parameters
    ----------
    values, errors : (n,) read-out and its standard error in each well; wells that lack either are left out.
    treatment, n_treatments, stratum, negative : as in :func:`~coculture.screen.hits.base.compare`.

    Notes
    -----
    τ² is found over all groups of replicates by the estimator of Paule & Mandel (1982, J Res NBS 87:377). Where even τ² = 0
    leaves the wells closer together than their errors say, all errors are scaled down. With ten replicated treatments or more
    each treatment's scatter, in units of what the model expects, is shrunk towards that of all (Smyth 2004, as in
    ``moderated-t``); with fewer the model's variance is taken as it is, on the degrees of freedom of all replicates.
    """
    known = np.isfinite(values) & np.isfinite(errors) & (errors > 0)
    values = np.where(known, values, np.nan)
    comparison = compare(values, treatment, n_treatments, stratum, negative & known)
    groups = comparison_groups(values, treatment, n_treatments, stratum, negative & known)
    if groups.df < 1:
        nothing = np.full(n_treatments, np.nan)
        return comparison, Estimate(nothing, nothing, "no replicates tell how wells vary")
    between, scale = between_wells(groups, errors)
    variance = scale * (between + errors**2)
    treated, treated_df = _treated_variance(comparison, variance, treatment, groups)
    comparison = replace(
        comparison,
        control_variance=_control_variance(variance, treatment, n_treatments, stratum, negative & known, groups),
        control_df=np.full(n_treatments, float(groups.df)),
    )
    error, df = welch(treated, treated_df, comparison)
    remark = f"wells vary by {between**0.5:.3g} beside their own errors" + (
        f", which are scaled by {scale**0.5:.2f}" if scale < 1 else ""
    )
    return comparison, Estimate(error, df, remark)


def between_wells(groups: Groups, errors: Floats) -> tuple[float, float]:
    """Return τ² and the factor on all variances, 1 where τ² is above 0.

    Solves ``Q(τ²) = Σ (y_i − mean_g)² / (τ² + s_i²) = N − G``, where ``mean_g`` is the weighted mean of its group.
    """
    squares = errors[groups.well] ** 2

    def excess(between: float) -> float:
        weight = 1.0 / (between + squares)
        total = group_sums(weight, groups.group, groups.n_groups)
        mean = group_sums(weight * groups.value, groups.group, groups.n_groups) / np.where(total > 0, total, 1.0)
        return float((weight * (groups.value - mean[groups.group]) ** 2).sum()) - groups.df

    at_zero = excess(0.0)
    if at_zero <= 0:
        return 0.0, max((at_zero + groups.df) / groups.df, 1e-6)
    high = float(np.var(groups.value)) + float(squares.max())
    while excess(high) > 0:
        high *= 2.0
    return float(optimize.brentq(excess, 0.0, high)), 1.0


def _treated_variance(comparison: Comparison, variance: Floats, treatment: Integers, groups: Groups) -> tuple[Floats, Floats]:
    """Return the variance of one well of each treatment and its degrees of freedom."""
    treated = groups.well[groups.group < comparison.n.size]
    expected = group_means(variance[treated], treatment[treated], comparison.n.size)[1]
    replicated = comparison.n > 1
    pooled = np.full(expected.shape, float(groups.df))
    if replicated.sum() < FEWEST_GROUPS:
        return expected, pooled
    df = np.maximum(comparison.n - 1, 1).astype(np.float64)
    with np.errstate(invalid="ignore"):
        ratio = np.where(replicated, comparison.sd**2 / expected, np.nan)
    prior_df, prior = variance_prior(np.maximum(ratio[replicated], 1e-5), df[replicated])
    if np.isinf(prior_df):
        return prior * expected, pooled
    shrunk = np.where(replicated, (prior_df * prior + df * ratio) / (prior_df + df), prior)
    return shrunk * expected, np.where(replicated, prior_df + df, prior_df)


def _control_variance(
    variance: Floats, treatment: Integers, n_treatments: int, stratum: Integers, negative: NDArray[np.bool_], groups: Groups
) -> Floats:
    """Return the variance of the control mean that each treatment was compared with, over its strata."""
    n_strata = int(stratum.max()) + 1
    count, mean = group_means(variance[negative], stratum[negative], n_strata)
    of_mean = mean / np.maximum(count, 1)
    treated = groups.well[groups.group < n_treatments]
    pairs, wells = np.unique(treatment[treated] * n_strata + stratum[treated], return_counts=True)
    code, place = pairs // n_strata, pairs % n_strata
    n = np.bincount(treatment[treated], minlength=n_treatments)
    return group_sums((wells / n[code]) ** 2 * of_mean[place], code, n_treatments)
