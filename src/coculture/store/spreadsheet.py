"""Tables that leave as CSV and will be opened in a spreadsheet."""

from __future__ import annotations

import pandas as pd

from coculture.spreadsheet_cells import as_cell


def safe_for_spreadsheets(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every text, headers too, as a cell that no spreadsheet computes; numbers stay.

    See :mod:`coculture.spreadsheet_cells` for the rule and its way back.
    """
    columns = {
        number: frame.iloc[:, number] if pd.api.types.is_numeric_dtype(kind) else frame.iloc[:, number].astype(object).map(_plain)
        for number, kind in enumerate(frame.dtypes)
    }
    safe = pd.DataFrame(columns, index=frame.index)
    return safe.set_axis([_plain(name) for name in frame.columns], axis="columns")


def _plain(value: object) -> object:
    return as_cell(value) if isinstance(value, str) else value
