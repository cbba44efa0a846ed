"""The fields of many wells as one table, without a table a well: a small one costs a hundred times its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

MANY = 50_000
"""Rows that are held as plain values before they become a table."""


class FieldsOfWells:
    """Gathers the fields of one well after another; wells of different columns may follow one another."""

    def __init__(self) -> None:
        self._tables: list[pd.DataFrame] = []
        self._columns: dict[str, list[Any]] = {}
        self._n_rows = 0

    def add(self, fields: Mapping[str, Sequence[Any]]) -> None:
        """Add the rows of one well, given by columns of equal length; none are none."""
        n_rows = len(next(iter(fields.values()), ()))
        if not n_rows:
            return
        if self._n_rows >= MANY or list(fields) != list(self._columns):
            self._close()
            self._columns = {name: [] for name in fields}
        for name, values in fields.items():
            self._columns[name] += values
        self._n_rows += n_rows

    def joined(self) -> pd.DataFrame:
        """Return all rows in the order in which they came; a column that a well lacks is missing there."""
        self._close()
        return pd.concat(self._tables, ignore_index=True) if self._tables else pd.DataFrame()

    def _close(self) -> None:
        if self._n_rows:
            self._tables.append(pd.DataFrame(self._columns))
        self._columns, self._n_rows = {}, 0
