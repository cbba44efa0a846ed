"""The grid of wells: how many there are, what they are called, which lie at the edge.

A plate's wells are named by row letters and column number (``A01`` to ``AF48``). A chip layout is a set of equal chips
that are handled together; each row is a chip, each column a unit on it, and the name says both (``C01U03``: chip 1,
unit 3). Positions are (row, column), counted from 0 at the top left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError

STANDARD_PLATES: dict[int, tuple[int, int]] = {
    6: (2, 3),
    12: (3, 4),
    24: (4, 6),
    48: (6, 8),
    96: (8, 12),
    384: (16, 24),
    1536: (32, 48),
}
"""Rows and columns of the plates that are sold (ANSI/SLAS 4-2004 for 96 to 1536 wells)."""

_GRID = re.compile(r"(?:plate\s*)?(\d+)\s*[x×]\s*(\d+)", re.IGNORECASE)
_CHIP = re.compile(r"chips?\s*(\d+)\s*[x×]\s*(\d+)", re.IGNORECASE)
_ROW_COLUMN = re.compile(r"R(?:OW)?(\d+)C(?:OL|OLUMN)?(\d+)")
_LETTERS = re.compile(r"([A-Z]{1,2})(\d+)")
_UNIT = re.compile(r"C(?:HIP)?(\d+)U(?:NIT)?(\d+)")
_SEPARATORS = re.compile(r"[\s_\-:.]+")


def row_letters(row: int) -> str:
    """Return the letters of a row counted from 0 (0 gives ``A``, 26 gives ``AA``)."""
    return chr(65 + row) if row < 26 else chr(64 + row // 26) + chr(65 + row % 26)


def row_number(letters: str) -> int:
    """Return the row, counted from 0, that ``letters`` name (``AA`` gives 26)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


MOST_LETTERS = 40
"""More is read of no name of a well or layout; numbers stay of a size that can be counted."""


@dataclass(frozen=True)
class Layout:
    """A grid of wells.

    Attributes
    ----------
    rows, columns : size of the grid; for chips, the number of chips and of units on each.
    name : what a person calls it: ``96 wells`` or ``chip 4x8``.
    """

    rows: int
    columns: int
    name: str

    @classmethod
    def of(cls, spec: int | str) -> Layout:
        """Return the layout that ``spec`` names.

        Parameters
        ----------
        spec : 6, 12, 24, 48, 96, 384 or 1536; ``"chip 4x8"`` for 4 chips of 8 units each; ``"plate 1x8"`` for any
            other grid of rows x columns.

        Raises
        ------
        InputError : if the layout is not known, or larger than 52 rows or 99 columns.
        """
        text = str(spec).strip()[:MOST_LETTERS]
        number = re.fullmatch(r"(\d+)(?:\s*[- ]?wells?)?", text, re.IGNORECASE)
        if number and int(number[1]) in STANDARD_PLATES:
            wells = int(number[1])
            return cls(*STANDARD_PLATES[wells], name=f"{wells} wells")
        for pattern, word in ((_CHIP, "chip"), (_GRID, "plate")):
            match = pattern.fullmatch(text)
            if match:
                return cls._grid(int(match[1]), int(match[2]), word)
        raise InputError(f"unknown layout '{spec}'", remedy=_LAYOUT_REMEDY)

    @classmethod
    def _grid(cls, rows: int, columns: int, word: str) -> Layout:
        most_rows = 99 if word == "chip" else 52
        if not (1 <= rows <= most_rows and 1 <= columns <= 99):
            raise InputError(
                f"a layout of {rows} x {columns} cannot be named", remedy=f"use 1 to {most_rows} rows, 1 to 99 columns"
            )
        return cls(rows, columns, f"{word} {rows}x{columns}")

    @property
    def is_chip(self) -> bool:
        """Whether rows are chips and columns are units on them."""
        return self.name.startswith("chip")

    def __len__(self) -> int:
        return self.rows * self.columns

    @cached_property
    def _positions(self) -> dict[str, tuple[int, int]]:
        return {self.well_name(row, column): (row, column) for row in range(self.rows) for column in range(self.columns)}

    def well_name(self, row: int, column: int) -> str:
        """Return the canonical name of the well at ``row``, ``column``, both counted from 0.

        Raises
        ------
        InputError : if the position lies outside the layout.
        """
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            raise InputError(f"row {row + 1}, column {column + 1} lies outside the layout ({self.name})", remedy=self._range)
        return f"C{row + 1:02d}U{column + 1:02d}" if self.is_chip else f"{row_letters(row)}{column + 1:02d}"

    def wells(self) -> list[str]:
        """Return all names, row by row."""
        return list(self._positions)

    def position(self, name: str) -> tuple[int, int]:
        """Return (row, column), counted from 0, of the well called ``name``.

        ``A1``, ``a01``, ``A-01``, ``AA12`` and ``r01c01`` are understood; for chips ``C1U3``, ``chip 1 unit 3`` and
        ``r01c03``.

        Raises
        ------
        InputError : if the name cannot be read or lies outside the layout.
        """
        found = self._positions.get(name)
        return found if found is not None else self._parse(name)

    def _parse(self, name: str) -> tuple[int, int]:
        text = _SEPARATORS.sub("", name).upper()[:MOST_LETTERS]
        match = _ROW_COLUMN.fullmatch(text) or (_UNIT if self.is_chip else _LETTERS).fullmatch(text)
        if match is None:
            raise InputError(f"not the name of a well: '{name}'", remedy=self._name_remedy(text))
        row = int(match[1]) - 1 if match[1].isdecimal() else row_number(match[1])
        column = int(match[2]) - 1
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            remedy = f"{self._range}; or change the layout"
            raise InputError(f"outside the layout ({self.name}): well '{name}'", remedy=remedy)
        return row, column

    def _name_remedy(self, text: str) -> str:
        if text.isdecimal():
            return "a bare number does not say whether wells are counted by row or by column: give row and column"
        return self._range

    @property
    def _range(self) -> str:
        last = self.well_name(self.rows - 1, self.columns - 1)
        return f"wells are named {self.well_name(0, 0)} to {last}"

    def canonical(self, name: str) -> str:
        """Return the one spelling of a well's name this project uses (``a1`` and ``r01c01`` give ``A01``)."""
        return self.well_name(*self.position(name))

    def positions(self, names: Iterable[str]) -> NDArray[np.int64]:
        """Return the positions of many wells, shape (n, 2): row and column, counted from 0."""
        return np.array([self.position(name) for name in names], dtype=np.int64).reshape(-1, 2)

    def edge_distance(self, name: str) -> int:
        """Return how many wells lie between ``name`` and the outside: 0 at the edge.

        On chips only the ends of each chip count: neighbouring chips do not shield one another.
        """
        row, column = self.position(name)
        along = min(column, self.columns - 1 - column)
        return along if self.is_chip else min(row, self.rows - 1 - row, along)

    def is_edge(self, name: str) -> bool:
        """Tell whether the well lies at the edge."""
        return self.edge_distance(name) == 0


_LAYOUT_REMEDY = (
    "use a number of wells (" + ", ".join(map(str, STANDARD_PLATES)) + "), 'chip 4x8' for 4 chips of 8 units, or 'plate 1x8'"
)
