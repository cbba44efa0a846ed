"""What a comparison with the negative controls starts from and what it gives: arrays over treatments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from coculture.screen.group_statistics import Floats, Integers, group_means, group_sds, group_statistics, group_sums
from coculture.screen.settings import Direction


@dataclass(frozen=True)
class Comparison:
    """Treated wells, centred on the negative controls of their stratum, and how well those controls are known.

    Attributes
    ----------
    n : (treatments,) wells.
    effect : (treatments,) mean of the centred wells.
    sd : (treatments,) standard deviation of the centred wells, NaN below two.
    control_variance : (treatments,) variance of the control mean that was taken off, Σ w² s² / n over strata.
    control_df : (treatments,) Satterthwaite degrees of freedom of ``control_variance``.
    control_sd : (treatments,) standard deviation of the control wells, the robust one, averaged over the strata in variance.
    n_negative : (treatments,) control wells compared with.
    """

    n: Integers
    effect: Floats
    sd: Floats
    control_variance: Floats
    control_df: Floats
    control_sd: Floats
    n_negative: Integers


@dataclass(frozen=True)
class Estimate:
    """Standard error and degrees of freedom of each treatment's effect, NaN where the method cannot judge it.

    Attributes
    ----------
    standard_error, df : (treatments,).
    remark : how the method set itself, in one sentence, or ''.
    """

    standard_error: Floats
    df: Floats
    remark: str = ""


@dataclass(frozen=True)
class HitMethod:
    """One way to compare treatments with negative controls."""

    name: str
    apply: Callable[[Comparison], Estimate]


def compare(values: Floats, treatment: Integers, n_treatments: int, stratum: Integers, negative: NDArray[np.bool_]) -> Comparison:
    """Centre treated wells on their stratum's negative controls and summarise each treatment.

    Parameters
    ----------
    values : (n,) read-out on the scale of the analysis, NaN where missing.
    treatment : (n,) number of the well's treatment, -1 for wells that are not judged.
    n_treatments : number of treatments.
    stratum : (n,) stratum of each well.
    negative : (n,) negative controls.

    Notes
    -----
    Wells of a stratum with fewer than two usable controls are left out, since nothing tells what their controls vary by.
    """
    n_strata = int(stratum.max()) + 1
    controls = group_statistics(values, stratum, n_strata, negative)
    chosen = (treatment >= 0) & np.isfinite(values) & (controls.count[stratum] > 1)
    code, place = treatment[chosen], stratum[chosen]
    centred = values[chosen] - controls.mean[place]
    n, effect = group_means(centred, code, n_treatments)
    pairs, wells = np.unique(code * n_strata + place, return_counts=True)
    pair_treatment, pair_stratum = pairs // n_strata, pairs % n_strata
    weight = wells / n[pair_treatment]
    error = weight**2 * controls.sd[pair_stratum] ** 2 / controls.count[pair_stratum]
    variance = group_sums(error, pair_treatment, n_treatments)
    with np.errstate(invalid="ignore", divide="ignore"):
        df = variance**2 / group_sums(error**2 / (controls.count[pair_stratum] - 1), pair_treatment, n_treatments)
    spread = np.where(controls.mad > 0, controls.mad, controls.sd)
    return Comparison(
        n=n,
        effect=effect,
        sd=group_sds(centred, code, n_treatments),
        control_variance=variance,
        control_df=df,
        control_sd=np.sqrt(group_sums(weight * spread[pair_stratum] ** 2, pair_treatment, n_treatments)),
        n_negative=group_sums(controls.count[pair_stratum], pair_treatment, n_treatments).astype(np.int64),
    )


def cautious_df(comparison: Comparison) -> Floats:
    """Return the smaller of the treated and the control degrees of freedom (Hsu 1938): never liberal, unlike Welch's."""
    return np.minimum(np.maximum(comparison.n - 1, 1).astype(np.float64), np.nan_to_num(comparison.control_df, nan=np.inf))


def welch(treated_variance: Floats, treated_df: Floats, comparison: Comparison) -> tuple[Floats, Floats]:
    """Return standard error and Welch-Satterthwaite degrees of freedom of ``mean(treated) - mean(controls)``.

    ``treated_variance`` is the variance of one treated well with ``treated_df`` degrees of freedom (may be infinite).
    """
    treated = treated_variance / np.maximum(comparison.n, 1)
    total = treated + comparison.control_variance
    with np.errstate(invalid="ignore", divide="ignore"):
        control_part = np.where(comparison.control_variance > 0, comparison.control_variance**2 / comparison.control_df, 0.0)
        df = total**2 / (treated**2 / treated_df + control_part)
    return np.sqrt(total), df


def p_values(effect: Floats, estimate: Estimate, direction: Direction) -> Floats:
    """Return t-test p-values: one-sided towards a declared direction, two-sided for ``both``.

    An effect without any variation (standard error 0) has p 0, or 1 where the effect is 0 too.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where((effect == 0) & (estimate.standard_error == 0), 0.0, effect / estimate.standard_error)
    if direction == "up":
        return np.asarray(stats.t.sf(t, estimate.df))
    if direction == "down":
        return np.asarray(stats.t.sf(-t, estimate.df))
    return np.asarray(2.0 * stats.t.sf(np.abs(t), estimate.df))


def interval(effect: Floats, estimate: Estimate, confidence: float) -> tuple[Floats, Floats]:
    """Return the two-sided interval ``effect ± t(df) * standard error``."""
    half = stats.t.isf((1.0 - confidence) / 2.0, estimate.df) * estimate.standard_error
    return effect - half, effect + half
