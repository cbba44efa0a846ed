"""Numbers as people write them in tables: ``0.5``, ``0,5``, ``1e-3``, ``5 µM``.

A comma is a decimal sign in half the world and a thousands separator in the other half. The whole column decides:
``0,5`` cannot be thousands, so one such value settles it. Where nothing settles it (``1,000`` alone), the reader asks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(\d+,\d+|,\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_WITH_UNIT = re.compile(r"(?P<number>[+-]?[\d.,]+(?:[eE][+-]?\d+)?)\s*(?P<unit>[^\d\s.,+-][^\d\s]*)?")

COMMA_REMEDY = "write decimals with a point and leave thousands separators out"


@dataclass(frozen=True)
class ColumnNumbers:
    """The numbers of one column.

    Attributes
    ----------
    values : for each text, its number.
    units : for each text, the unit written in the cell, '' for none.
    faults : for each text that is not a number, (what is wrong with {} for the text, remedy).
    """

    values: dict[str, float]
    units: dict[str, str]
    faults: dict[str, tuple[str, str]]


def read_numbers(texts: Iterable[str]) -> ColumnNumbers:
    """Read the numbers of one column, deciding for all of them together what a comma means.

    Parameters
    ----------
    texts : the different texts of the column, none of them empty.
    """
    cells = {text: _WITH_UNIT.fullmatch(text) for text in texts}
    found = {text: match for text, match in cells.items() if match}
    numbers = {text: match["number"] for text, match in found.items()}
    decimal_comma = any(_COMMA.fullmatch(number) and not _THOUSANDS.fullmatch(number) for number in numbers.values())
    values: dict[str, float] = {}
    faults = {text: ("not a number: {}", "give a number, or leave the cell empty") for text in cells if text not in found}
    for text, number in numbers.items():
        outcome = _read_number(number, decimal_comma)
        if isinstance(outcome, float):
            values[text] = outcome
        else:
            faults[text] = (outcome, COMMA_REMEDY)
    return ColumnNumbers(values, {text: match["unit"] or "" for text, match in found.items()}, faults)


def _read_number(number: str, decimal_comma: bool) -> float | str:
    """Return the number, or why it cannot be read."""
    if "," in number:
        if decimal_comma and _COMMA.fullmatch(number):
            return float(number.replace(",", "."))
        if _THOUSANDS.fullmatch(number):
            return "a comma that may separate thousands or decimals: {}"
        return "not a number: {}"
    if not _POINT.fullmatch(number):
        return "not a number: {}"
    if decimal_comma and "." in number:
        return "a decimal point, where other values of the column have a decimal comma: {}"
    value = float(number)
    return value if math.isfinite(value) else "too large a number: {}"
