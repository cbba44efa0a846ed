"""Find out which header of a plate-map file holds what."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.plate.problems import TableProblems
from coculture.plate.text_table import MISSING, TextTable

MAP_COLUMNS: dict[str, str] = {
    "plate": "name of the plate",
    "well": "name of the well",
    "row": "row of the well, as letters or counted from 1 (with 'column', in place of 'well')",
    "column": "column of the well, counted from 1",
    "role": "what the well is for",
    "compound": "name of the compound; several are joined with ' + '",
    "dose": "dose of the compound, or of each joined with ' + '",
    "dose_unit": "unit of the dose",
    "treatment": "everything dosed, as text (in place of compound, dose and dose_unit)",
    "replicate": "number of the replicate",
    "batch": "day or batch",
    "donor": "patient or animal",
    "condition": "arm of the screen",
}
"""Our names for what a plate map may say. ``compound_2``, ``dose_2``, ``dose_unit_2`` to ``_9`` hold further compounds."""

_FURTHER = re.compile(r"(compound|dose|dose_unit)_[2-9]")


def is_map_column(name: str) -> bool:
    """Tell whether ``name`` is one of our names for a plate map's columns."""
    return name in MAP_COLUMNS or _FURTHER.fullmatch(name) is not None


@dataclass(frozen=True, eq=False)
class ChosenColumns:
    """A plate-map file under our names.

    Attributes
    ----------
    table : the file.
    headers : our name -> header in the file, for the columns that are there.
    defaults : our name -> value of cells that are empty or of columns that are not there.
    """

    table: TextTable
    headers: Mapping[str, str]
    defaults: Mapping[str, str]

    def has(self, name: str) -> bool:
        """Tell whether the file has the column or a default stands for it."""
        return name in self.headers or name in self.defaults

    def header(self, name: str) -> str:
        """Return the header of the column, '' where the file has none."""
        return self.headers.get(name, "")

    def raw(self, name: str) -> NDArray[np.object_]:
        """Return the column's texts, shape (n,), '' for every way of writing nothing; no default is put in."""
        if name not in self.headers:
            return np.full(len(self.table.lines), "", dtype=object)
        values = self.table.cells[self.headers[name]].to_numpy(dtype=object).copy()
        for text in set(values):
            if text.lower() in MISSING:
                values[values == text] = ""
        return values

    def texts(self, name: str) -> NDArray[np.object_]:
        """Return the column's texts with the default where the cell is empty."""
        values = self.raw(name)
        values[values == ""] = self.defaults.get(name, "")
        return values

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headers nobody asked for, in the order of the file."""
        used = set(self.headers.values())
        return tuple(header for header in self.table.headers if header not in used)


def choose_columns(
    table: TextTable, columns: Mapping[str, str], defaults: Mapping[str, str], problems: TableProblems
) -> ChosenColumns:
    """Match our names to the file's headers: as ``columns`` says, else the header that reads like our name.

    Unknown names, headers that are not there and a plate map without plate, well or role are noted in ``problems``.
    """
    _check_names(columns, "columns", problems)
    _check_names(defaults, "defaults", problems)
    for name in sorted({"well", "row", "column", "treatment"} & set(defaults)):
        problems.add(f"there is no default for {name}", "name the column that holds it (columns: ... = ...)")
    by_name = {_plain(header): header for header in table.headers}
    headers = {}
    for name, wanted in columns.items():
        if wanted in table.headers:
            headers[name] = wanted
        elif _plain(wanted) in by_name:
            headers[name] = by_name[_plain(wanted)]
        else:
            problems.add(f"there is no column '{wanted}' (asked for as {name})", _header_remedy(wanted, table.headers))
    taken = {header for name, header in headers.items() if name != "role"}  # roles are often told by the compound's name
    found = {plain: header for plain, header in by_name.items() if is_map_column(plain) and header not in taken}
    headers = {**found, **headers}
    chosen = ChosenColumns(table, headers, {name: str(value).strip() for name, value in defaults.items()})
    _check_needed(chosen, columns, problems)
    return chosen


def _plain(header: str) -> str:
    return "_".join(header.lower().replace("-", " ").replace("_", " ").split())


def _check_names(given: Mapping[str, str], key: str, problems: TableProblems) -> None:
    for name in given:
        if not is_map_column(name):
            close = difflib.get_close_matches(name, MAP_COLUMNS, n=1)
            hint = f"did you mean '{close[0]}'? " if close else ""
            problems.add(f"unknown name '{name}' in {key}", f"{hint}the names are: {', '.join(MAP_COLUMNS)}")


def _header_remedy(wanted: str, headers: list[str]) -> str:
    close = difflib.get_close_matches(wanted, headers, n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}the file's headers are: {', '.join(headers)}"


def _check_needed(chosen: ChosenColumns, columns: Mapping[str, str], problems: TableProblems) -> None:
    there = ", ".join(chosen.table.headers)
    if not chosen.has("plate") and "plate" not in columns:
        problems.add(
            "no column says which plate a well lies on",
            f"name the column (columns: plate = ...) or the one plate (defaults: plate = ...); headers: {there}",
        )
    placed = "well" in chosen.headers or ("row" in chosen.headers and "column" in chosen.headers)
    if not placed and not {"well", "row", "column"} & set(columns):
        problems.add(
            "no column says which well a row is about",
            f"name the column (columns: well = ...), or both row = ... and column = ...; headers: {there}",
        )
    elif not placed and "well" not in columns:
        problems.add("a well needs its row and its column", f"name both (columns: row = ..., column = ...); headers: {there}")
    if not chosen.has("role") and "role" not in columns:
        problems.add(
            "no column says what a well is for",
            f"name the column (columns: role = ...) or one role for all (defaults: role = ...); headers: {there}",
        )
