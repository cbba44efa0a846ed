"""How many cells a treatment leaves alive: the other axis of the classes of hits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.base import compare, interval
from coculture.screen.hits.cell_count import cell_count_percent
from coculture.screen.hits.methods import hit_method
from coculture.screen.hits.single_well import with_single_wells
from coculture.screen.hits.treatments import Treatments
from coculture.screen.settings import AnalysisSettings
from coculture.screen.well_table import WellTable


@dataclass(frozen=True)
class Viability:
    """Viability of each treatment as percent of its negative controls', minus 100, with its interval; NaN where not known.

    Attributes
    ----------
    effect, low, high : (treatments,).
    column : where it was read.
    """

    effect: Floats
    low: Floats
    high: Floats
    column: str

    def lowered(self, least_percent: float) -> NDArray[np.bool_]:
        """Tell which treatments leave less than ``least_percent`` and surely (by the interval) less than the controls have."""
        with np.errstate(invalid="ignore"):
            return np.asarray((self.effect < least_percent - 100.0) & (self.high < 0))

    def doubtful(self, least_percent: float) -> NDArray[np.bool_]:
        """Tell which treatments may leave less than ``least_percent``, by the interval, and are not called lowered."""
        with np.errstate(invalid="ignore"):
            return np.asarray((self.low < least_percent - 100.0) & ~self.lowered(least_percent))


def viability_of(table: WellTable, treatments: Treatments, settings: AnalysisSettings) -> Viability:
    """Return the viability of every treatment: by the read-out about viability, else by the count of cells."""
    marked = settings.viability
    column = marked.column if marked is not None else settings.cell_count_column
    percent = cell_count_percent(table, column)
    negative = table.counting((table.frame["role"] == "negative").to_numpy() & np.isfinite(percent))
    comparison = compare(percent, treatments.code, len(treatments.frame), table.stratum, negative)
    estimate = with_single_wells(comparison, hit_method(settings.hit_method).apply(comparison))
    low, high = interval(comparison.effect, estimate, settings.confidence)
    return Viability(comparison.effect, low, high, column)
