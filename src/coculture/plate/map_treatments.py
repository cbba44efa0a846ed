"""Read what was dosed into each well of a plate map.

Each different combination of cells is worked out once, however many wells share it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.plate.map_columns import ChosenColumns
from coculture.plate.number_text import ColumnNumbers, read_numbers
from coculture.plate.problems import TableProblems
from coculture.plate.treatment import JOIN, Part, Treatment, base_unit, same_order

Texts = NDArray[np.object_]

UNDOSED = ("negative", "untreated", "blank")
"""Roles that may name a vehicle without a dose; defaults for compound and dose are not put into them."""

MUST_BE_DOSED = ("treatment", "reference")

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATE = re.compile(rf"\d{{4}}-\d\d-\d\d(?: [\d:.]+)?|\d{{1,2}}-{_MONTH}(?:-\d+)?|{_MONTH}-\d{{1,4}}", re.IGNORECASE)
"""What Excel makes of names that it takes for dates."""

_PART_COLUMNS = ("compound", "dose", "dose_unit")


@dataclass(frozen=True)
class DosedWell:
    """What one well got: its treatment, and the vehicle's name where nothing was dosed."""

    treatment: Treatment
    vehicle: str = ""

    @property
    def compound(self) -> str:
        """Name or names for the well table."""
        return self.treatment.compound or self.vehicle


@dataclass(frozen=True)
class _Cells:
    """The cells of one compound in one row, as text."""

    compound: str
    dose: str
    unit: str
    suffix: str


class _Refusal(Exception):
    """A fault of one row: which column, what ({} stands for the value), remedy, value."""

    def __init__(self, name: str, what: str, remedy: str, value: str = "") -> None:
        super().__init__(what)
        self.name, self.what, self.remedy, self.value = name, what, remedy, value


def read_treatments(chosen: ChosenColumns, roles: Texts, problems: TableProblems) -> list[DosedWell]:
    """Return what each row got, shape (n,). Rows that cannot be read are noted and get nothing."""
    further = (f"_{number}" for number in range(2, 10))
    suffixes = ["", *(suffix for suffix in further if any(chosen.has(name + suffix) for name in _PART_COLUMNS))]
    names = ["treatment", *(name + suffix for suffix in suffixes for name in _PART_COLUMNS)]
    cells = pd.DataFrame({name: chosen.raw(name) for name in names})
    cells["role"] = roles
    codes = cells.groupby(list(cells.columns), sort=False).ngroup().to_numpy()
    _, first = np.unique(codes, return_index=True)
    reader = _RowReader(chosen, suffixes, {suffix: _numbers(cells["dose" + suffix]) for suffix in suffixes})
    results = []
    for code, row in enumerate(cells.iloc[first].to_dict("records")):
        try:
            results.append(reader.read({str(name): str(text) for name, text in row.items()}))
        except _Refusal as refusal:
            column = chosen.header(refusal.name)
            problems.add(refusal.what, refusal.remedy, column=column, rows=np.flatnonzero(codes == code), value=refusal.value)
            results.append(DosedWell(Treatment()))
    ordered = same_order([result.treatment for result in results])
    results = [DosedWell(treatment, result.vehicle) for treatment, result in zip(ordered, results, strict=True)]
    return [results[code] for code in codes]


def _numbers(texts: pd.Series[str]) -> ColumnNumbers:
    pieces = {piece.strip() for text in texts.unique() for piece in text.split(JOIN)}
    return read_numbers(sorted(pieces - {""}))


class _RowReader:
    """Turns the cells of one row into what was dosed."""

    def __init__(self, chosen: ChosenColumns, suffixes: Sequence[str], numbers: dict[str, ColumnNumbers]) -> None:
        self._defaults = chosen.defaults
        self._suffixes = suffixes
        self._numbers = numbers

    def read(self, row: dict[str, str]) -> DosedWell:
        try:
            dosed = self._read_text(row) if row["treatment"] else self._read_columns(row)
        except InputError as error:
            problem = error.problems[0]
            raise _Refusal("treatment" if row["treatment"] else "compound", problem.what, problem.remedy) from error
        self._check_role(row, dosed)
        return dosed

    def _read_text(self, row: dict[str, str]) -> DosedWell:
        treatment = Treatment.parse(row["treatment"])
        if row["compound"] and row["compound"] != treatment.compound:
            what = f"the treatment '{row['treatment']}' and the compound '{row['compound']}' are not the same"
            raise _Refusal("compound", what, "mend one of them, or leave the compound column out")
        dose = self._numbers[""].values.get(row["dose"])
        if dose is not None and row["dose_unit"]:
            given = Part("x", dose, row["dose_unit"])
            if given.unit != treatment.dose_unit or not math.isclose(given.dose, treatment.dose, rel_tol=1e-6):
                what = f"the treatment '{row['treatment']}' and the dose {row['dose']} {row['dose_unit']} are not the same"
                raise _Refusal("dose", what, "mend one of them, or leave the dose column out")
        return DosedWell(treatment)

    def _read_columns(self, row: dict[str, str]) -> DosedWell:
        parts, vehicles = [], []
        for suffix in self._suffixes:
            for cells in _unfold(_Cells(row["compound" + suffix], row["dose" + suffix], row["dose_unit" + suffix], suffix)):
                part = self._read_part(cells, row["role"])
                if part is not None:
                    parts.append(part)
                elif cells.compound:
                    vehicles.append(cells.compound)
        return DosedWell(Treatment(tuple(parts)), "" if parts else JOIN.join(vehicles))

    def _read_part(self, cells: _Cells, role: str) -> Part | None:
        dose, unit_in_cell = self._dose(cells, role)
        if dose is None or dose == 0:
            return None
        compound = cells.compound or self._defaults.get("compound" + cells.suffix, "")
        if not compound:
            remedy = "name the compound in its column, or one for all (defaults: compound = ...)"
            raise _Refusal("dose" + cells.suffix, "a dose without a compound: {}", remedy, cells.dose)
        if _DATE.fullmatch(compound):
            remedy = (
                "a spreadsheet turns names such as MAR1 and 1-2 into dates: write the name again in a cell of the kind 'text'"
            )
            raise _Refusal("compound" + cells.suffix, "a date where the name of a compound should be: {}", remedy, compound)
        unit = self._unit(cells, compound, unit_in_cell)
        try:
            base_unit(unit)
        except InputError as error:
            remedy = error.problems[0].remedy + ("; leave the dose of a vehicle empty" if role in UNDOSED else "")
            raise _Refusal("dose_unit" + cells.suffix, "not the unit of a dose: {}", remedy, unit) from error
        return Part(compound, dose, unit)

    def _dose(self, cells: _Cells, role: str) -> tuple[float | None, str]:
        """Return the dose, None where nothing was dosed, and the unit written beside it in the cell."""
        if not cells.dose:
            default = self._defaults.get("dose" + cells.suffix, "")
            if not cells.compound or role in UNDOSED:
                return None, ""
            if not default:
                remedy = "give its dose, or one for all (defaults: dose = ..., dose_unit = ...)"
                raise _Refusal("compound" + cells.suffix, "no dose is given for {}", remedy, cells.compound)
            numbers = read_numbers([default])
            text = default
        else:
            numbers, text = self._numbers[cells.suffix], cells.dose
        if text in numbers.faults:
            raise _Refusal("dose" + cells.suffix, *numbers.faults[text], text)
        if numbers.values[text] < 0:
            raise _Refusal("dose" + cells.suffix, "negative dose: {}", "a dose is 0 or more", text)
        return numbers.values[text], numbers.units[text]

    def _unit(self, cells: _Cells, compound: str, unit_in_cell: str) -> str:
        if unit_in_cell and cells.unit and unit_in_cell != cells.unit:
            what = f"the dose is in another unit than '{cells.unit}': {{}}"
            raise _Refusal("dose" + cells.suffix, what, "say the unit in one place", cells.dose)
        unit = unit_in_cell or cells.unit or self._defaults.get("dose_unit" + cells.suffix) or self._defaults.get("dose_unit", "")
        if not unit:
            remedy = "give the unit in its column (columns: dose_unit = ...) or one for all (defaults: dose_unit = 'uM')"
            raise _Refusal("dose" + cells.suffix, "no unit is given for the dose of {}", remedy, compound)
        return unit

    def _check_role(self, row: dict[str, str], dosed: DosedWell) -> None:
        if row["role"] in MUST_BE_DOSED and not dosed.treatment.parts:
            remedy = "give compound and dose, or the role negative (vehicle only) or untreated"
            raise _Refusal("role", "nothing is dosed in a well with the role {}", remedy, row["role"])
        if row["role"] == "untreated" and dosed.treatment.parts:
            remedy = "an untreated well holds cells and medium only: take the dose out, or give another role"
            raise _Refusal("role", f"'{dosed.treatment.text}' is dosed in a well with the role 'untreated'", remedy)


def _unfold(cells: _Cells) -> list[_Cells]:
    """Part 'A + B', '1 + 5', 'uM + step' into its compounds. One dose for 'A + B' means a fixed mixture dosed as one."""
    doses = [dose.strip() for dose in cells.dose.split(JOIN)]
    if len(doses) == 1:
        return [cells]
    compounds = [compound.strip() for compound in cells.compound.split(JOIN)]
    units = [unit.strip() for unit in cells.unit.split(JOIN)]
    if len(units) == 1:
        units = units * len(doses)
    if not len(compounds) == len(doses) == len(units):
        what = f"'{cells.compound}' names {len(compounds)} compounds, '{cells.dose}' holds {len(doses)} doses"
        raise _Refusal("dose" + cells.suffix, what, "give one dose to each compound, and one unit to each or to all")
    return [_Cells(*entry, cells.suffix) for entry in zip(compounds, doses, units, strict=True)]
