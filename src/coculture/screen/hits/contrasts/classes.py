"""Classes of contrasts: does a compound act on the interaction, on the cells alone, on both, or on neither?

For screens of single conditions measured well by well (mono- against co-culture, with and without a stimulus) the response in the
*reference* condition tells what the compound does to the cells by themselves, and the contrast what the other condition changes:

==========================  ====================================================================
``interaction-specific``    the contrast is a hit, and alone the cells live
``cytotoxic``               alone they die or divide less, and the contrast is no hit
``both``                    both
``inactive``                neither
``not judged``              the contrast or the viability in the reference condition is missing
==========================  ====================================================================
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from coculture.screen.hits.cell_count import cell_count_percent
from coculture.screen.hits.contrasts.base import FEWEST_UNITS, ContrastWells
from coculture.screen.hits.interaction_class import classes_of, with_viability
from coculture.screen.hits.viability import Viability
from coculture.screen.settings import AnalysisSettings
from coculture.screen.well_table import WellTable


def reference_viability(table: WellTable, wells: ContrastWells, settings: AnalysisSettings) -> Viability:
    """Return each row's viability in the reference condition at the compound's highest dose, per cent of controls minus 100.

    Mean and t-interval over units, each the mean of its wells; NaN with fewer than three units, or where no read-out is about
    viability and cells were not counted.
    """
    marked = settings.viability
    column = marked.column if marked is not None else settings.cell_count_column
    percent = cell_count_percent(table, column)
    chosen = wells.treated[wells.treated["arm"] == 0]
    chosen = chosen[chosen["dose"] == chosen.groupby("compound")["dose"].transform("max")]
    alone = chosen.assign(percent=percent[chosen.index] - 100.0).dropna(subset="percent")
    by_unit = alone.groupby(["compound", "unit"])["percent"].mean().groupby("compound").agg(["mean", "std", "count"])
    half = stats.t.isf((1 - settings.confidence) / 2, by_unit["count"] - 1) * by_unit["std"] / np.sqrt(by_unit["count"])
    by_unit = by_unit.assign(low=by_unit["mean"] - half, high=by_unit["mean"] + half)
    by_unit = by_unit[by_unit["count"] >= FEWEST_UNITS].reindex([compound for compound, _ in wells.rows])
    return Viability(by_unit["mean"].to_numpy(), by_unit["low"].to_numpy(), by_unit["high"].to_numpy(), column)


def with_classes(frame: pd.DataFrame, viability: Viability, settings: AnalysisSettings) -> pd.DataFrame:
    """Return the contrasts with viability and class."""
    kinds = classes_of(frame["hit"].to_numpy(bool), viability, frame["p_value"].to_numpy(dtype=np.float64), settings)
    return with_viability(frame, viability).assign(interaction_class=kinds)
