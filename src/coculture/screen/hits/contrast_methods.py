"""Every contrast of two conditions, by the name settings use."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from coculture.errors import InputError
from coculture.screen.group_statistics import Floats
from coculture.screen.hits.paired_condition import paired_condition
from coculture.screen.settings import AnalysisSettings
from coculture.screen.well_table import Readings, WellTable

ContrastMethod = Callable[[WellTable, Readings, Floats, Floats, Floats, AnalysisSettings], pd.DataFrame]

CONTRAST_METHODS: dict[str, ContrastMethod] = {"paired-t": paired_condition}


def contrast_method(name: str) -> ContrastMethod:
    """Return the contrast called ``name``; InputError names those there are."""
    if name not in CONTRAST_METHODS:
        raise InputError(
            f"contrast method '{name}' is not known",
            where="analysis.contrast.method",
            remedy="use one of: " + ", ".join(CONTRAST_METHODS),
        )
    return CONTRAST_METHODS[name]
