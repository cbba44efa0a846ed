"""The notes of all wells as a few sentences: what many wells have in common is told once, with the wells' names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coculture.run.check.finding import named

Well = tuple[str, str]

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def gathered_notes(notes: Iterable[tuple[Well, str]]) -> tuple[str, ...]:
    """Return one sentence for all notes that differ in their numbers only.

    Parameters
    ----------
    notes : (well, note), in the order of the wells.

    Returns
    -------
    'P A01: 3 of 40 tracks …', or, where several wells have it, 'P A01, P A02 and 30 more (the first: 3 of 40 tracks …)'. Every
    well's own notes, with its own numbers, stay in ``work/wells``.
    """
    alike: dict[str, list[tuple[Well, str]]] = {}
    for well, note in notes:
        alike.setdefault(_NUMBER.sub("#", note), []).append((well, note))
    return tuple(_sentence(found) for found in alike.values())


def _sentence(found: list[tuple[Well, str]]) -> str:
    wells = list(dict.fromkeys(f"{plate} {well}" for (plate, well), _ in found))
    first = found[0][1]
    if len(wells) == 1 and len(found) == 1:
        return f"{wells[0]}: {first}"
    same = len({note for _, note in found}) == 1
    return f"{named(wells)}: {first}" if same else f"{named(wells)} (the first: {first})"
