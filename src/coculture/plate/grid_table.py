"""Plate maps that look like the plate: one grid for compounds, one for doses, below one another.

    compound,1,2,3
    A,DMSO,wortmannin,wortmannin
    B,DMSO,LY294002,LY294002

    dose,1,2,3
    A,0,0.1,0.2
    B,0,5,10

The top-left cell says what a grid holds. The grids are unfolded to one row a well, so that everything after is the
same for both kinds of file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from coculture.errors import InputError, Problem
from coculture.plate.layout import Layout
from coculture.plate.text_table import TextTable

_ROW_NAME = re.compile(r"[A-Za-z]{1,2}|\d+")


def is_grid(table: TextTable) -> bool:
    """Tell whether the file looks like a plate: all headers but the first count the columns."""
    return _counts_columns(table.headers)


def _counts_columns(cells: list[str]) -> bool:
    """Tell whether a row is a grid's header: column numbers, and not the letters or number of a row before them."""
    numbers = [cell for cell in cells[1:] if cell]
    return len(numbers) > 1 and all(cell.isdecimal() for cell in numbers) and not _ROW_NAME.fullmatch(cells[0])


def unfold_grid(table: TextTable, layout: Layout) -> TextTable:
    """Turn grids into one row a well, with a column ``well`` and one for each grid.

    Wells that are empty in all grids are left out. A well's line is that of its row in the first grid.

    Raises
    ------
    InputError : if a grid does not say what it holds, two hold the same, or a row or column lies outside the layout.
    """
    problems: list[Problem] = []
    layers: dict[str, dict[str, str]] = {}
    lines: dict[str, int] = {}
    for name, well, text, line in _cells(table, layout, problems):
        layers.setdefault(name, {})[well] = text
        lines.setdefault(well, line)
    if problems:
        raise InputError(problems)
    wells = list(lines)
    cells = pd.DataFrame({"well": wells, **{name: [layer.get(well, "") for well in wells] for name, layer in layers.items()}})
    return TextTable(cells.astype(object), np.array(list(lines.values()), dtype=np.int64), table.source)


def _cells(table: TextTable, layout: Layout, problems: list[Problem]) -> Iterator[tuple[str, str, str, int]]:
    """Yield (what the grid holds, well, text, line) of every cell that lies in the layout."""
    rows = [table.headers, *table.cells.to_numpy().tolist()]
    seen: set[str] = set()
    header = rows[0]
    for line, cells in zip([0, *table.lines.tolist()], rows, strict=True):
        where = f"{table.source}, line {line}" if line else f"{table.source}, header"
        if cells is rows[0] or _counts_columns(cells):
            header = cells
            _check_title(cells[0], seen, where, problems)
            seen.add(cells[0])
            continue
        for column, text in zip(header[1:], cells[1:], strict=True):
            if column and text:
                well = _well(cells[0], column, layout, where, problems)
                yield header[0], well, text, line


def _check_title(title: str, seen: set[str], where: str, problems: list[Problem]) -> None:
    if not title:
        remedy = "write it into the top-left cell: compound, dose, role"
        problems.append(Problem("a grid does not say what it holds", where, remedy))
    elif title in seen:
        problems.append(Problem(f"two grids hold '{title}'", where, "a file has one grid for each thing, and one plate"))


def _well(row: str, column: str, layout: Layout, where: str, problems: list[Problem]) -> str:
    try:
        return layout.canonical(f"r{row}c{column}" if row.isdecimal() else f"{row}{column}")
    except InputError as error:
        problems += [Problem(problem.what, where, problem.remedy) for problem in error.problems]
        return ""
