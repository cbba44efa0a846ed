"""Contacts between types of cells against chance: controls and top hits side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture.report.figures.contact_matrix import PairContacts, contact_matrix, enrichment_bar, signed
from coculture.report.language import say
from coculture.report.reading import Results
from coculture.report.sections.compared import Compared, compared
from coculture.report.words.numbers import count, significant, span

MOST_TYPES = 8
MOST_WITH_CONTACTS = 5
"""With more types the squares have no room for a second line."""

LEAST_REACH = 3.0
"""The colours reach at least so many standard deviations, so that chance alone looks pale."""

_Z, _LOG2, _CONTACTS = "well_enrichment_z_", "well_enrichment_log2_", "well_contacts_"
_TERRITORY_Z = "well_territory_enrichment_z_"


@dataclass(frozen=True)
class ContactPanel:
    """The contacts of wells that got the same: what they got, how many there are, and the drawing."""

    name: str
    about: str
    drawing: Markup


@dataclass(frozen=True)
class ContactsSection:
    """What the template of the contacts may use.

    Attributes
    ----------
    below : what stands below z: ``contacts`` of a cell, z on ``territories`` where outlines follow a stain, or nothing (no room).
    statement : what was left out; '' where nothing was.
    """

    panels: tuple[ContactPanel, ...]
    bar: Markup
    below: str
    statement: str


def contacts_section(results: Results) -> ContactsSection | None:
    """Return the section; None where fewer than two types were told apart or no contact was judged against chance."""
    types = types_of([str(name) for name in results.wells.columns])
    if len(types) < 2:
        return None
    shown = _commonest(results.wells, types)
    groups = [(group, _pairs(group.wells, shown)) for group in compared(results)]
    groups = [(group, pairs) for group, pairs in groups if any(pair.z is not None for pair in pairs.values())]
    if not groups:
        return None
    known = [pair.z for _, pairs in groups for pair in pairs.values() if pair.z is not None]
    reach = max(LEAST_REACH, *(abs(z) for z in known))
    left_out = len(types) - len(shown)
    return ContactsSection(
        panels=tuple(_panel(group, pairs, shown, reach) for group, pairs in groups),
        bar=enrichment_bar(reach),
        below="" if len(shown) > MOST_WITH_CONTACTS else "territories" if _on_territories(results.wells) else "contacts",
        statement=say("The {n} most frequent of {all} types are shown.", n=len(shown), all=len(types)) if left_out else "",
    )


def types_of(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the types of cells the well table speaks of, by the columns on a type with itself, sorted."""
    found = set()
    for name in columns:
        for lead in (_Z, _CONTACTS):
            pair = name.removeprefix(lead) if name.startswith(lead) else ""
            half = len(pair) // 2
            if half and len(pair) % 2 and pair[half] == "_" and pair[:half] == pair[half + 1 :]:
                found.add(pair[:half])
    return tuple(sorted(found))


def _commonest(wells: pd.DataFrame, types: Sequence[str]) -> tuple[str, ...]:
    if len(types) <= MOST_TYPES:
        return tuple(types)
    totals = {name: float(wells[f"n_{name}"].sum()) if f"n_{name}" in wells else 0.0 for name in types}
    return tuple(sorted(sorted(types, key=lambda name: -totals[name])[:MOST_TYPES]))


def _pairs(wells: pd.DataFrame, types: Sequence[str]) -> dict[tuple[str, str], PairContacts]:
    """Return the medians over the wells for every row and column of the matrix."""
    return {(a, b): _pair(wells, a, b) for a in types for b in types}


def _pair(wells: pd.DataFrame, a: str, b: str) -> PairContacts:
    z, log2, territory = (_either(wells, lead, a, b) for lead in (_Z, _LOG2, _TERRITORY_Z))
    per_cell = _values(wells, f"{_CONTACTS}{a}_{b}")
    parts = [say("{a} touching {b}", a=a, b=b)]
    if len(z):
        parts.append(
            say("z {z} (median of {wells}, {spread})", z=signed(float(z.median())), wells=count(len(z), "well"), spread=_range(z))
        )
    else:
        parts.append(say("no contact could be judged against chance"))
    if len(log2):
        parts.append(say("{times} times the contacts of chance", times=significant(2 ** float(log2.median()), 2)))
    if len(per_cell):
        parts.append(say("a cell of type {a} touches {n} of type {b}", a=a, n=significant(float(per_cell.median()), 2), b=b))
    below = say("{n} per cell", n=significant(float(per_cell.median()), 2)) if len(per_cell) else ""
    if len(territory):
        parts.append(say("z {z} on territories", z=signed(float(territory.median()))))
        below = say("territory {z}", z=signed(float(territory.median())))
    return PairContacts(_median(z), below, " · ".join(parts))


def _on_territories(wells: pd.DataFrame) -> bool:
    return any(str(name).startswith(_TERRITORY_Z) for name in wells.columns)


def _either(wells: pd.DataFrame, lead: str, a: str, b: str) -> pd.Series:
    """Return the column of a pair, which is named in one of its two orders."""
    forward = _values(wells, f"{lead}{a}_{b}")
    return forward if len(forward) else _values(wells, f"{lead}{b}_{a}")


def _values(wells: pd.DataFrame, name: str) -> pd.Series:
    return wells[name].dropna().astype(float) if name in wells else pd.Series(dtype=float)


def _median(values: pd.Series) -> float | None:
    return float(values.median()) if len(values) else None


def _range(values: pd.Series) -> str:
    return span(signed(float(values.min())), signed(float(values.max())))


def _panel(group: Compared, pairs: dict[tuple[str, str], PairContacts], types: Sequence[str], reach: float) -> ContactPanel:
    about = " · ".join(part for part in (group.about, count(len(group.wells), "well")) if part)
    spoken = say("; ").join(
        say("{a} and {b} {z}", a=a, b=b, z=signed(pair.z)) for (a, b), pair in pairs.items() if a <= b and pair.z is not None
    )
    drawing = contact_matrix(
        pairs, types, reach, title=say("Contacts between types, {name}", name=group.name), description=f"z: {spoken}"
    )
    return ContactPanel(group.name, about, drawing)
