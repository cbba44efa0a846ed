"""A text as the cell of a table that people will open in a spreadsheet, and the text such a cell stands for.

A spreadsheet computes a cell that begins as a formula does, and with it what a stranger wrote as the name of a compound
(OWASP, "CSV injection"). An apostrophe before it makes it a text again. So that the way back is exact, a text that begins
with an apostrophe gets one more. A program that cuts a line at another sign than the comma sees the beginning of a cell
behind that sign, so the same holds there. What is a plain number stays one.
"""

from __future__ import annotations

import re

MARK = "'"
LINE_END = "\r\n"
"""Of a table that leaves (RFC 4180); with another one Python leaves a carriage return in a text unquoted, which ends the row."""

_FORMULA = r"=+\-@\uff1d\uff0b\uff0d\uff20"  # and their full-width forms, which some programs take for the same
_BEGINNING = r'(?:^|(?<=[;\t\r\n"|]))'
_WOULD_COMPUTE = rf"(?=\s*[{_FORMULA}{MARK}]|[\t\r\n])"
_RISKY = re.compile(_BEGINNING + _WOULD_COMPUTE)
_MARKED = re.compile(_BEGINNING + MARK + _WOULD_COMPUTE)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")


def as_cell(text: str) -> str:
    """Return the cell that stands for a text: the text, with an apostrophe wherever a spreadsheet could begin a formula.

    >>> as_cell("=1+1"), as_cell("-0.5"), as_cell("'s")
    ("'=1+1", '-0.5', "''s")
    """
    return text if _NUMBER.fullmatch(text) else _RISKY.sub(MARK, text)


def of_cell(cell: str) -> str:
    """Return the text a cell stands for; the inverse of :func:`as_cell`."""
    return _MARKED.sub("", cell)
