"""Range analysis of an orthogonal array (极差分析): the mean at each level, and which ingredient moves the response most."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from coculture.screen.deconvolve.designed.wells import DesignedWells
from coculture.screen.group_statistics import Floats


def level_range(wells: DesignedWells) -> pd.DataFrame:
    """Return one row an ingredient: mean at each level, range, best level, and its share of an analysis of variance.

    Columns ``mean_at_<l>``, ``range`` (largest less smallest mean), ``rank`` (1 moves most), ``best_level``, ``sum_of_squares``,
    ``f`` and ``p_value`` (NaN where the array is full and no run is repeated: nothing tells the noise). The means are
    free of the other ingredients only if the array is orthogonal.
    """
    design, y = wells.design, wells.response
    levels = design.levels[wells.run]
    rows = []
    for column, name in enumerate(design.ingredients):
        own = levels[:, column]
        means = np.array([y[own == one].mean() if (own == one).any() else np.nan for one in range(design.level_count)])
        size = np.array([(own == one).sum() for one in range(design.level_count)])
        rows.append(
            (name, *means, np.nanmax(means) - np.nanmin(means), int(np.nanargmax(means)), _between(means, size, y.mean()))
        )
    labels = [f"mean_at_{one}" for one in range(design.level_count)]
    table = pd.DataFrame(rows, columns=["ingredient", *labels, "range", "best_level", "sum_of_squares"])
    table["rank"] = table["range"].rank(ascending=False)
    left = float(((y - y.mean()) ** 2).sum() - table["sum_of_squares"].sum())
    own_df = design.level_count - 1
    df = y.size - 1 - own_df * len(table)
    if df > 0 and left > 0:
        table["f"] = table["sum_of_squares"] / own_df / (left / df)
        table["p_value"] = stats.f.sf(table["f"], own_df, df)
    else:
        table["f"] = table["p_value"] = np.nan
    return table


def _between(means: Floats, size: Floats, overall: float) -> float:
    there = size > 0
    return float((size[there] * (means[there] - overall) ** 2).sum())
