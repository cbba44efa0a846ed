"""Read where each row of a plate map lies and what it is for: plate, well, role, and the plain words beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.plate.columns import ROLES
from coculture.plate.layout import Layout
from coculture.plate.map_columns import ChosenColumns
from coculture.plate.problems import TableProblems

Texts = NDArray[np.object_]

ANY_OTHER = "*"
"""As a key of ``roles``: every value that is not named."""

MOST_REPLICATES = 1_000_000
_ROLE_LIST = ", ".join(ROLES)


def read_plates(chosen: ChosenColumns, problems: TableProblems) -> Texts:
    """Return the plate of each row, shape (n,); an empty one is a problem."""
    plates = chosen.texts("plate")
    if chosen.has("plate"):
        problems_of_empty(plates, "the name of the plate is missing", chosen.header("plate"), problems)
        problems_of_case(plates, chosen.header("plate"), problems)
    return plates


def problems_of_empty(texts: Texts, what: str, column: str, problems: TableProblems) -> None:
    """Note the rows without a value."""
    rows = np.flatnonzero(texts == "")
    if len(rows):
        problems.add(what, "fill the cell, or take the row out", column=column, rows=rows)


def problems_of_case(texts: Texts, column: str, problems: TableProblems) -> None:
    """Note names that differ only in upper and lower case or in blanks: they are one thing, or two that will be mixed up."""
    spellings: dict[str, list[str]] = {}
    for text in dict.fromkeys(texts):
        spellings.setdefault("".join(text.split()).casefold(), []).append(text)
    for group in spellings.values():
        if len(group) > 1:
            rows = np.flatnonzero(texts == group[1])
            what = " and ".join(f"'{text}'" for text in group) + " differ only in capitals or blanks"
            problems.add(what, "use one spelling for one thing", column=column, rows=rows)


def read_wells(chosen: ChosenColumns, layout: Layout, problems: TableProblems) -> Texts:
    """Return the canonical well name of each row, shape (n,), '' where it cannot be read (and is a problem)."""
    if "well" in chosen.headers:
        names, column = chosen.raw("well"), chosen.header("well")
        problems_of_empty(names, "the name of the well is missing", column, problems)
        return _each_once(names, layout.canonical, column, problems)
    if "row" not in chosen.headers or "column" not in chosen.headers:
        return np.full(len(chosen.table.lines), "", dtype=object)
    column = f"'{chosen.header('row')}' and '{chosen.header('column')}'"
    pairs = chosen.raw("row") + "\t" + chosen.raw("column")
    codes, different = pd.factorize(pairs)
    joined = [_join_row_and_column(pair, layout) for pair in different]
    joined_names: Texts = np.array([*joined, ""], dtype=object)[codes]
    return _each_once(joined_names, layout.canonical, column, problems)


def _join_row_and_column(pair: str, layout: Layout) -> str:
    """Return the name of the well, or something that no layout takes for one."""
    row, column = pair.split("\t")
    if not row.isalnum() or not column.isdecimal():
        return f"{row or '?'}/{column or '?'}"
    if layout.is_chip or row.isdecimal():
        return f"r{row}c{column}"
    return f"{row}{column}"


def _each_once(texts: Texts, read: Callable[[str], str], column: str, problems: TableProblems) -> Texts:
    """Apply ``read`` to each different text, note what it refuses, and return the results in the order of the rows."""
    codes, different = pd.factorize(texts)
    results = np.full(len(different), "", dtype=object)
    for code, text in enumerate(different):
        if text == "":
            continue
        try:
            results[code] = read(text)
        except InputError as error:
            rows = np.flatnonzero(codes == code)
            for problem in error.problems:
                what = problem.what.replace(f"'{text}'", "{}")
                problems.add(what, problem.remedy, column=column, rows=rows, value=text)
    return results[codes]


def problems_of_repeats(plates: Texts, wells: Texts, column: str, problems: TableProblems) -> None:
    """Note wells that stand in the file more than once."""
    keys = pd.DataFrame({"plate": plates, "well": wells})
    known = (keys != "").all(axis=1)
    repeated = keys[known & keys.duplicated(keep=False)]
    for (plate, well), group in repeated.groupby(["plate", "well"], sort=False):
        remedy = "keep one row a well; several compounds in one well are joined with ' + '"
        what = f"several rows for one well of plate '{plate}': {{}}"
        problems.add(what, remedy, column=column, rows=group.index, value=str(well))


def read_roles(chosen: ChosenColumns, roles: Mapping[str, str], problems: TableProblems) -> Texts:
    """Return the role of each row, shape (n,), '' where it is not known (and is a problem).

    A value is looked up in ``roles``, then among our own roles, then takes what ``roles`` gives for ``*``.
    """
    texts = chosen.texts("role")
    if not chosen.has("role"):
        return texts
    known = _known_roles(roles, problems)
    column = chosen.header("role")
    if "" not in known:
        problems_of_empty(texts, "the role is missing", column, problems)
    codes, different = pd.factorize(texts)
    results = np.full(len(different), "", dtype=object)
    for code, text in enumerate(different):
        found = known.get(_plain(text)) or (known.get(ANY_OTHER) if text else None)
        if found:
            results[code] = found
        elif text:
            remedy = f"the roles are: {_ROLE_LIST}; say under roles what other values mean (roles: DMSO = 'negative')"
            problems.add("unknown role: {}", remedy, column=column, rows=np.flatnonzero(codes == code), value=text)
    return results[codes]


def _known_roles(roles: Mapping[str, str], problems: TableProblems) -> dict[str, str]:
    known = {role: role for role in ROLES}
    for text, role in roles.items():
        if role.strip().lower() in ROLES:
            known[_plain(text)] = role.strip().lower()
        else:
            problems.add(f"roles says '{text}' = '{role}', which is not a role", f"the roles are: {_ROLE_LIST}")
    return known


def _plain(text: str) -> str:
    """Write a role's value so that -1, -1.0 and '-1 ' are one."""
    text = text.strip().lower()
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


def read_replicates(chosen: ChosenColumns, problems: TableProblems) -> NDArray[np.int64] | None:
    """Return the replicate of each row, shape (n,), or None where the file has none."""
    if not chosen.has("replicate"):
        return None
    texts = chosen.texts("replicate")
    column = chosen.header("replicate")
    if (texts == "").all():
        return None
    problems_of_empty(texts, "some wells have the number of their replicate and some have not", column, problems)
    numbers = _each_once(texts, _replicate, column, problems)
    return np.array([int(number or 0) for number in numbers], dtype=np.int64)


def _replicate(text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 1 <= number <= MOST_REPLICATES or not number.is_integer():
        raise InputError(f"not the number of a replicate: '{text}'", remedy="count 1, 2, 3; or leave the column out")
    return str(int(number))
