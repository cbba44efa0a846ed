"""Moderated t-test: variances of treatments with few replicates borrow from all treatments."""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.base import Comparison, Estimate, HitMethod, cautious_df, welch

FEWEST_GROUPS = 10
"""Below this many replicated treatments a prior cannot be estimated; each treatment keeps its own variance."""
NO_EXCESS = 1e-8
"""Excess variance of the log variances below which all groups are taken to share one variance."""


def variance_prior(variances: Floats, df: Floats) -> tuple[float, float]:
    """Return the prior degrees of freedom and prior variance of a scaled inverse χ² (Smyth 2004, SAGMB 3:3, section 6.2).

    Parameters
    ----------
    variances : (groups,) sample variances, each above 0.
    df : (groups,) their degrees of freedom.

    Notes
    -----
    Matches mean and variance of ``ln s² - ψ(d/2) + ln(d/2)``. When the log variances vary no more than chance allows,
    the prior degrees of freedom are infinite: all groups share one variance.
    """
    e = np.log(variances) - special.digamma(df / 2) + np.log(df / 2)
    excess = float(np.var(e, ddof=1) - np.mean(special.polygamma(1, df / 2)))
    if excess <= NO_EXCESS:
        return np.inf, float(np.average(variances, weights=df))
    half = float(_inverse_trigamma(excess))
    return 2 * half, float(np.exp(np.mean(e) + special.digamma(half) - np.log(half)))


def moderated_t(comparison: Comparison) -> Estimate:
    """Return Welch's standard error with the treated variance shrunk towards the prior.

    ``s̃² = (d₀ s₀² + d s²) / (d₀ + d)`` with ``d₀ + d`` degrees of freedom (Smyth 2004). The controls' own variance is
    not shrunk: it rests on many wells. Single wells are not judged here.
    """
    replicated = comparison.n > 1
    df = np.maximum(comparison.n - 1, 1).astype(np.float64)
    variance = np.where(replicated, comparison.sd**2, np.nan)
    if replicated.sum() < FEWEST_GROUPS or not (variance[replicated] > 0).any():
        error, _ = welch(variance, df, comparison)
        remark = f"fewer than {FEWEST_GROUPS} replicated treatments: variances are not shared, t-tests have cautious (Hsu) df"
        return Estimate(error, cautious_df(comparison), remark)
    floor = 1e-5 * float(np.median(variance[replicated]))
    prior_df, prior_variance = variance_prior(np.maximum(variance[replicated], floor or 1e-300), df[replicated])
    if np.isinf(prior_df):
        shrunk, shrunk_df = np.where(replicated, prior_variance, np.nan), np.full(df.shape, np.inf)
    else:
        shrunk, shrunk_df = (prior_df * prior_variance + df * variance) / (prior_df + df), prior_df + df
    error, total_df = welch(shrunk, shrunk_df, comparison)
    return Estimate(error, total_df, f"prior standard deviation {prior_variance**0.5:.3g} with {prior_df:.3g} degrees of freedom")


def _inverse_trigamma(value: float) -> float:
    """Return x with ``trigamma(x) = value``, found on the logarithms, where the function is almost straight."""
    return float(np.exp(optimize.brentq(lambda x: np.log(special.polygamma(1, np.exp(x))) - np.log(value), -25.0, 25.0)))


METHOD = HitMethod("moderated-t", moderated_t)
