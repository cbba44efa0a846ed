"""The well table as the engine uses it: checked once, then split into one set of readings per read-out.

A *stratum* is what wells are compared within: one plate, and one condition of it where the plate holds several. A
treated well is only ever compared with the negative controls of its own stratum.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError, Problem
from coculture.plate.columns import ROLES
from coculture.plate.layout import row_number
from coculture.screen.contrast_check import contrast_columns, contrast_problems
from coculture.screen.edge_wells import edge_wells
from coculture.screen.group_statistics import Floats, GroupStatistics, Integers, group_statistics
from coculture.screen.settings import AnalysisSettings, ControlWells, Readout

KEY_COLUMNS = ("plate", "well", "role", "compound", "dose", "dose_unit")
TEXT_COLUMNS = ("plate", "well", "role", "treatment", "compound", "dose_unit", "condition")
_GRID_NAME = re.compile(r"([A-Za-z]{1,2})(\d+)")
_CHIP_NAME = re.compile(r"C(\d+)U(\d+)")
JUDGED_ROLES = ("treatment", "reference")


@dataclass(frozen=True)
class Readings:
    """One read-out of every well of the screen.

    Attributes
    ----------
    readout : which read-out.
    values : (n,) as it came, NaN where the well has none.
    stratum : (n,) number of the well's stratum.
    n_strata : number of strata.
    negative, positive, judged : (n,) masks by role, only wells that have the read-out.
    blank : (n,) wells without cells.
    row, column : (n,) place of the well, counted from 0, -1 where its name tells no place.
    """

    readout: Readout
    values: Floats
    stratum: Integers
    n_strata: int
    negative: NDArray[np.bool_]
    positive: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    blank: NDArray[np.bool_]
    row: Integers
    column: Integers

    def statistics(self, keep: NDArray[np.bool_]) -> GroupStatistics:
        """Return the statistics of the kept wells of each stratum."""
        return group_statistics(self.values, self.stratum, self.n_strata, keep)


@dataclass(frozen=True)
class WellTable:
    """The checked well table.

    Attributes
    ----------
    frame : the wells, index 0..n-1, text columns filled, ``treatment`` and ``condition`` present.
    strata : one row a stratum: plate, condition.
    stratum : (n,) stratum of each well.
    row, column : (n,) place of each well.
    edge : (n,) whether the well lies at the edge of its plate.
    control_wells : which negative controls count.
    """

    frame: pd.DataFrame
    strata: pd.DataFrame
    stratum: Integers
    row: Integers
    column: Integers
    edge: NDArray[np.bool_]
    control_wells: ControlWells

    def stratum_names(self, codes: Sequence[int], shown: int = 5) -> str:
        """Return the strata by name for a message: ``p1 (co), p2 (co) and 3 more``."""
        if len(codes) == len(self.strata) > 1:
            return "any plate"
        chosen = self.strata.iloc[list(codes[:shown])]
        names = [
            f"{plate} ({condition})" if condition else plate
            for plate, condition in zip(chosen["plate"], chosen["condition"], strict=True)
        ]
        return ", ".join(names) + (f" and {len(codes) - shown} more" if len(codes) > shown else "")

    def readings(self, readout: Readout) -> Readings:
        """Return one read-out of all wells."""
        values = self.frame[readout.column].to_numpy(dtype=np.float64, na_value=np.nan)
        values = np.where(np.isfinite(values), values, np.nan)
        present = np.isfinite(values)
        role = self.frame["role"]
        return Readings(
            readout=readout,
            values=values,
            stratum=self.stratum,
            n_strata=len(self.strata),
            negative=self.counting((role == "negative").to_numpy() & present),
            positive=(role == "positive").to_numpy() & present,
            judged=role.isin(JUDGED_ROLES).to_numpy() & present,
            blank=(role == "blank").to_numpy(),
            row=self.row,
            column=self.column,
        )

    def counting(self, negative: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return the negative controls that count: with ``inner``, of strata with two inside only those."""
        if self.control_wells == "all":
            return negative
        inner = np.bincount(self.stratum[negative & ~self.edge], minlength=len(self.strata))
        return negative & ~(self.edge & (inner >= 2)[self.stratum])


def check_wells(wells: pd.DataFrame, settings: AnalysisSettings) -> WellTable:
    """Check the well table against the settings and bring it into the engine's form.

    Raises
    ------
    InputError : columns missing or of the wrong kind, unknown roles, doses without number, wells given twice; all
        problems at once.
    DataError : a plate (and condition) with treated wells has no negative controls.
    """
    problems = _column_problems(wells, settings)
    if problems:
        raise InputError(problems)
    frame = _filled(wells)
    problems = _value_problems(frame, settings)
    if problems:
        raise InputError(problems)
    keys = frame[["plate", "condition"]]
    stratum = np.asarray(keys.groupby(["plate", "condition"], sort=True).ngroup(), dtype=np.int64)
    strata = keys.drop_duplicates().sort_values(["plate", "condition"]).reset_index(drop=True)
    row, column = well_places(frame["well"])
    table = WellTable(frame, strata, stratum, row, column, edge_wells(frame["well"], row, column), settings.control_wells)
    _require_negative_controls(table)
    return table


def _filled(wells: pd.DataFrame) -> pd.DataFrame:
    frame = wells.reset_index(drop=True).copy()
    if "treatment" not in frame:
        frame["treatment"] = ""
    if "condition" not in frame:
        frame["condition"] = ""
    for name in TEXT_COLUMNS:
        frame[name] = frame[name].astype("object").where(frame[name].notna(), "").astype("str")
    return frame


def _column_problems(wells: pd.DataFrame, settings: AnalysisSettings) -> list[Problem]:
    problems = []
    if len(wells) == 0:
        problems.append(Problem("the table has no wells", "well table", "give at least one plate of wells"))
    contrast = settings.contrast
    needed = dict.fromkeys(KEY_COLUMNS, "well table")
    if contrast is not None:
        needed |= dict.fromkeys(contrast_columns(contrast), "analysis.contrast")
    problems.extend(
        Problem(f"column '{name}' is missing", where, "add it, or map it in the recipe")
        for name, where in needed.items()
        if name not in wells
    )
    numeric = [name for name in wells if pd.api.types.is_numeric_dtype(wells[name])]
    for readout in settings.readouts:
        where = f"readout '{readout.name}'"
        if readout.column not in wells:
            remedy = "columns with numbers: " + (", ".join(map(str, numeric)) or "none")
            problems.append(Problem(f"column '{readout.column}' is not in the well table", where, remedy))
        elif readout.column not in numeric:
            problems.append(Problem(f"column '{readout.column}' does not hold numbers", where, "choose a numeric column"))
        if readout.guard and readout.guard not in numeric:
            remedy = "name a number of the wells, such as well_territory_contacts_per_cell; or leave 'guard' out"
            problems.append(Problem(f"the guard '{readout.guard}' is no column with numbers of the well table", where, remedy))
    return problems


def _value_problems(frame: pd.DataFrame, settings: AnalysisSettings) -> list[Problem]:
    problems = []
    unknown = sorted(set(frame["role"]) - set(ROLES))
    if unknown:
        problems.append(Problem(f"unknown role {', '.join(map(repr, unknown))}", "well table", "use one of: " + ", ".join(ROLES)))
    twice = frame[frame.duplicated(["plate", "well"])]
    if len(twice):
        first = twice.iloc[0]
        what = f"{len(twice)} wells are given twice, first {first['plate']} {first['well']}"
        problems.append(Problem(what, "well table", "give one row per well: choose one time point, or aggregate before"))
    dosed = frame["role"].isin(JUDGED_ROLES)
    if not pd.api.types.is_numeric_dtype(frame["dose"]):
        remedy = "give doses as numbers, units in 'dose_unit'"
        problems.append(Problem("column 'dose' does not hold numbers", "well table", remedy))
    elif bool((dosed & ~(frame["dose"] >= 0)).any()):
        first = frame[dosed & ~(frame["dose"] >= 0)].iloc[0]
        what = f"the dose of {first['plate']} {first['well']} is {first['dose']}"
        problems.append(Problem(what, "well table", "give every treated well a dose >= 0"))
    if settings.contrast is not None:
        problems.extend(contrast_problems(frame, settings.contrast))
    return problems


def _require_negative_controls(table: WellTable) -> None:
    role, n_strata = table.frame["role"], len(table.strata)
    judged = np.bincount(table.stratum[role.isin(JUDGED_ROLES)], minlength=n_strata)
    negative = np.bincount(table.stratum[role == "negative"], minlength=n_strata)
    lacking = np.flatnonzero((judged > 0) & (negative == 0))
    if lacking.size:
        raise DataError(
            f"no negative controls on {table.stratum_names(lacking.tolist())}",
            where="well table",
            remedy="give the vehicle wells of each plate and condition the role 'negative'; without them no effect can be judged",
        )


def well_places(wells: pd.Series) -> tuple[Integers, Integers]:
    """Return row and column, counted from 0, of each well name: ``B03`` is (1, 2), unit ``C02U05`` of a chip is (1, 4).

    Names that tell no place give (-1, -1).
    """
    codes, names = pd.factorize(wells)
    places = np.array([_place(str(name)) for name in names], dtype=np.int64).reshape(-1, 2)
    return places[codes, 0], places[codes, 1]


def _place(name: str) -> tuple[int, int]:
    grid, chip = _GRID_NAME.fullmatch(name), _CHIP_NAME.fullmatch(name)
    if chip:
        return int(chip[1]) - 1, int(chip[2]) - 1
    return (row_number(grid[1]), int(grid[2]) - 1) if grid else (-1, -1)
