"""Read the table of cells that a person has named, from which a classifier of cell types learns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.annotate.labels import FIELD, LabelledCells
from coculture.plate.layout import Layout
from coculture.plate.number_text import read_numbers
from coculture.plate.problems import TableProblems
from coculture.plate.text_table import MISSING, TextTable, read_text_table

DEFAULTS = {"site": "1", "t_min": "0"}
"""Columns that may be left out, and what then stands in every row."""

NEEDED = ("well", "x_um", "y_um", "cell_type")


def read_cell_labels(path: Path, layout: Layout, plate: str, types: tuple[str, ...], reach_um: float) -> LabelledCells:
    """Read labelled cells.

    Parameters
    ----------
    path : CSV, TSV or XLSX with columns well, x_um, y_um (from the field's top-left corner), cell_type; plate, site (from 1)
        and t_min where there are several.
    layout : the grid of wells.
    plate : the plate of rows that name none.
    types : the types that may be named.
    reach_um : how far from a cell's centre its label may lie.

    Raises
    ------
    FileError : if the file is missing or cannot be read.
    InputError : with every problem of the file.
    """
    table = read_text_table(path)
    problems = TableProblems(table)
    for name in NEEDED:
        if name not in table.headers:
            problems.add(f"there is no column '{name}'", f"a table of labelled cells has {', '.join(NEEDED)}")
    problems.raise_if_any()
    frame = pd.DataFrame(
        {
            "plate": _filled(table, "plate", plate),
            "well": _mapped(table, "well", layout.canonical, problems),
            "site": _numbers(table, "site", problems, whole=True),
            "t_min": _numbers(table, "t_min", problems),
            "x_um": _numbers(table, "x_um", problems),
            "y_um": _numbers(table, "y_um", problems),
            "cell_type": _known(table, types, problems),
        }
    )
    if frame.empty:
        problems.add("the table has no row", "label at least five cells of each type")
    problems.raise_if_any()
    ordered = frame.astype({"site": np.int64}).sort_values([*FIELD, "x_um", "y_um"], kind="stable")
    return LabelledCells(ordered.reset_index(drop=True), reach_um)


def _filled(table: TextTable, name: str, default: str) -> list[str]:
    if name not in table.headers:
        return [default] * len(table.cells)
    return [str(value) or default for value in table.cells[name]]


def _mapped(table: TextTable, name: str, read: Callable[[str], str], problems: TableProblems) -> list[str]:
    found = []
    for row, value in enumerate(table.cells[name]):
        try:
            found.append(read(str(value)))
        except ValueError:
            problems.add(
                "no such well: {}", "name wells as in the plate's layout, such as B03", column=name, rows=[row], value=value
            )
            found.append("")
    return found


def _known(table: TextTable, types: tuple[str, ...], problems: TableProblems) -> list[str]:
    values = [str(value) for value in table.cells["cell_type"]]
    for row, value in enumerate(values):
        if value not in types:
            problems.add(
                "unknown type {}", f"cell_types.types are: {', '.join(types)}", column="cell_type", rows=[row], value=value
            )
    return values


def _numbers(table: TextTable, name: str, problems: TableProblems, *, whole: bool = False) -> NDArray[np.float64]:
    texts = _filled(table, name, DEFAULTS.get(name, ""))
    read = read_numbers({text for text in texts if text.lower() not in MISSING})
    values = np.array([read.values.get(text, np.nan) for text in texts], dtype=np.float64)
    values[[bool(read.units.get(text)) for text in texts]] = np.nan  # the header says the unit
    wrong = ~np.isfinite(values) | (whole & (values != np.round(values)))
    for row in np.flatnonzero(wrong):
        remedy = "give a whole number" if whole else "give a number"
        problems.add("not a number that can be used: {}", remedy, column=name, rows=[int(row)], value=texts[row])
    return values
