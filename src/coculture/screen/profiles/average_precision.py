"""Mean average precision of groups of profiles, with p-values from random rankings."""

from __future__ import annotations

from collections.abc import Iterator
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
REMEMBERED = 256
"""Kinds of groups whose random rankings are held at one time."""
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
    differ = np.arange(n, dtype=np.int64) if question.differ is None else question.differ
    within = np.zeros(n, dtype=np.int64) if question.within is None else question.within
    found = (np.full(n, np.nan), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64))
    for queries, compared, place, similarity in _blocks(unit, question):
        codes = question.group[compared], differ[compared], within[compared]
        parts = average_precisions(similarity, place, *codes, question.comparison[compared])
        for column, part in zip(found, parts, strict=True):
            column[queries] = part
    return pd.DataFrame(dict(zip(("average_precision", "n_positive", "n_total"), found, strict=True)))


def _blocks(unit: Floats, question: Question) -> Iterator[tuple[Integers, Integers, Integers, Floats]]:
    """Yield queries (b,), the profiles that may be compared with them (m,), the queries' places in those, and cosines (b, m).

    Queries go by group, so that beside the negatives only profiles of a few groups are compared with them.
    """
    order = np.argsort(question.group, kind="stable")
    order = order[question.group[order] >= 0]
    groups = question.group[order]
    negatives = np.flatnonzero(question.comparison)
    held = np.concatenate((unit[negatives], np.empty((BLOCK, unit.shape[1]))))
    for first in range(0, len(order), BLOCK):
        queries = order[first : first + BLOCK]
        begin, end = np.searchsorted(groups, groups[first]), np.searchsorted(groups, groups[first + len(queries) - 1], "right")
        alike = order[begin:end]
        alike = alike[~question.comparison[alike]]
        compared = np.concatenate((negatives, alike))
        if len(compared) > len(held):
            held = np.concatenate((held[: len(negatives)], np.empty((2 * len(alike), unit.shape[1]))))
        held[len(negatives) : len(compared)] = unit[alike]
        sorting = np.argsort(compared)
        place = sorting[np.searchsorted(compared, queries, sorter=sorting)]
        yield queries, compared, place, unit[queries] @ held[: len(compared)].T


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
    rows = np.flatnonzero((group >= 0) & found["average_precision"].notna().to_numpy())
    rows = rows[np.argsort(group[rows], kind="stable")]
    precision = found["average_precision"].to_numpy(dtype=np.float64)[rows]
    pairs = list(zip(found["n_positive"].to_numpy()[rows].tolist(), found["n_total"].to_numpy()[rows].tolist(), strict=True))
    chance = _Chance({pair: random_rankings(*pair, draws, seed) for pair in set(pairs)})
    names, start = np.unique(group[rows], return_index=True)
    table = []
    ends = np.append(start[1:], len(rows))[: len(names)]
    for name, begin, end in zip(names, start, ends, strict=True):
        score = float(precision[begin:end].mean())
        table.append((name, score, end - begin, (1 + chance.at_least(score - SLACK, tuple(pairs[begin:end]))) / (1 + draws)))
    result = pd.DataFrame(table, columns=["group", "mean_average_precision", "n_profiles", "p_value"]).set_index("group")
    return result.assign(q_value=benjamini_hochberg(result["p_value"].to_numpy(dtype=np.float64)))


class _Chance:
    """Random rankings of groups; most groups have the same numbers as another, and are looked up.

    Parameters
    ----------
    null : (draws,) average precisions of each pair (positives, all compared).
    """

    def __init__(self, null: dict[tuple[int, int], Floats]) -> None:
        self.null = null
        self.ordered: dict[tuple[tuple[int, int], ...], Floats] = {}

    def at_least(self, score: float, pairs: tuple[tuple[int, int], ...]) -> int:
        """Return how many random rankings of a group whose profiles have these pairs reach the score."""
        if pairs not in self.ordered:
            if len(self.ordered) == REMEMBERED:
                self.ordered.clear()
            self.ordered[pairs] = np.sort(np.mean([self.null[pair] for pair in pairs], axis=0))
        ordered = self.ordered[pairs]
        return len(ordered) - int(np.searchsorted(ordered, score))


def random_rankings(n_positive: int, n_total: int, draws: int, seed: int) -> Floats:
    """Return (draws,) average precisions of ``n_positive`` places drawn at random among ``n_total``."""
    uniform = stream(seed, "average precision", str(n_positive), str(n_total)).random((draws, n_positive))
    return random_precisions(uniform, n_total)
