"""Check a table against its declared columns, and name plate, well, row and column of whatever is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from coculture.errors import InputError, Problem
from coculture.plate.columns import Column, is_feature, names

MOST_SHOWN = 20

_HOLDS = {"text": "text", "integer": "whole numbers", "real": "numbers", "flag": "true or false"}


class FrameProblems:
    """The problems of one table in memory."""

    def __init__(self, frame: pd.DataFrame, where: str, keys: Sequence[str]) -> None:
        self._frame = frame
        self._where = where
        self._keys = [key for key in keys if key in frame.columns]
        self._problems: list[Problem] = []

    def add(self, what: str, remedy: str, column: str = "") -> None:
        """Note a fault of the whole table or of one column."""
        where = f"{self._where}, column '{column}'" if column else self._where
        self._problems.append(Problem(what, where, remedy))

    def add_rows(self, bad: NDArray[np.bool_], what: str, remedy: str, column: str = "") -> None:
        """Note a fault of the rows where ``bad`` is true, naming the first; nothing if there are none."""
        rows = np.flatnonzero(bad)
        if not len(rows):
            return
        more = f" (and {len(rows) - 1} more rows)" if len(rows) > 1 else ""
        value = f", found {_quoted(self._frame[column].iloc[rows[0]])}" if column else ""
        where = f"{self._where}, {self._name_row(int(rows[0]))}" + (f", column '{column}'" if column else "")
        self._problems.append(Problem(f"{what}{value}{more}", where, remedy))

    def _name_row(self, row: int) -> str:
        keys = ", ".join(f"{key} {self._frame[key].iloc[row]}" for key in self._keys)
        return f"row {row} ({keys})" if keys else f"row {row}"

    def raise_if_any(self) -> None:
        """Raise one error that holds them all, the rest counted beyond ``MOST_SHOWN``.

        Raises
        ------
        InputError : if there is a problem.
        """
        if len(self._problems) > MOST_SHOWN:
            rest = len(self._problems) - MOST_SHOWN
            self._problems = [*self._problems[:MOST_SHOWN], Problem(f"and {rest} more problems", self._where, "mend these first")]
        if self._problems:
            raise InputError(self._problems)


def _quoted(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def check_columns(frame: pd.DataFrame, columns: tuple[Column, ...], problems: FrameProblems, *, features: bool) -> None:
    """Check that the columns are there, hold what they are declared to hold, and nothing undeclared stands beside them.

    Parameters
    ----------
    frame : the table.
    columns : what is declared.
    problems : where faults are noted.
    features : whether columns that follow the feature grammar may stand beside the declared ones.
    """
    for column in columns:
        if column.name in frame.columns:
            check_values(frame[column.name], column, problems)
        elif column.required:
            problems.add(f"the column '{column.name}' is missing", f"it holds: {column.meaning}")
    repeated = frame.columns[frame.columns.duplicated()].unique()
    for name in repeated:
        problems.add(f"the column '{name}' stands twice", "drop one of them")
    declared = set(names(columns))
    for name in frame.columns:
        if name not in declared and not (features and is_feature(str(name))):
            problems.add(f"unknown column '{name}'", _unknown_remedy(features))
        elif name not in declared and name not in repeated:
            _check_feature(frame[name], problems)


def _unknown_remedy(features: bool) -> str:
    return "take it out" + ("; a feature is named <object>_<family>_<what>[_<channel>]" if features else "")


def check_values(values: pd.Series, column: Column, problems: FrameProblems) -> None:
    """Check dtype, missing values and bounds of one declared column."""
    if isinstance(values, pd.DataFrame):  # a repeated header, told elsewhere
        return
    if not _holds(values, column):
        problems.add(f"holds {values.dtype}, not {_HOLDS[column.holds]}", f"turn it into {column.dtype}", column.name)
        return
    missing = values.isna().to_numpy()
    problems.add_rows(missing, "the value is missing", f"every row needs it: {column.meaning}", column.name)
    if column.kind == "key" and column.holds == "text":
        problems.add_rows((values == "").to_numpy(dtype=bool) & ~missing, "the name is empty", "name it", column.name)
    if column.holds in ("integer", "real"):
        numbers = values.to_numpy(dtype=np.float64)
        problems.add_rows(np.isinf(numbers), "the value is infinite", "give a finite number", column.name)
        outside = ((numbers < column.least) | (numbers > column.most)) & np.isfinite(numbers)
        problems.add_rows(outside, "the value is out of bounds", f"it must be {_bounds(column)}", column.name)


def _bounds(column: Column) -> str:
    if np.isinf(column.most):
        return f"{column.least:g} or more"
    return f"from {column.least:g} to {column.most:g}"


def _holds(values: pd.Series, column: Column) -> bool:
    dtype = values.dtype
    if column.holds == "text":
        if isinstance(dtype, pd.CategoricalDtype):
            return types.is_string_dtype(dtype.categories.dtype) or len(dtype.categories) == 0
        return types.is_string_dtype(values)
    if column.holds == "flag":
        return types.is_bool_dtype(dtype) and not isinstance(dtype, pd.CategoricalDtype)
    if types.is_bool_dtype(dtype):
        return False
    return types.is_integer_dtype(dtype) or (column.holds == "real" and types.is_float_dtype(dtype))


def _check_feature(values: pd.Series, problems: FrameProblems) -> None:
    """A feature holds finite numbers, or NaN where it is not defined for a cell."""
    name = str(values.name)
    if not types.is_numeric_dtype(values.dtype):
        problems.add(f"holds {values.dtype}, not numbers", "a feature is a number", name)
        return
    infinite = np.isinf(values.to_numpy(dtype=np.float64, na_value=np.nan))
    problems.add_rows(infinite, "the feature is infinite", "a feature is finite, or NaN where it is not defined", name)


def check_unique(frame: pd.DataFrame, keys: Iterable[str], problems: FrameProblems) -> None:
    """Check that no two rows share all their keys."""
    present = list(keys)
    if set(present) <= set(frame.columns):
        problems.add_rows(
            frame.duplicated(present).to_numpy(),
            f"a second row with the same {', '.join(present)}",
            "keep one of the two, or give each its own number",
        )
