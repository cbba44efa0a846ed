"""Correlation with the activity, with p-values of permutation for each feature and for the whole family."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from coculture.errors import InputError
from coculture.randomness import stream
from coculture.screen.deconvolve.fractions import Fractions, unit_columns
from coculture.screen.deconvolve.kernels.permutation import count_exceedances
from coculture.screen.deconvolve.ranking import Ranking, ranks
from coculture.screen.group_statistics import Floats
from coculture.screen.hits.false_discovery import benjamini_hochberg

Kind = Literal["pearson", "spearman"]
NAME = "correlation"


def score(contents: Floats, activity: Floats) -> Floats:
    """Return the size of Pearson's correlation of each feature, 0 for a constant one."""
    return np.abs(unit_columns(activity[:, None])[:, 0] @ unit_columns(contents))


def correlation(fractions: Fractions, assay: str, kind: Kind = "pearson", permutations: int = 10_000, seed: int = 0) -> Ranking:
    """Rank features by the size of their correlation with the activity.

    Parameters
    ----------
    kind : ``pearson``, or ``spearman`` (on ranks; one extreme fraction weighs no more than another).
    permutations : random orders of the fractions; p-values cannot fall below ``1 / (permutations + 1)``.

    Returns
    -------
    Ranking : ``correlation``; ``p_value`` of Student's t with n − 2 degrees of freedom, and ``bonferroni``;
        ``p_permutation``, ``(b + 1) / (B + 1)`` with b permutations at least as strong (Phipson & Smyth 2010);
        ``p_family``, the same for the strongest of all features (max-T, Westfall & Young 1993), which bounds the chance of
        any false claim among all features; ``q_value`` (Benjamini & Hochberg 1995) of ``p_permutation``.

    Raises
    ------
    InputError : for an unknown kind or fewer than one permutation.
    """
    if kind not in ("pearson", "spearman"):
        raise InputError(f"unknown kind of correlation '{kind}'", "correlation", "use one of: pearson, spearman")
    if permutations < 1:
        raise InputError(f"permutations is {permutations}", "correlation", "give 1 or more; 10000 is usual")
    contents, activity = fractions.contents, fractions.activity(assay)
    if kind == "spearman":
        contents, activity = stats.rankdata(contents, axis=0), stats.rankdata(activity)
    x, y = unit_columns(contents), unit_columns(activity[:, None])[:, 0]
    r = np.clip(y @ x, -1.0, 1.0)
    random = stream(seed, "deconvolve", NAME, assay)
    orders = random.permuted(np.tile(np.arange(y.size), (permutations, 1)), axis=1)
    own, largest = count_exceedances(np.ascontiguousarray(x.T), y, orders)
    p = t_test(r, y.size)
    own_p = (own + 1) / (permutations + 1)
    table = pd.DataFrame(
        {
            "feature": fractions.features,
            "score": np.abs(r),
            "rank": ranks(np.abs(r)),
            "correlation": r,
            "p_value": p,
            "bonferroni": np.minimum(p * r.size, 1.0),
            "p_permutation": own_p,
            "p_family": (largest + 1) / (permutations + 1),
            "q_value": benjamini_hochberg(own_p),
        }
    )
    settings = {"kind": kind, "permutations": permutations, "seed": seed}
    return Ranking(assay, NAME, table, settings, _notes(x))


def t_test(r: Floats, fractions: int) -> Floats:
    """Return two-sided p-values of ``t = r √((n − 2) / (1 − r²))``; exact only for normal data."""
    with np.errstate(divide="ignore"):
        t = np.abs(r) * np.sqrt((fractions - 2) / np.maximum(1 - r**2, 0.0))
    return np.asarray(2 * stats.t.sf(t, fractions - 2))


def _notes(x: Floats) -> tuple[str, ...]:
    constant = int((np.abs(x).sum(axis=0) == 0).sum())
    return (f"{constant} features are the same in all fractions and have no correlation",) if constant else ()
