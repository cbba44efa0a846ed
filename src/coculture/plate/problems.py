"""Collect everything that is wrong with a table file, so that it is mended in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from coculture.errors import InputError, Problem
from coculture.plate.text_table import TextTable, line_list

MOST_SHOWN = 20
"""How many different problems one message lists; the rest is counted."""


class TableProblems:
    """The problems of one table file. The same fault in many rows is told once, with the values and the rows."""

    def __init__(self, table: TextTable) -> None:
        self._table = table
        self._found: dict[tuple[str, str, str], _Occurrences] = {}

    def add(self, what: str, remedy: str, *, column: str = "", rows: Iterable[int] = (), value: str = "") -> None:
        """Note a fault.

        Parameters
        ----------
        what : the fault. ``{}`` stands for the value: faults that differ only in their value are told together.
        remedy : what the user can do.
        column : header of the column in the file, '' where the fault is not in one column.
        rows : positions of the rows in the table, none where the fault is of the whole file.
        value : what was found.
        """
        occurrences = self._found.setdefault((what, remedy, column), _Occurrences())
        occurrences.rows.update(int(row) for row in rows)
        occurrences.values[value] = None

    def __bool__(self) -> bool:
        return bool(self._found)

    def _problem(self, what: str, remedy: str, column: str, occurrences: _Occurrences) -> Problem:
        where = [self._table.source]
        if occurrences.rows:
            where.append(line_list(self._table.lines[sorted(occurrences.rows)].tolist()))
        if column:
            where.append(f"column {column}" if column.startswith("'") else f"column '{column}'")
        return Problem(what.replace("{}", _value_list(list(occurrences.values))), ", ".join(where), remedy)

    def raise_if_any(self) -> None:
        """Raise one error that holds them all, in the order of the file.

        Raises
        ------
        InputError : if there is a problem. At most ``MOST_SHOWN`` are listed, and the rest counted.
        """
        if not self._found:
            return
        ordered = sorted(self._found.items(), key=lambda item: min(item[1].rows, default=-1))
        problems = [self._problem(*key, occurrences) for key, occurrences in ordered]
        if len(problems) > MOST_SHOWN:
            rest = len(problems) - MOST_SHOWN
            problems = [*problems[:MOST_SHOWN], Problem(f"and {rest} more problems", self._table.source, "mend these first")]
        raise InputError(problems)


@dataclass
class _Occurrences:
    """Where one fault stands (row positions), and with which values (in the order found)."""

    rows: set[int] = field(default_factory=set)
    values: dict[str, None] = field(default_factory=dict)


def _value_list(values: list[str], most: int = 4) -> str:
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(f"'{value}'" for value in values[:most]) + more
