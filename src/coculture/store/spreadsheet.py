"""Tables that leave as CSV and will be opened in a spreadsheet."""

from __future__ import annotations

import pandas as pd

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be computed by a spreadsheet (OWASP, CSV injection)."""


def safe_for_spreadsheets(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before every text that a spreadsheet would take for a formula; numbers stay."""
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.assign(**{str(name): frame[name].map(_plain) for name in texts})


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS_A_FORMULA) else value
