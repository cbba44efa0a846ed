"""What a person reads at the end of a run."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coculture.units import label

if TYPE_CHECKING:
    import pandas as pd

    from coculture.run.execute import RunOutcome

MOST_HITS = 10
MOST_NOTES = 5


def summary(outcome: RunOutcome, report: Path | None) -> str:
    """Return the outcome in a few lines: wells, quality, hits, where the report is."""
    lines = [_wells(outcome), *_quality(outcome.result.quality), *_hits(outcome.result.hits)]
    lines += [f"Note:    {note}" for note in outcome.notes[:MOST_NOTES]]
    if len(outcome.notes) > MOST_NOTES:
        lines.append(f"         and {len(outcome.notes) - MOST_NOTES} more notes in run.json")
    lines.append(f"Report:  {report}" if report else f"Results: {outcome.results}")
    return "\n".join(lines)


def _wells(outcome: RunOutcome) -> str:
    before = f" ({outcome.n_before} of them before)" if outcome.n_before else ""
    text = f"Wells:   {outcome.n_wells - len(outcome.failed)} of {outcome.n_wells} done{before}"
    return f"{text}, {failures_told(outcome)}" if outcome.failed else text


def failures_told(outcome: RunOutcome) -> str:
    """Return how many wells failed, and each with its reason."""
    text = f"{len(outcome.failed)} failed; 'coculture run' again tries them again:"
    return text + "".join(f"\n  - {line.plate} {line.well}: {line.reason}" for line in outcome.failed)


def _quality(quality: pd.DataFrame) -> Iterator[str]:
    for readout, rows in quality.groupby("readout", sort=False):
        verdicts = rows["verdict"].value_counts(sort=True)
        told = ", ".join(f"{count} plates {verdict}" if len(rows) > 1 else str(verdict) for verdict, count in verdicts.items())
        z_prime = rows["z_prime"].median()
        value = f" (Z′ {z_prime:.2f})" if z_prime == z_prime else ""
        yield f"Quality: {readout}: {told}{value}"


def _hits(hits: pd.DataFrame) -> Iterator[str]:
    found = hits[hits["hit"]]
    compounds = found["compound"].nunique()
    yield f"Hits:    {len(found)} of {len(hits)} comparisons, {compounds} compounds"
    rows: list[dict[str, Any]] = found.head(MOST_HITS).to_dict("records")  # type: ignore[assignment]
    for row in rows:
        dose = f" {row['dose']:g} {label(row['dose_unit'])}" if row["dose"] == row["dose"] else ""
        condition = f" [{row['condition']}]" if row["condition"] else ""
        what = f"{row['compound']}{dose}{condition}: {row['readout']} {row['direction']}"
        yield f"  {row['rank']:>3}. {what}, q = {row['q_value']:.2g}"
    if len(found) > MOST_HITS:
        yield f"       and {len(found) - MOST_HITS} more in hits.parquet"


def how_to_go_on(
    recipe: Path, out: Path | None, images: Path | None, scheduler: str | None = None, store: str | None = None
) -> str:
    """Return what to say when a run was stopped: the command that goes on with it."""
    words = ["coculture", "run", str(recipe)]
    words += ["-o", str(out)] if out else []
    words += ["--images", str(images)] if images else []
    words += ["--scheduler", scheduler] if scheduler else []
    words += ["--store", store] if store else []
    return "Stopped. Finished wells are kept; to go on:\n  " + shlex.join(words)
