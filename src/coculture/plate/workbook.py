"""The filled, visible sheets of an Excel workbook as rows of text, read so that nothing in it can be taken for something else.

What Excel shows and what the file holds differ in places where a table is then silently wrong: a formula may have no stored
result, a merged cell is written once for all it covers, a hidden sheet is not seen by whoever sends the file. Workbooks are
also compressed, and a small file may hold more than a machine can.
"""

from __future__ import annotations

import datetime
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from coculture.errors import FileError, InputError

Row = tuple[int, list[str]]

NO_RESULT = "#NO RESULT!"
"""Stands in a cell whose formula was never computed."""

MOST_BYTES = 300_000_000
"""Size of a workbook's content beyond which it is refused: larger tables are read faster as text."""
MOST_SWELLING, SMALL_BYTES = 100, 10_000_000
"""How many times its size a workbook may swell when unpacked (tables swell 5 to 50 times), where it is not small."""
MOST_COLUMNS = 16_384
MOST_MERGED = 1_000_000

_UNREADABLE = (
    *(OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ParseError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, AssertionError, SyntaxError, RecursionError),
)
"""What openpyxl raises of files that are not workbooks; none is a fault of ours that could hide here."""


def read_workbook(path: Path) -> tuple[str, list[Row]]:
    """Return the sheet that is meant, and its rows with their numbers: the one filled, or the one called ``plate map``.

    Sheets that are hidden do not count. A merged cell gives its value to every cell it covers.

    Raises
    ------
    FileError : if it is no workbook, is empty, or would take too much memory.
    InputError : if several sheets are filled, or only hidden ones.
    """
    _require_reasonable(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of formatting it leaves out
            sheets, hidden = _filled_sheets(path)
    except _UNREADABLE as error:
        said = f"{error}" or type(error).__name__
        raise FileError(
            f"the workbook cannot be read ({said:.300})", str(path), "open it in Excel and save it as .xlsx again"
        ) from error
    title = _choose_sheet(list(sheets), hidden, path)
    return title, sheets[title]


def _require_reasonable(path: Path) -> None:
    """Refuse a workbook that unpacks to more than a table of wells can be."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except _UNREADABLE as error:
        remedy = "open it in Excel and save it as .xlsx again"
        raise FileError(f"the workbook cannot be read ({error})", str(path), remedy) from error
    if unpacked > MOST_BYTES or unpacked > max(SMALL_BYTES, MOST_SWELLING * path.stat().st_size):
        what = f"the workbook unpacks to {unpacked / 1e6:,.0f} MB, {unpacked / max(1, path.stat().st_size):,.0f} times its size"
        raise FileError(what, str(path), "save the one sheet that is needed as CSV UTF-8, without formatted empty rows")


def _filled_sheets(path: Path) -> tuple[dict[str, list[Row]], list[str]]:
    """Return the rows of every visible sheet that holds something, and the titles of hidden sheets."""
    import openpyxl

    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        sheets = {sheet.title: _rows(sheet) for sheet in visible}
        hidden = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state != "visible"]
    finally:
        workbook.close()
    return {title: rows for title, rows in sheets.items() if rows}, hidden


def _rows(sheet: Any) -> list[Row]:
    """Return the rows of a sheet that hold something. Its declared size, which may be anything, is not asked for."""
    from openpyxl.worksheet._reader import WorkSheetParser

    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(source, sheet._shared_strings, data_only=True, epoch=book.epoch, date_formats=book._date_formats)
        parser.parse_cell = _marking(parser)
        rows: dict[int, list[str]] = {}
        for number, cells in parser.parse():
            texts = _row_texts(cells)
            if any(texts):
                if number in rows:
                    raise ValueError(f"row {number} stands in it twice")
                rows[number] = texts
        merged = [one.bounds for one in parser.merged_cells.mergeCell] if parser.merged_cells is not None else []
    _fill_merged(rows, merged)
    return sorted(rows.items())


def _marking(parser: Any) -> Any:
    """Return the parser's own reading of a cell, with a mark where a formula has no result."""
    from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG

    read = parser.parse_cell

    def reading(element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = read(element)
        if element.find(FORMULA_TAG) is not None and not element.findtext(VALUE_TAG) and element.get("t") != "str":
            cell["value"] = NO_RESULT
        return cell

    return reading


def _row_texts(cells: list[dict[str, Any]]) -> list[str]:
    texts: list[str] = []
    for cell in cells:
        text = _cell_text(cell["value"])
        column = int(cell["column"])
        if not 1 <= column <= MOST_COLUMNS:
            raise ValueError(f"there is no column {column}")
        if text:
            texts += [""] * (column - len(texts))
            texts[column - 1] = text
    return texts


def _fill_merged(rows: dict[int, list[str]], merged: list[tuple[int, int, int, int]]) -> None:
    """Give the value of each merged cell to all it covers, as far as rows and columns are filled at all."""
    width = max(map(len, rows.values()), default=0)
    filled = 0
    for left, top, right, bottom in merged:
        value = rows.get(top, [])[left - 1 : left]
        if not value or not value[0]:
            continue
        for number in _between(rows, top, bottom):
            row = rows[number]
            last = min(right, width)
            row += [""] * (last - len(row))
            row[left - 1 : last] = [text or value[0] for text in row[left - 1 : last]]
            filled += last - left + 1
        if filled > MOST_MERGED:
            raise ValueError("its merged cells cover more than a table can hold")


def _between(rows: dict[int, list[str]], top: int, bottom: int) -> Iterator[int]:
    """Yield the numbers of filled rows from ``top`` to ``bottom``."""
    few = range(top, bottom + 1) if bottom - top < len(rows) else rows
    yield from (number for number in few if number in rows and top <= number <= bottom)


def _choose_sheet(titles: list[str], hidden: list[str], path: Path) -> str:
    if not titles:
        if hidden:
            names = ", ".join(f"'{title}'" for title in hidden)
            raise InputError(
                f"the workbook has no filled sheet but hidden ones ({names})", path.name, "show the sheet to be read"
            )
        raise FileError("the workbook is empty", str(path), "fill one sheet")
    named = [title for title in titles if title.replace("_", " ").replace("-", " ").strip().lower() in ("plate map", "platemap")]
    if len(named) == 1 or len(titles) == 1:
        return (named or titles)[0]
    sheets = ", ".join(f"'{title}'" for title in titles)
    raise InputError(f"the workbook has several filled sheets ({sheets})", path.name, "call the one to read 'plate map'")


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value).strip()
