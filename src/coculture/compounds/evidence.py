"""How well the numbers of the library are known: counted by what was read of their sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from coculture.compounds.carrier import Carrier
from coculture.compounds.citation import EVIDENCE, Cited, CitedRange, Evidence, Source
from coculture.compounds.compound import Effect
from coculture.compounds.files.reading import Entry


def cited_numbers(entry: Entry) -> Iterator[Cited | CitedRange]:
    """Yield every number and range of an entry that has a source; a release law's stand in ``release_source``."""
    yield from _within(entry)
    if isinstance(entry, Carrier):
        for name in _parameters(entry.release):
            yield Cited(float(getattr(entry.release, name)), entry.release_source)


def evidence_counts(entries: Iterable[Entry]) -> dict[str, int]:
    """Return how many numbers rest on each kind of evidence, strongest first; kinds that none rests on are 0."""
    found: Counter[str] = Counter(number.source.evidence for entry in entries for number in cited_numbers(entry))
    return {kind: found.get(kind, 0) for kind in EVIDENCE}


def curve_counts(entries: Iterable[Entry]) -> dict[str, int]:
    """Return how many effects rest on each kind of evidence, by their dose of half effect."""
    found: Counter[str] = Counter(curve_evidence(effect) for entry in entries for effect in getattr(entry, "effects", ()))
    return {kind: found.get(kind, 0) for kind in EVIDENCE}


def curve_evidence(effect: Effect) -> Evidence:
    """Return what an effect's dose of half effect rests on: the number that decides at which dose it acts."""
    return effect.curve.half.source.evidence


def assumed_parts(effect: Effect) -> tuple[str, ...]:
    """Return which numbers of an effect were chosen by us and not read."""
    named: dict[str, Source] = {"half": effect.curve.half.source, "slope": effect.curve.slope.source}
    for field in fields(effect):
        value = getattr(effect, field.name)
        if isinstance(value, Cited):
            named[field.name.replace("_", " ")] = value.source
    return tuple(name for name, source in named.items() if source.evidence == "assumed")


def _within(value: Any) -> Iterator[Cited | CitedRange]:
    if isinstance(value, Cited | CitedRange):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _within(one)
    elif is_dataclass(value) and not isinstance(value, Source):
        for field in fields(value):
            yield from _within(getattr(value, field.name))


def _parameters(law: Any) -> list[str]:
    return [field.name for field in fields(law) if isinstance(getattr(law, field.name), int | float)]
