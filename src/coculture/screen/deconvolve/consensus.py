"""Consensus of several rankings, with the uncertainty that the choice of fractions leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture import __version__
from coculture.errors import InputError
from coculture.randomness import stream
from coculture.screen.deconvolve.fractions import FEWEST_FRACTIONS, Fractions
from coculture.screen.deconvolve.influence import Influence, influence
from coculture.screen.deconvolve.ranking import ranks
from coculture.screen.deconvolve.scorers import SCORERS, scorer
from coculture.screen.group_statistics import Floats

METHOD = "mean rank of methods, bootstrap over fractions"


@dataclass(frozen=True)
class Consensus:
    """Features ranked by several methods together.

    Attributes
    ----------
    assay : of which.
    table : one row a feature: ``feature``, ``rank``, ``rank_low``, ``rank_high`` (percentiles over bootstrap samples),
        ``jackknife_low``, ``jackknife_high`` (best and worst rank with one fraction left out), ``top_share`` (share of bootstrap
        samples in which it is among the first ``settings["top"]``) and ``rank_<method>`` for each method.
    influence : what single fractions do to it; ``influence.verdict`` is to be read before the table.
    settings, method, version : how.
    """

    assay: str
    table: pd.DataFrame
    influence: Influence
    settings: dict[str, str | int | float]
    method: str = METHOD
    version: str = __version__

    def best(self, number: int = 10) -> pd.DataFrame:
        """Return the best features, best first."""
        return self.table.sort_values("rank", kind="stable").head(number)


def consensus(
    fractions: Fractions,
    assay: str,
    methods: tuple[str, ...] = tuple(SCORERS),
    samples: int = 200,
    confidence: float = 0.95,
    top: int = 10,
    seed: int = 0,
) -> Consensus:
    """Rank features by the mean of their ranks under several methods.

    Parameters
    ----------
    methods : names of :data:`~coculture.screen.deconvolve.scorers.SCORERS`.
    samples : bootstrap samples of the fractions; one with fewer than four different fractions, or equal activities, is drawn
        anew.
    confidence : of the percentile interval of ranks.
    top : how many first places ``top_share`` counts.

    Raises
    ------
    InputError : if a method is unknown or listed twice, or a number is out of range.
    """
    if samples < 20 or not 0 < confidence < 1 or top < 1 or not methods or len(set(methods)) < len(methods):
        what = f"samples is {samples}, confidence {confidence:g}, top {top}, methods {', '.join(methods) or 'none'}"
        raise InputError(what, "consensus", "give 20 samples or more, confidence in (0, 1), top 1 or more, each method once")
    for name in methods:
        scorer(name)
    contents, activity = fractions.contents, fractions.activity(assay)
    by_method = np.array([ranks(SCORERS[name](contents, activity)) for name in methods])
    random = stream(seed, "deconvolve", "consensus", assay)
    drawn = np.array([_ranked(contents, activity, _sample(activity, random), methods) for _ in range(samples)])
    everyone = np.arange(activity.size)
    left = np.array([_ranked(contents, activity, np.delete(everyone, out), methods) for out in everyone])
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    table = pd.DataFrame(
        {
            "feature": fractions.features,
            "rank": ranks(-by_method.mean(axis=0)),
            "rank_low": low,
            "rank_high": high,
            "jackknife_low": left.min(axis=0),
            "jackknife_high": left.max(axis=0),
            "top_share": (drawn <= top).mean(axis=0),
        }
    )
    for name, values in zip(methods, by_method, strict=True):
        table[f"rank_{name}"] = values
    settings: dict[str, str | int | float] = {"methods": ", ".join(methods), "samples": samples, "seed": seed}
    settings |= {"confidence": confidence, "top": top}
    return Consensus(assay, table, influence(fractions, assay), settings)


def _sample(activity: Floats, random: np.random.Generator) -> np.ndarray:
    needed = min(FEWEST_FRACTIONS, np.unique(activity).size)
    while True:
        rows = random.integers(0, activity.size, activity.size)
        if np.unique(rows).size >= FEWEST_FRACTIONS and np.unique(activity[rows]).size >= min(2, needed):
            return rows


def _ranked(contents: Floats, activity: Floats, rows: np.ndarray, methods: tuple[str, ...]) -> Floats:
    if np.ptp(activity[rows]) == 0:
        return np.full(contents.shape[1], (contents.shape[1] + 1) / 2)
    return ranks(-np.mean([ranks(SCORERS[name](contents[rows], activity[rows])) for name in methods], axis=0))
