"""The cells and contacts of one well, read when a page asks and kept for the next question about it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from coculture.plate.cell_table import empty_cell_table, empty_contact_table
from coculture.store.tables import read_table, table_path

KEPT_WELLS = 24
"""Wells of which the tables are kept in memory."""


def cells_of_well(folder: Path, plate: str, well: str) -> pd.DataFrame:
    """Return the well's cell table, empty where it has none."""
    return _read(folder, "cells", plate, well)


def contacts_of_well(folder: Path, plate: str, well: str) -> pd.DataFrame:
    """Return the well's contact table, empty where it has none."""
    return _read(folder, "contacts", plate, well)


def _read(folder: Path, kind: str, plate: str, well: str) -> pd.DataFrame:
    path = table_path(folder, kind, plate, well)
    if not path.is_file():
        return empty_cell_table() if kind == "cells" else empty_contact_table()
    return _kept(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2 * KEPT_WELLS)
def _kept(path: Path, changed: int) -> pd.DataFrame:
    return read_table(path)


def at(table: pd.DataFrame, site: int, t_min: float) -> pd.DataFrame:
    """Return the rows of one site and time."""
    return table[(table["site"] == site) & (table["t_min"] == t_min)]
