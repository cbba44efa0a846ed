"""Names of wells as files give them, in the layout's own spelling."""

from __future__ import annotations

from collections.abc import Mapping

from coculture.errors import FileError, InputError, Problem
from coculture.plate.layout import Layout

MOST_LISTED = 20
"""Problems listed one by one before the rest is counted."""


def canonical_wells(names: Mapping[str, str], layout: Layout) -> dict[str, str]:
    """Return name as given → the layout's name.

    Parameters
    ----------
    names : name as given → a file that has it.

    Raises
    ------
    FileError : naming every well the layout does not have, with its file.
    """
    canonical: dict[str, str] = {}
    problems: list[Problem] = []
    for name, path in names.items():
        try:
            canonical[name] = layout.canonical(name)
        except InputError as error:
            problems.append(Problem(error.problems[0].what, path, "correct the layout, the pattern or the file's name"))
    if problems:
        raise FileError(shortened(problems, "wells"))
    return canonical


def shortened(problems: list[Problem], what: str) -> list[Problem]:
    """Keep the first problems and count the rest."""
    if len(problems) <= MOST_LISTED:
        return problems
    return [*problems[:MOST_LISTED], Problem(f"and {len(problems) - MOST_LISTED} more {what}")]
