"""The rows in which every analysis of designed mixtures gives its effects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

COLUMNS = ("kind", "first", "second", "effect", "low", "high", "p_value", "q_value", "called", "reading")


def effect_rows(
    kind: str,
    first: Sequence[str] | pd.Series,
    second: Sequence[str] | pd.Series | str = "",
    *,
    effect: ArrayLike,
    low: ArrayLike = np.nan,
    high: ArrayLike = np.nan,
    p_value: ArrayLike,
    q_value: ArrayLike = np.nan,
    reading: Sequence[str] | pd.Series | str = "",
    fdr: float,
) -> pd.DataFrame:
    """Return one row an effect: kind, one or two ingredients, effect with interval, p, q, whether q passes, and a reading."""
    frame = pd.DataFrame({"first": list(first)})
    numbers = {"effect": effect, "low": low, "high": high, "p_value": p_value, "q_value": q_value}
    for name, values in numbers.items():
        frame[name] = np.broadcast_to(np.asarray(values, dtype=np.float64), len(frame))
    frame["second"] = second if isinstance(second, str) else list(second)
    frame["reading"] = reading if isinstance(reading, str) else list(reading)
    frame["kind"] = kind
    frame["called"] = (frame["q_value"] <= fdr).to_numpy()
    return frame[list(COLUMNS)]
