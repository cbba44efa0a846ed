"""The plate map: what each well is for and what was dosed into it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from coculture.errors import FileError, InputError
from coculture.plate import map_wells
from coculture.plate.columns import WELL_COLUMNS, names
from coculture.plate.grid_table import is_grid, unfold_grid
from coculture.plate.layout import Layout
from coculture.plate.map_columns import ChosenColumns, choose_columns
from coculture.plate.map_treatments import read_treatments
from coculture.plate.natural_order import natural_key
from coculture.plate.problems import TableProblems
from coculture.plate.text_table import read_text_table
from coculture.plate.treatment import Treatment
from coculture.spreadsheet_cells import LINE_END, as_cell

PLATE_MAP_COLUMNS: tuple[str, ...] = tuple(names(WELL_COLUMNS)[: names(WELL_COLUMNS).index("condition") + 1])
"""Columns of :attr:`PlateMap.wells`: those of the well table that are known before anything is observed."""


@dataclass(frozen=True, eq=False)
class PlateMap:
    """Every well of a screen, before anything is observed.

    Attributes
    ----------
    wells : one row a well with ``PLATE_MAP_COLUMNS``, sorted by plate (P2 before P10) and position.
    layout : the grid all plates share.
    ignored_columns : headers of the file that were not read.
    """

    wells: pd.DataFrame
    layout: Layout
    ignored_columns: tuple[str, ...] = ()

    @property
    def plates(self) -> list[str]:
        """Names of the plates, in order."""
        return list(dict.fromkeys(self.wells["plate"]))

    def wells_of(self, plate: str) -> list[str]:
        """Return the names of the plate's wells, in order; none for a plate that is not in the map."""
        return self.wells.loc[self.wells["plate"] == plate, "well"].tolist()

    @cached_property
    def _row_of(self) -> dict[tuple[str, str], int]:
        return {key: row for row, key in enumerate(zip(self.wells["plate"], self.wells["well"], strict=True))}

    def __contains__(self, place: tuple[str, str]) -> bool:
        return place in self._row_of

    def row(self, plate: str, well: str) -> pd.Series:
        """Return the well's row.

        Raises
        ------
        InputError : if the plate map does not have the well.
        """
        place = (plate, self.layout.canonical(well))
        if place not in self._row_of:
            remedy = (
                f"the plates are: {', '.join(self.plates[:10])}" if plate not in self.plates else "add the well to the plate map"
            )
            raise InputError(f"well {place[1]} of plate '{plate}' is not in the plate map", remedy=remedy)
        return self.wells.iloc[self._row_of[place]]

    def treatment(self, plate: str, well: str) -> Treatment:
        """Return what was dosed into the well.

        Raises
        ------
        InputError : if the plate map does not have the well.
        """
        return Treatment.parse(self.row(plate, well)["treatment"])


def arrange(wells: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Sort wells by plate and position, number replicates where they are not, and bring columns into their order.

    Wells of the same role, compound, treatment, donor and condition are replicates, counted over all plates.
    """
    plates = sorted(set(wells["plate"]), key=natural_key)
    positions = layout.positions(wells["well"])
    order = np.lexsort((positions[:, 1], positions[:, 0], wells["plate"].map({name: i for i, name in enumerate(plates)})))
    wells = wells.iloc[order].reset_index(drop=True)
    if "replicate" not in wells:
        same = ["role", "compound", "treatment", "donor", "condition"]
        wells["replicate"] = wells.groupby(same, sort=False).cumcount() + 1
    return wells[list(PLATE_MAP_COLUMNS)].astype({"dose": np.float64, "replicate": np.int64})


def read_plate_map(
    path: Path,
    *,
    layout: Layout,
    columns: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> PlateMap:
    """Read a plate map: one row a well, or grids that look like the plate.

    Parameters
    ----------
    path : a CSV, TSV or XLSX file. A grid has the plate's columns in its header and the plate's rows in its first
        column; its top-left cell says what it holds (``compound``, ``dose``). Several grids stand below one another.
    layout : the grid of wells.
    columns : our name -> header in the file. Our names stand in ``map_columns.MAP_COLUMNS``; a header that reads like
        our name need not be given. One header may serve two of our names.
    roles : value of the role column -> our role; ``*`` stands for every other value.
    defaults : our name -> value where the column is absent or its cell empty. A default compound or dose is not put
        into wells whose role is negative, untreated or blank, nor a compound into a well with dose 0.

    Returns
    -------
    PlateMap

    Raises
    ------
    FileError : if the file is missing, empty or cannot be read.
    InputError : with all problems of the file at once, each with line, column, value and remedy.
    """
    table = read_text_table(Path(path))
    if is_grid(table):
        table = unfold_grid(table, layout)
    problems = TableProblems(table)
    chosen = choose_columns(table, columns or {}, defaults or {}, problems)
    wells = _read_rows(chosen, layout, roles or {}, problems)
    if not len(wells):
        problems.add("the plate map has headers and no wells", "give one row a well")
    problems.raise_if_any()
    return PlateMap(arrange(wells, layout), layout, chosen.ignored)


def _read_rows(chosen: ChosenColumns, layout: Layout, roles: Mapping[str, str], problems: TableProblems) -> pd.DataFrame:
    plate = map_wells.read_plates(chosen, problems)
    well = map_wells.read_wells(chosen, layout, problems)
    map_wells.problems_of_repeats(plate, well, chosen.header("well") or chosen.header("row"), problems)
    role = map_wells.read_roles(chosen, roles, problems)
    dosed = read_treatments(chosen, role, problems)
    compound = np.array([well.compound for well in dosed], dtype=object)
    map_wells.problems_of_case(compound, chosen.header("compound"), problems)
    frame = pd.DataFrame(
        {
            "plate": plate,
            "well": well,
            "role": role,
            "treatment": [well.treatment.text for well in dosed],
            "compound": compound,
            "dose": [well.treatment.dose for well in dosed],
            "dose_unit": [well.treatment.dose_unit for well in dosed],
        }
    )
    for name in ("batch", "donor", "condition"):
        frame[name] = chosen.texts(name)
        map_wells.problems_of_case(frame[name].to_numpy(dtype=object), chosen.header(name), problems)
    replicate = map_wells.read_replicates(chosen, problems)
    if replicate is not None:
        frame["replicate"] = replicate
    return frame.astype({name: "str" for name in frame.columns.difference(["dose", "replicate"])})


LONGEST_CELL = 32_767
"""Characters a cell of a workbook holds."""


def write_plate_map(plate_map: PlateMap, path: Path) -> None:
    """Write a plate map that :func:`read_plate_map` reads back to an equal one.

    Parameters
    ----------
    plate_map : what to write.
    path : where, ending in ``.csv``, ``.tsv`` or ``.xlsx``.

    Raises
    ------
    FileError : if the ending is another one or the file cannot be written.
    InputError : if a text is one that a cell of a workbook cannot hold.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".tsv", ".xlsx"):
        raise FileError(f"a plate map cannot be written as '{suffix}'", str(path), "use the ending .csv, .tsv or .xlsx")
    rows = [list(PLATE_MAP_COLUMNS), *plate_map.wells.astype(object).to_numpy().tolist()]
    try:
        if suffix == ".xlsx":
            _write_workbook(rows, path)
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, delimiter="\t" if suffix == ".tsv" else ",", lineterminator=LINE_END)
                writer.writerows([list(map(_cell, row)) for row in rows])
    except OSError as error:
        raise FileError(
            f"the plate map cannot be written ({error.strerror})", str(path), "check the folder and its rights"
        ) from error


def _cell(value: object) -> object:
    """Return what a value is in a text file that spreadsheets open too."""
    return f"{value:.12g}" if isinstance(value, float) else as_cell(value) if isinstance(value, str) else value


def _write_workbook(rows: list[list[object]], path: Path) -> None:
    import openpyxl

    _require_cells(rows)
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("plate map")
    for row in rows:
        sheet.append([_workbook_cell(sheet, value) for value in row])
    workbook.save(path)


def _require_cells(rows: list[list[object]]) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    texts = (value for row in rows for value in row if isinstance(value, str))
    wrong = next((text for text in texts if ILLEGAL_CHARACTERS_RE.search(text) or len(text) > LONGEST_CELL), None)
    if wrong is not None:
        what = f"'{wrong[:40]}' holds control characters or is longer than {LONGEST_CELL:,}, which no cell of a workbook can hold"
        raise InputError(what, "plate map", "mend the name, or write the map as .csv")


def _workbook_cell(sheet: Any, value: object) -> object:
    """Return a cell of a workbook; a text is a text, also where it begins as a formula does."""
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell
