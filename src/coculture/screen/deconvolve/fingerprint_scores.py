"""Activity and cluster score of a feature over several assays at once, as NP Analyst defines them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture import __version__
from coculture.errors import DataError, InputError
from coculture.screen.deconvolve.fractions import unit_columns
from coculture.screen.group_statistics import Floats

METHOD = "fingerprint scores (NP Analyst)"
ROUNDING = 1e-9


@dataclass(frozen=True)
class FingerprintScores:
    """Scores of features.

    Attributes
    ----------
    table : one row a feature: ``feature``, ``fractions`` (in how many it is), ``activity_score``, ``cluster_score``,
        ``activity_low``, ``activity_high`` and ``driver_share`` (see :func:`fingerprint_scores`).
    method, version : by what.
    """

    table: pd.DataFrame
    method: str = METHOD
    version: str = __version__

    def chosen(self, activity: float = 2.0, cluster: float = 0.3) -> pd.DataFrame:
        """Return the features with both scores at least at the thresholds; equal is equal up to rounding (1e-9)."""
        enough = (self.table["activity_score"] >= activity - ROUNDING) & (self.table["cluster_score"] >= cluster - ROUNDING)
        return self.table[enough]


def fingerprint_scores(features: Sequence[str], present: Sequence[NDArray[np.int64]], activities: Floats) -> FingerprintScores:
    """Score features by the assay fingerprints of the fractions they are in.

    Parameters
    ----------
    features : names.
    present : for each feature the rows of ``activities`` (fractions) in which it was found, each once.
    activities : (fractions, assays) activity, usually 0 to 1.

    Returns
    -------
    FingerprintScores : activity score, the sum over assays of the squared mean activity of the feature's fractions; cluster
        score, the mean Pearson correlation of the fingerprints over all pairs of these fractions, where a pair with a
        constant fingerprint has no correlation and counts as 0, and a feature of one fraction has 0
        (Lee et al. 2022, ACS Cent Sci 8:223). Beside them the jackknife's extremes of the activity score (each fraction
        left out once; of one fraction: itself) and ``driver_share``, what its strongest fraction has of the summed activity.

    Raises
    ------
    InputError : if the lists differ in length, or a row is unknown or named twice.
    DataError : if a feature is in no fraction.
    """
    table = np.asarray(activities, dtype=np.float64)
    if len(features) != len(present):
        raise InputError(f"{len(features)} features, {len(present)} lists of fractions", "fingerprint scores", "give one each")
    if not np.isfinite(table).all():
        raise InputError("an activity is missing", "fingerprint scores", "leave the fraction or the assay out")
    unit = unit_columns(table.T).T
    lists = [np.asarray(chosen, dtype=np.int64) for chosen in present]
    rows = [_scores(name, chosen, table, unit) for name, chosen in zip(features, lists, strict=True)]
    columns = ["feature", "fractions", "activity_score", "cluster_score", "activity_low", "activity_high", "driver_share"]
    return FingerprintScores(pd.DataFrame(rows, columns=columns))


def _scores(
    name: str, rows: NDArray[np.int64], table: Floats, unit: Floats
) -> tuple[str, int, float, float, float, float, float]:
    count = rows.size
    if count == 0:
        raise DataError(f"'{name}' is in no fraction", "fingerprint scores", "leave the feature out")
    if rows.min() < 0 or rows.max() >= len(table) or np.unique(rows).size < count:
        raise InputError(f"'{name}' names an unknown fraction or one twice", "fingerprint scores", "name each row once")
    total = table[rows].sum(axis=0)
    activity = float(((total / count) ** 2).sum())
    own = np.abs(table[rows]).sum(axis=1)
    share = float(own.max() / own.sum()) if own.sum() > 0 else 0.0
    if count == 1:
        return name, 1, activity, 0.0, activity, activity, share
    resultant = unit[rows].sum(axis=0)
    pairs = float(resultant @ resultant - (unit[rows] ** 2).sum()) / 2
    left = (((total - table[rows]) / (count - 1)) ** 2).sum(axis=1)
    return name, count, activity, pairs / (count * (count - 1) / 2), float(left.min()), float(left.max()), share
