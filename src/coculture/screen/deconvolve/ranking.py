"""What every ranking of features gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import stats

from coculture import __version__
from coculture.screen.group_statistics import Floats

Setting = str | int | float | bool


@dataclass(frozen=True)
class Ranking:
    """Features ranked by one method in one assay.

    Attributes
    ----------
    assay, method : of what and by what.
    table : one row a feature, in the order of the fractions' features: ``feature``, ``score`` (larger carries more),
        ``rank`` (1 is best, ties share their mean) and what the method adds.
    settings : everything that was chosen.
    notes : what has to be known to read it.
    version : version of coculture.
    """

    assay: str
    method: str
    table: pd.DataFrame
    settings: Mapping[str, Setting] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    version: str = __version__

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    def best(self, number: int = 10) -> pd.DataFrame:
        """Return the best features, best first."""
        return self.table.sort_values("rank", kind="stable").head(number)


def ranks(score: Floats) -> Floats:
    """Return ranks, 1 for the largest score; ties share their mean rank."""
    return np.asarray(stats.rankdata(-np.asarray(score), method="average"), dtype=np.float64)
