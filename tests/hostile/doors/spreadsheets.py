"""Texts from strangers in the tables that leave: cells, plate maps, hits; read back as a spreadsheet reads them."""

from __future__ import annotations

import base64
import csv
import io
import json
from pathlib import Path

import openpyxl
import pandas as pd
from door import NOTHING_ASKED, Door

from coculture.plate.layout import Layout
from coculture.plate.plate_map import PLATE_MAP_COLUMNS, PlateMap, write_plate_map
from coculture.report.sections.hits import _download
from coculture.run.export import export_cells
from coculture.spreadsheet_cells import LINE_END, of_cell
from coculture.store.spreadsheet import safe_for_spreadsheets
from coculture.store.tables import table_path, write_table

STARTS = tuple("=+-@\t\r\n＝＋－＠")


def require_text(cell: str) -> None:
    """Fail where a spreadsheet would compute the cell, whichever sign it cuts lines at."""
    pieces = [cell]
    for separator in ";\t\r\n|":
        pieces = [piece for one in pieces for piece in one.split(separator)]
    for piece in [cell, *pieces]:
        bare = piece.strip(' "')
        try:
            float(bare)
        except ValueError:
            assert not bare.startswith(STARTS), f"a formula: {piece!r} in {cell!r}"


def require_safe(text: str, name: str, written: list[str]) -> None:
    """Read a CSV, look for formulas, and find the text again that was written."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    for row in rows:
        for cell in row:
            require_text(cell)
    column = rows[0].index(name)
    assert [of_cell(row[column]) for row in rows[1:]] == written


def tables_account(path: Path) -> str:
    """Write the texts into every table that leaves."""
    try:
        asked = json.loads(path.read_bytes())
        texts = [str(text).replace("\0", "") for text in asked["texts"]]
        number = float(asked["number"])
        "".join(texts).encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        return NOTHING_ASKED
    texts = [text for text in texts[:40] if text] or ["x"]
    frame = pd.DataFrame({"compound": texts, "effect": -abs(number), "=header": "x"})
    require_safe(safe_for_spreadsheets(frame).to_csv(index=False, lineterminator=LINE_END), "compound", texts)
    assert pd.api.types.is_float_dtype(safe_for_spreadsheets(frame)["effect"])
    require_safe(base64.b64decode(_download(frame).partition(",")[2]).decode(), "compound", texts)
    _plate_map(texts, path.parent)
    return _exported(texts, number, path.parent)


def _plate_map(texts: list[str], folder: Path) -> None:
    wells = Layout.of(96).wells()[: len(texts)]
    frame = pd.DataFrame({name: "" for name in PLATE_MAP_COLUMNS}, index=range(len(texts)))
    frame = frame.assign(plate="P1", well=wells, compound=texts, role="treatment", dose=1.0, dose_unit="uM", replicate=1)
    legible = [text for text in texts if not openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.search(text)]
    for ending in ("csv", "xlsx") if len(legible) == len(texts) else ("csv",):
        write_plate_map(PlateMap(frame, Layout.of(96)), folder / f"map.{ending}")
    with (folder / "map.csv").open(encoding="utf-8", newline="") as stream:
        require_safe(stream.read(), "compound", texts)
    if (folder / "map.xlsx").exists():
        kinds = {cell.data_type for row in openpyxl.load_workbook(folder / "map.xlsx").worksheets[0] for cell in row}
        assert "f" not in kinds, kinds


def _exported(texts: list[str], number: float, folder: Path) -> str:
    results = folder / "results"
    wells = pd.DataFrame({"plate": "P1", "well": Layout.of(96).wells()[: len(texts)], "compound": texts, "role": "treatment"})
    write_table(wells, table_path(results, "wells"))
    for well in wells["well"]:
        cell = {"plate": "P1", "well": well, "site": 1, "t_min": 0.0, "cell_id": 1, "cell_type": texts[0], "x_um": -abs(number)}
        write_table(pd.DataFrame([cell]), table_path(results, "cells", "P1", well))
    export_cells(results, folder / "cells.csv", "csv")
    with (folder / "cells.csv").open(encoding="utf-8", newline="") as stream:
        text = stream.read()
    require_safe(text, "compound", texts)
    assert (pd.read_csv(io.StringIO(text))["x_um"] <= 0).all()
    return text


_SEED = ["=1+1", "wortmannin", "-x", "a;=1", "@SUM(1)", "x\t=1", "＝1", "'s", "-0.5", 'a";=1', "黄连素", "=cmd|' /C calc'!A0"]
_WORDS = (
    b"=",
    b"+",
    b"-",
    b"@",
    b"\\t",
    b"\\r",
    b"\\n",
    b";",
    b"|",
    b'\\"',
    b"'",
    "＝".encode(),
    b"=HYPERLINK(1)",
    b" =",
    b"\\u0009=",
)

DOORS = (
    Door(
        "tables that leave",
        "texts.json",
        tables_account,
        lambda: {"texts": json.dumps({"texts": _SEED, "number": 2.5}, ensure_ascii=False).encode()},
        _WORDS,
    ),
)
