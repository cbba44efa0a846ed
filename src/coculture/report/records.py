"""Rows of a table one after another, and the questions several sections ask of them."""

from __future__ import annotations

import pandas as pd

from coculture.report.words.numbers import text_of

CONTRAST = "−"
"""The sign between the two arms in the condition of a contrast: ``co − mono``."""


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows as maps from column to value."""
    return [{str(key): value for key, value in record.items()} for record in frame.to_dict("records")]


def flags(column: pd.Series) -> pd.Series:
    """Return a column of flags as true and false; a missing flag is false."""
    return column.fillna(False).astype(bool)


def is_contrast(hits: pd.DataFrame) -> pd.Series:
    """Tell for each row of the hits whether it compares two conditions rather than a treatment with its controls."""
    return hits["condition"].map(text_of).str.contains(f" {CONTRAST} ", regex=False).astype(bool)
