"""Comparison at the same counts: what a read-out would be if the treated wells held as many cells as the controls.

How a read-out follows the counts is learnt where nothing else changes: among the negative controls and among the replicates
of each treatment (analysis of covariance). The part of an effect that the change of counts explains is taken off, and what is
not known of the slope widens the interval the more, the further the treated counts lie from those of the controls:

    effect = mean(y) − mean(y₋) − β · (mean(x) − mean(x₋)),        x = log2 counts
    variance = that of the difference of the adjusted wells + d' Cov(β) d,        d = mean(x) − mean(x₋)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coculture.screen.group_statistics import Floats, Integers, group_means
from coculture.screen.hits.base import Comparison, Estimate, HitMethod, compare
from coculture.screen.hits.groups import comparison_groups
from coculture.screen.hits.single_well import with_single_wells

FEWEST_DF = 3
"""Degrees of freedom within groups that must be left to learn how a read-out follows the counts."""


def count_matched(
    values: Floats,
    counts: Floats,
    treatment: Integers,
    n_treatments: int,
    stratum: Integers,
    negative: NDArray[np.bool_],
    method: HitMethod,
) -> tuple[Comparison, Estimate]:
    """Compare treatments with their negative controls at equal counts.

    Parameters
    ----------
    values : (n,) read-out.
    counts : (n, k) numbers of cells, one column a type; wells with an empty type are left out.
    treatment, n_treatments, stratum, negative : as in :func:`~coculture.screen.hits.base.compare`.
    method : how the adjusted wells are compared.

    Returns
    -------
    The comparison of the adjusted wells, and its estimate; all NaN, with the reason in ``remark``, where too few replicates tell
    how the read-out follows the counts. A treatment whose counts differ along a type that never varies among replicates is NaN.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.where(counts > 0, np.log2(counts), np.nan)
    whole = np.isfinite(values) & np.isfinite(x).all(axis=1)
    values, negative = np.where(whole, values, np.nan), negative & whole
    adjusted, slope_variance, remark, df = _adjusted(values, x, treatment, n_treatments, stratum, negative)
    comparison = compare(adjusted, treatment, n_treatments, stratum, negative)
    if remark:
        nothing = np.full(n_treatments, np.nan)
        return comparison, Estimate(nothing, nothing, remark)
    estimate = with_single_wells(comparison, method.apply(comparison))
    error = np.sqrt(estimate.standard_error**2 + slope_variance)
    return comparison, replace(estimate, standard_error=error, df=np.minimum(estimate.df, df))


def _adjusted(
    values: Floats, x: Floats, treatment: Integers, n_treatments: int, stratum: Integers, negative: NDArray[np.bool_]
) -> tuple[Floats, Floats, str, int]:
    """Return the adjusted wells, ``d' Cov(β) d`` of each treatment, why there is none, and the slope's degrees of freedom."""
    y_groups = comparison_groups(values, treatment, n_treatments, stratum, negative)
    group, n_groups = y_groups.group, y_groups.n_groups
    centred = np.column_stack(
        [
            comparison_groups(np.where(np.isfinite(values), column, np.nan), treatment, n_treatments, stratum, negative).value
            for column in x.T
        ]
    )
    within = centred - np.column_stack([group_means(column, group, n_groups)[1][group] for column in centred.T])
    residual = y_groups.value - group_means(y_groups.value, group, n_groups)[1][group]
    varies = (within**2).sum(axis=0) > 1e-12
    df = y_groups.df - int(varies.sum())
    if df < FEWEST_DF:
        return values, np.full(n_treatments, np.nan), "too few replicates tell how it follows the counts", df
    slope = np.zeros(x.shape[1])
    covariance = np.zeros((x.shape[1], x.shape[1]))
    if varies.any():
        inverse = np.linalg.pinv(within[:, varies].T @ within[:, varies])
        slope[varies] = inverse @ within[:, varies].T @ residual
        noise = float(((residual - within @ slope) ** 2).sum()) / df
        covariance[np.ix_(varies, varies)] = noise * inverse
    adjusted = np.full(values.shape, np.nan)
    adjusted[y_groups.well] = values[y_groups.well] - centred @ slope
    away = np.column_stack([group_means(column, group, n_groups)[1][:n_treatments] for column in centred.T])
    variance = np.einsum("tk,kl,tl->t", np.nan_to_num(away), covariance, np.nan_to_num(away))
    unknown = (np.abs(np.nan_to_num(away[:, ~varies])) > 1e-9).any(axis=1)
    return adjusted, np.where(unknown, np.nan, variance), "", df
