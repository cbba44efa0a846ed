"""Tables people bring: plate maps, tables of wells, named cells, compositions."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
from door import Door
from tests.cases.plates import TWO_BY_THREE_CSV

from coculture.plate.cell_table import validate_well_table
from coculture.plate.layout import Layout
from coculture.plate.plate_map import read_plate_map

TWO_COMPOUNDS = """\
plate;well;role;compound;dose;dose_unit;compound_2;dose_2;dose_unit_2;batch;donor
P1;A1;negative;DMSO;0;uM;;;;d1;K
P1;A2;treatment;wortmannin;0,5;uM;黄连素;1,25;ug/mL;d1;K
P1;A3;treatment;wortmannin;1,5;uM;黄连素;10;ug/mL;d1;L
P1;B1;positive;staurosporine;1;uM;;;;d2;L
"""
GRID = """\
compound,1,2,3
A,staurosporine,wortmannin,wortmannin
B,,LY294002,LY294002

dose,1,2,3
A,1,0.1,0.2
B,,5,10
"""


def plate_map_account(path: Path) -> str:
    """Read a plate map and tell its wells."""
    grid = {"plate": "P1", "role": "treatment", "dose_unit": "uM"}
    plate_map = read_plate_map(path, layout=Layout.of(6), defaults=grid if path.name.startswith("grid") else {})
    validate_well_table(plate_map.wells)
    for plate, well in zip(plate_map.wells["plate"], plate_map.wells["well"], strict=True):
        assert plate_map.treatment(plate, well).text == plate_map.row(plate, well)["treatment"]
    return plate_map.wells.to_csv(index=False)


def plate_map_texts() -> dict[str, bytes]:
    """Return valid plate maps."""
    return {"one compound": TWO_BY_THREE_CSV.encode(), "two compounds": TWO_COMPOUNDS.encode()}


def workbook_of(rows: list[list[object]], title: str = "plate map") -> bytes:
    """Return rows as a workbook."""
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def plate_map_workbooks() -> dict[str, bytes]:
    """Return a valid plate map as a workbook."""
    table = pd.read_csv(io.StringIO(TWO_BY_THREE_CSV), dtype=object, keep_default_na=False)
    return {"workbook": workbook_of([list(table.columns), *table.to_numpy().tolist()])}


_WORDS = (
    b"A07",
    b"A00",
    b"P24",
    b"AF48",
    b"a1",
    b"A01 ",
    b"uM",
    b"mM",
    b"ug/mL",
    b"step",
    b" + ",
    b"DMSO",
    b"blank",
    b"10 uM",
    b"1,000",
)

DOORS = (
    Door("plate map, CSV", "map.csv", plate_map_account, plate_map_texts, _WORDS),
    Door("plate map, grid", "grid.csv", plate_map_account, lambda: {"grid": GRID.encode()}, _WORDS),
    Door("plate map, XLSX", "map.xlsx", plate_map_account, plate_map_workbooks, many=0.5),
)
