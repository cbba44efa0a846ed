"""What was read from each well, as the report calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Readout:
    """One number a well.

    Attributes
    ----------
    name : its column in the tables.
    label : what the report calls it.
    direction : ``up``, ``down`` or ``both``: where the screen looks for hits.
    primary : whether hits are ranked by it.
    definition : how it is made from the cells, in words; '' where not known.
    about : ``interaction``, ``viability`` or ``state``; '' where the recipe does not say.
    minimum_effect : smallest effect that counts, on its own scale; None where the recipe does not say.
    """

    name: str
    label: str
    direction: str = "both"
    primary: bool = False
    definition: str = ""
    about: str = ""
    minimum_effect: float | None = None


def readouts_of(settings: Mapping[str, Any], found: Sequence[str]) -> tuple[Readout, ...]:
    """Return the read-outs of the recipe, then those only the tables know; primary ones first, order kept."""
    entries = settings.get("readout", [])
    declared = [_readout(entry) for entry in entries if isinstance(entry, Mapping) and entry.get("name")]
    known = {readout.name for readout in declared}
    declared += [Readout(name, spoken(name)) for name in found if name not in known]
    return tuple(sorted(declared, key=lambda readout: not readout.primary))


def spoken(name: str) -> str:
    """Return a column's name as words: ``nuclear_ratio`` gives ``nuclear ratio``."""
    return str(name).replace("_", " ").strip()


def _readout(entry: Mapping[str, Any]) -> Readout:
    name = str(entry["name"])
    return Readout(
        name=name,
        label=str(entry.get("label") or spoken(name)),
        direction=str(entry.get("direction", "both")),
        primary=bool(entry.get("primary", False)),
        definition=_definition(entry),
        about=str(entry.get("about") or ""),
        minimum_effect=entry.get("minimum_effect"),
    )


def _definition(entry: Mapping[str, Any]) -> str:
    if entry.get("column"):
        return f"the well table's column {entry['column']}"
    feature = entry.get("feature")
    if not feature:
        return ""
    aggregate = spoken(str(entry.get("aggregate", "median")))
    if entry.get("threshold") is not None:
        return f"the {aggregate} {entry['threshold']} of {feature} over the cells of a well"
    return f"the {aggregate} of {feature} over the cells of a well"
