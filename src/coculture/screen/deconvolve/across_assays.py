"""Several assays at once: which features carry activity in many of them, and which in one alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from coculture import __version__
from coculture.errors import DataError
from coculture.screen.deconvolve.consensus import Consensus, consensus
from coculture.screen.deconvolve.fractions import Fractions
from coculture.screen.deconvolve.ranking import ranks
from coculture.screen.deconvolve.scorers import SCORERS

METHOD = "mean rank of the assays' consensus"


@dataclass(frozen=True)
class AcrossAssays:
    """Features ranked in all assays.

    Attributes
    ----------
    table : one row a feature: ``feature``, ``rank`` (of its mean rank), ``mean_rank``, ``best_rank``, ``worst_rank``,
        ``best_assay``, then
        ``rank_<assay>`` of each.
    by_assay : the consensus of each assay, with its intervals and its verdict.
    left_out : assays in which all fractions are equally active.
    method, version : how.
    """

    table: pd.DataFrame
    by_assay: Mapping[str, Consensus]
    left_out: tuple[str, ...]
    method: str = METHOD
    version: str = __version__

    @property
    def verdicts(self) -> dict[str, str]:
        """What one fraction does in each assay."""
        return {assay: one.influence.verdict for assay, one in self.by_assay.items()}


def across_assays(
    fractions: Fractions,
    methods: tuple[str, ...] = tuple(SCORERS),
    samples: int = 200,
    confidence: float = 0.95,
    top: int = 10,
    seed: int = 0,
) -> AcrossAssays:
    """Rank features in every assay and over all of them.

    Parameters
    ----------
    methods, samples, confidence, top, seed : as :func:`~coculture.screen.deconvolve.consensus.consensus` takes them.

    Raises
    ------
    DataError : if no assay tells the fractions apart.
    """
    varies = np.ptp(fractions.activities, axis=0) > 0
    if not varies.any():
        raise DataError("no assay tells the fractions apart", "fractions", "test them in an assay in which they differ")
    kept = [assay for assay, yes in zip(fractions.assays, varies, strict=True) if yes]
    found = {assay: consensus(fractions, assay, methods, samples, confidence, top, seed) for assay in kept}
    each = np.column_stack([one.table["rank"].to_numpy() for one in found.values()])
    table = pd.DataFrame({"feature": fractions.features, "rank": ranks(-each.mean(axis=1)), "mean_rank": each.mean(axis=1)})
    table["best_rank"], table["worst_rank"] = each.min(axis=1), each.max(axis=1)
    table["best_assay"] = np.array(kept, dtype=object)[each.argmin(axis=1)]
    for assay, column in zip(kept, each.T, strict=True):
        table[f"rank_{assay}"] = column
    left_out = tuple(assay for assay in fractions.assays if assay not in found)
    return AcrossAssays(table, MappingProxyType(found), left_out)
