"""The order in which hits are read."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.screen.group_statistics import Floats


def guaranteed_effect(low: Floats, high: Floats) -> Floats:
    """Return the distance from 0 of the nearer limit of the interval, 0 where the interval holds 0 or is missing."""
    nearest = np.maximum(low, -high)
    return np.where(np.isfinite(nearest), np.maximum(nearest, 0.0), 0.0)


def ranked(hits: pd.DataFrame, primary: str) -> pd.DataFrame:
    """Return the table in order, with ``rank`` from 1.

    The question of the screen comes first: the contrast of conditions where one was asked for, then the primary
    read-out. Within these, hits before others; then the effect that the interval still guarantees, the larger first,
    which puts neither a tiny well-measured effect nor a large uncertain one on top; then the p-value; then the name.
    """
    order = pd.DataFrame(
        {
            "contrast": ~(hits["dose"].isna() & hits["condition"].str.contains(" − ", regex=False)),
            "primary": hits["readout"] != primary,
            "readout": hits["readout"],
            "hit": ~hits["hit"].astype(bool),
            "guaranteed": -guaranteed_effect(hits["effect_low"].to_numpy(float), hits["effect_high"].to_numpy(float)),
            "p_value": hits["p_value"].fillna(2.0),
            "compound": hits["compound"],
            "dose": hits["dose"].fillna(-1.0),
            "condition": hits["condition"],
        }
    )
    sorted_index = order.sort_values(list(order.columns), kind="stable").index
    result = hits.loc[sorted_index].reset_index(drop=True)
    result["rank"] = np.arange(1, len(result) + 1)
    return result
