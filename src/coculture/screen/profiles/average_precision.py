"""Mean average precision of groups of profiles, with p-values from random rankings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.randomness import stream
from coculture.screen.group_statistics import Floats, Integers
from coculture.screen.hits.false_discovery import benjamini_hochberg
from coculture.screen.profiles.kernels.average_precision import average_precisions, random_precisions
from coculture.screen.profiles.similarity import unit_rows

BLOCK = 512
"""Queries whose similarities are held at one time."""
SLACK = 1e-12


@dataclass(frozen=True)
class Question:
    """Which profiles belong together, and which they are told from.

    Attributes
    ----------
    group : (n,) profiles of one group are alike; -1 asks nothing and is alike to none.
    comparison : (n,) which profiles of other groups are negatives.
    differ : (n,) positives must have another code here; None allows every other profile of the group.
    within : (n,) only profiles of the query's code here are compared; None compares all.
    """

    group: Integers
    comparison: NDArray[np.bool_]
    differ: Integers | None = None
    within: Integers | None = None


def average_precision(values: Floats, question: Question) -> pd.DataFrame:
    """Return average precision, number of positives and of all compared profiles for each profile.

    Parameters
    ----------
    values : (n, p) profiles; compared by the cosine.
    question : what belongs together.

    Returns
    -------
    (n) rows ``average_precision`` (NaN where a profile has no positive), ``n_positive``, ``n_total``.

    Notes
    -----
    ``AP = mean over the positives k = 1, 2, … of k / rank_k``, ranks by falling similarity among positives and negatives. A
    positive comes before negatives equally similar, as in copairs (Kalinin et al. 2025, Nat Commun 16:5181).
    """
    unit = unit_rows(values)
    n = len(unit)
    own = np.arange(n, dtype=np.int64)
    differ = own if question.differ is None else question.differ
    within = np.zeros(n, dtype=np.int64) if question.within is None else question.within
    parts = []
    for first in range(0, n, BLOCK):
        similarity = unit[first : first + BLOCK] @ unit.T
        parts.append(average_precisions(similarity, first, question.group, differ, within, question.comparison))
    precision, positive, total = (np.concatenate(part) for part in zip(*parts, strict=True))
    return pd.DataFrame({"average_precision": precision, "n_positive": positive, "n_total": total})


def mean_average_precision(found: pd.DataFrame, group: Integers, draws: int, seed: int) -> pd.DataFrame:
    """Return mean average precision, p- and q-value of each group.

    Parameters
    ----------
    found : what ``average_precision`` gave.
    group : (n,) group of each profile; -1 is left out.
    draws : random rankings for each pair of numbers (positives, all compared).
    seed : of the rankings; they depend on the two numbers and the seed alone.

    Returns
    -------
    One row a group, index its number: ``mean_average_precision``, ``n_profiles``, ``p_value``, ``q_value``
    (Benjamini-Hochberg over the groups).

    Notes
    -----
    ``p = (1 + number of random rankings at least as good) / (1 + draws)``. The average precisions of replicates rest on the same
    pairs. So profiles with the same numbers share their random rankings, as in copairs: the p-value is never too small for
    taking them as independent, and often cautious.
    """
    rows = found[(group >= 0) & found["average_precision"].notna().to_numpy()]
    pairs = list(zip(rows["n_positive"].tolist(), rows["n_total"].tolist(), strict=True))
    null = {pair: random_rankings(*pair, draws, seed) for pair in set(pairs)}
    table = []
    owners = group[rows.index.to_numpy()]
    for name in np.unique(owners):
        own = np.flatnonzero(owners == name)
        score = float(rows["average_precision"].iloc[own].mean())
        chance = np.mean([null[pairs[one]] for one in own], axis=0)
        table.append((name, score, len(own), (1 + int((chance >= score - SLACK).sum())) / (1 + draws)))
    result = pd.DataFrame(table, columns=["group", "mean_average_precision", "n_profiles", "p_value"]).set_index("group")
    return result.assign(q_value=benjamini_hochberg(result["p_value"].to_numpy(dtype=np.float64)))


def random_rankings(n_positive: int, n_total: int, draws: int, seed: int) -> Floats:
    """Return (draws,) average precisions of ``n_positive`` places drawn at random among ``n_total``."""
    uniform = stream(seed, "average precision", str(n_positive), str(n_total)).random((draws, n_positive))
    return random_precisions(uniform, n_total)
