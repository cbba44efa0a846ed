"""A table file as it stands: every cell as text, every row with the line it came from.

Comma-, semicolon- and tab-separated files and Excel workbooks are read alike. Nothing is interpreted here: what a cell
means, and whether a comma is a decimal sign, is decided by whoever knows the column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import FileError, InputError, Problem
from coculture.plate.workbook import NO_RESULT, Row, read_workbook
from coculture.spreadsheet_cells import of_cell

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "#n/a", "<na>"})
"""What programs write where there is nothing, in lower case."""

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
MOST_GARBLED = 5
_EXCEL_ERRORS = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")


@dataclass(frozen=True, eq=False)
class TextTable:
    """The cells of a table file, as text.

    Attributes
    ----------
    cells : one column a header, all values text without surrounding blanks; blank rows left out.
    lines : shape (n,), the line of the file (row of the sheet) each row came from, counted from 1.
    source : what a message calls the file: its name, and the sheet of a workbook.
    """

    cells: pd.DataFrame
    lines: NDArray[np.int64]
    source: str

    @property
    def headers(self) -> list[str]:
        """The headers, in the order of the file."""
        return list(self.cells.columns)


def read_text_table(path: Path) -> TextTable:
    """Read a table file.

    Parameters
    ----------
    path : a ``.csv``, ``.txt`` (delimiter found by itself), ``.tsv``, ``.tab`` or ``.xlsx`` file. UTF-8 with or
        without byte-order mark and UTF-16 are understood; lines before the header that start with ``#`` are skipped.
        Apostrophes that keep a spreadsheet from computing a cell are taken away (:mod:`coculture.spreadsheet_cells`).
        In a workbook with several filled sheets the one called ``plate map`` is read; see :mod:`coculture.plate.workbook`.

    Raises
    ------
    FileError : if the file is missing, empty, of another kind, or its encoding cannot be told.
    InputError : if the delimiter is ambiguous, a row has more cells than the header, or headers are empty or repeated.
    """
    if not path.is_file():
        raise FileError("the file does not exist", str(path), "check the path; a relative path starts at the recipe's folder")
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        title, rows = read_workbook(path)
        source = f"{path.name}, sheet '{title}'"
    elif suffix in (".csv", ".txt", ".tsv", ".tab"):
        source, rows = path.name, _delimited_rows(path, "\t" if suffix in (".tsv", ".tab") else None)
    else:
        raise FileError(f"a table cannot be read from a '{suffix}' file", str(path), "save it as .csv, .tsv or .xlsx")
    return _table(source, rows)


def _decode(path: Path) -> str:
    data = path.read_bytes()
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    if set(data) - set(range(128)) - {0xB5}:  # 0xB5 is µ in every Western code page of Windows and the Mac
        raise FileError("the text is not UTF-8", str(path), "save it as 'CSV UTF-8' (Excel: Save as, CSV UTF-8)")
    return data.decode("cp1252")


def _delimited_rows(path: Path, delimiter: str | None) -> list[Row]:
    text = _decode(path)
    if "\0" in text:
        raise FileError("this is not a text file", str(path), "save it as .csv, .tsv or .xlsx")
    lines = _LINE_ENDS.split(text)
    skip = next((number for number, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    if skip < len(lines) and lines[skip].lower().startswith("sep=") and len(lines[skip]) == 5:  # written by Excel
        delimiter, skip = lines[skip][4], skip + 1
    body = "\n".join(lines[skip:])
    try:
        return [(line + skip, cells) for line, cells in _split(body, delimiter or _find_delimiter(body, path))]
    except csv.Error as error:
        remedy = "look for a quotation mark that is not closed, or save it again as CSV"
        raise FileError(f"the table cannot be read ({error})", str(path), remedy) from error


def _split(text: str, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    line = 1
    for cells in reader:
        rows.append((line, [of_cell(cell).strip() for cell in cells]))
        line = reader.line_num + 1
    return rows


def _find_delimiter(text: str, path: Path) -> str:
    """Find the one delimiter that cuts all rows to the header's length."""
    fitting = []
    for delimiter in _DELIMITERS:
        counts = [len(cells) for _, cells in _split(text, delimiter) if any(cells)]
        if counts and counts[0] > 1:
            fitting.append((sum(count != counts[0] for count in counts), delimiter))
    if not fitting:
        return ","
    fitting.sort()
    if len(fitting) > 1 and fitting[0][0] == fitting[1][0]:
        names = " or ".join(_DELIMITERS[delimiter] for _, delimiter in fitting[:2])
        raise InputError(f"the values may be separated by {names}", path.name, "save it with tabs, with the ending .tsv")
    return fitting[0][1]


def _table(source: str, rows: list[Row]) -> TextTable:
    filled = [(line, cells) for line, cells in rows if any(cells)]
    while filled and filled[0][1][0].startswith("#"):
        filled = filled[1:]
    if not filled:
        raise FileError("the table is empty", source, "the first row holds the headers, one row a well follows")
    (header_line, headers), body = filled[0], filled[1:]
    while headers and not headers[-1]:
        headers = headers[:-1]
    problems = _header_problems(source, header_line, headers) + _row_problems(source, headers, body)
    if problems:
        raise InputError(problems)
    width = len(headers)
    cells = [row[:width] + [""] * (width - len(row)) for _, row in body]
    frame = pd.DataFrame(cells, columns=headers, dtype=object)
    return TextTable(frame, np.array([line for line, _ in body], dtype=np.int64), source)


def _header_problems(source: str, line: int, headers: list[str]) -> list[Problem]:
    where = f"{source}, line {line}"
    problems = []
    if "" in headers:
        problems.append(Problem(f"column {headers.index('') + 1} has no header", where, "give every column a header"))
    repeated = sorted({header for header in headers if header and headers.count(header) > 1})
    problems += [Problem(f"the header '{header}' stands twice", where, "rename one of them") for header in repeated]
    return problems


def _row_problems(source: str, headers: list[str], body: list[Row]) -> list[Problem]:
    long = [line for line, cells in body if any(cells[len(headers) :])]
    problems = []
    if long:
        problems.append(
            Problem(
                f"the row has more values than there are headers ({len(headers)})",
                f"{source}, {line_list(long)}",
                "put values that hold the separator in quotes; a decimal comma needs a semicolon or tab between values",
            )
        )
    for error in _EXCEL_ERRORS:
        lines = [line for line, cells in body if error in cells]
        if lines:
            problems.append(Problem(f"a cell holds the Excel error {error}", f"{source}, {line_list(lines)}", "mend the formula"))
    lines = [line for line, cells in body if NO_RESULT in cells]
    if lines:
        where, remedy = f"{source}, {line_list(lines)}", "open the workbook in Excel or LibreOffice, let it compute, and save it"
        problems.append(Problem("a cell holds a formula whose result is not stored", where, remedy))
    return [*problems, *_lost_characters(source, [(0, headers), *body])]


def _lost_characters(source: str, rows: list[Row]) -> list[Problem]:
    """Return a problem where another program has read the text in a wrong encoding and saved what it saw."""
    remedy = "go back to the file this one was made from, open it in its own encoding, and save it as CSV UTF-8"
    found: dict[str, list[int]] = {}
    for line, cells in rows:
        for cell in cells:
            if not cell.isascii() and ("\ufffd" in cell or _is_garbled(cell)):
                found.setdefault(cell, []).append(line)
    return [
        Problem(f"characters were lost when this was saved: '{cell:.80}'", f"{source}, {line_list(lines)}", remedy)
        for cell, lines in list(found.items())[:MOST_GARBLED]
    ]


def _is_garbled(text: str) -> bool:
    """Tell whether a text is UTF-8 that was taken for Western text (``Î±`` for ``α``); no word is both."""
    try:
        return text.encode("cp1252").decode("utf-8") != text
    except (UnicodeEncodeError, UnicodeDecodeError):
        return False


def line_list(lines: Iterable[int], most: int = 3) -> str:
    """Name lines politely: ``line 5``, ``lines 5, 6, 7 and 290 more``."""
    numbers = list(dict.fromkeys(lines))
    shown = ", ".join(str(number) for number in numbers[:most])
    more = f" and {len(numbers) - most} more" if len(numbers) > most else ""
    return f"{'line' if len(numbers) == 1 else 'lines'} {shown}{more}"
