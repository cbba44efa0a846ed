"""The tables both sources fill, and what makes them valid.

The cell table has one row a cell and time point, the contact table one row a pair of touching cells and time point,
the field table one row a field of view and channel. Columns are declared in :mod:`coculture.plate.columns`; the cell
table may have feature columns beside them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.plate.columns import CELL_COLUMNS, CONTACT_COLUMNS, FIELD_COLUMNS, WELL_COLUMNS, Column, names
from coculture.plate.table_checks import FrameProblems, check_columns, check_unique


def empty_cell_table() -> pd.DataFrame:
    """Return a cell table without rows, each column of its dtype."""
    return _empty(CELL_COLUMNS)


def empty_contact_table() -> pd.DataFrame:
    """Return a contact table without rows, each column of its dtype."""
    return _empty(CONTACT_COLUMNS)


def empty_field_table() -> pd.DataFrame:
    """Return a field table without rows, each column of its dtype."""
    return _empty(FIELD_COLUMNS)


def _empty(columns: tuple[Column, ...]) -> pd.DataFrame:
    return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in columns})


def _keys(columns: tuple[Column, ...]) -> list[str]:
    return [column.name for column in columns if column.kind == "key"]


def validate_cell_table(frame: pd.DataFrame, where: str = "cell table") -> None:
    """Check a cell table.

    Every declared column is there, of its kind, without missing values and within its bounds; no two rows are one cell
    at one time; anything else is a feature (``<object>_<family>_<what>[_<channel>]``), finite or NaN where it is not
    defined.

    Parameters
    ----------
    frame : the table, any number of wells.
    where : what a message calls it: a file, or ``cell table of well B03``.

    Raises
    ------
    InputError : with all problems at once, each naming plate, well, row (counted from 0) and column.
    """
    problems = FrameProblems(frame, where, _keys(CELL_COLUMNS))
    check_columns(frame, CELL_COLUMNS, problems, features=True)
    check_unique(frame, _keys(CELL_COLUMNS), problems)
    problems.raise_if_any()


def validate_contact_table(frame: pd.DataFrame, where: str = "contact table", cells: pd.DataFrame | None = None) -> None:
    """Check a contact table.

    Beside columns and keys: ``cell_a`` is the smaller of the two labels, and, where ``cells`` is given, both cells exist
    in the same plate, well, site and time point.

    Parameters
    ----------
    frame : the table.
    where : what a message calls it.
    cells : the cell table of the same wells, valid.

    Raises
    ------
    InputError : with all problems at once, each naming plate, well, row (counted from 0) and column.
    """
    problems = FrameProblems(frame, where, _keys(CONTACT_COLUMNS))
    check_columns(frame, CONTACT_COLUMNS, problems, features=False)
    check_unique(frame, _keys(CONTACT_COLUMNS), problems)
    problems.raise_if_any()
    unordered = frame["cell_a"].to_numpy() >= frame["cell_b"].to_numpy()
    problems.add_rows(unordered, "cell_a is not smaller than cell_b", "name the cell with the smaller label first")
    if cells is not None:
        _check_cells_exist(frame, cells, problems)
    problems.raise_if_any()


def _check_cells_exist(contacts: pd.DataFrame, cells: pd.DataFrame, problems: FrameProblems) -> None:
    place = _keys(CELL_COLUMNS)[:-1]
    known = pd.MultiIndex.from_frame(cells[[*place, "cell_id"]].astype({"plate": object, "well": object}))
    for name in ("cell_a", "cell_b"):
        asked = pd.MultiIndex.from_frame(contacts[[*place, name]].astype({"plate": object, "well": object}))
        absent = np.asarray(~asked.isin(known), dtype=bool)
        problems.add_rows(
            absent, "a contact of a cell that is not in the cell table", "take the contact out, or add the cell", name
        )


def validate_field_table(frame: pd.DataFrame, where: str = "field table") -> None:
    """Check a table of image quality.

    Raises
    ------
    InputError : with all problems at once, each naming plate, well, row (counted from 0) and column.
    """
    problems = FrameProblems(frame, where, _keys(FIELD_COLUMNS))
    check_columns(frame, FIELD_COLUMNS, problems, features=False)
    check_unique(frame, _keys(FIELD_COLUMNS), problems)
    problems.raise_if_any()


def validate_well_table(frame: pd.DataFrame, where: str = "well table") -> None:
    """Check the declared columns of a well table; read-outs and features beside them may have any name.

    Raises
    ------
    InputError : with all problems at once, each naming plate, well, row (counted from 0) and column.
    """
    problems = FrameProblems(frame, where, _keys(WELL_COLUMNS))
    declared = [name for name in frame.columns if name in names(WELL_COLUMNS)]
    check_columns(frame[declared], WELL_COLUMNS, problems, features=False)
    check_unique(frame, _keys(WELL_COLUMNS), problems)
    problems.raise_if_any()
