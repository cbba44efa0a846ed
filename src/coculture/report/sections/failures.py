"""Wells that could not be measured, with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coculture.report.language import say
from coculture.report.reading import Results

MOST_ROWS = 100


@dataclass(frozen=True)
class FailedWell:
    """A well and why it has no numbers."""

    plate: str
    well: str
    reason: str


@dataclass(frozen=True)
class FailuresSection:
    """What the template of the failed wells may use."""

    rows: tuple[FailedWell, ...]
    n_all: int
    statement: str


def failed_wells(ledger: Sequence[Mapping[str, Any]]) -> tuple[FailedWell, ...]:
    """Return the wells whose last entry in the ledger is a failure, in order of plate and well."""
    last = {(str(entry.get("plate", "")), str(entry.get("well", ""))): entry for entry in ledger}
    return tuple(
        FailedWell(plate, well, str(entry.get("reason") or say("no reason was recorded")))
        for (plate, well), entry in sorted(last.items())
        if entry.get("status") == "failed"
    )


def failures_section(results: Results) -> FailuresSection:
    """Return the section; it has no rows where every well was measured."""
    rows = failed_wells(results.ledger)
    statement = (
        say("The first {n} of {all:,}; all stand in {file}.", n=MOST_ROWS, all=len(rows), file="ledger.jsonl")
        if len(rows) > MOST_ROWS
        else ""
    )
    return FailuresSection(rows[:MOST_ROWS], len(rows), statement)
