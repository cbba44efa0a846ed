"""Wells that are shown side by side: the controls, each arm of the screen by itself, and the top hits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from coculture.report.language import mark, say
from coculture.report.reading import Results
from coculture.report.readouts import Readout
from coculture.report.records import CONTRAST, flags, records
from coculture.report.sections.plates import given
from coculture.report.words.numbers import fixed, is_missing, text_of

MOST_HITS = 4
MOST_TREATMENTS = 24
"""Rows of a read-out's ranking in which hits are looked for."""

MOST_ARMS = 3
"""Arms of the screen whose controls are shown apart; controls of more arms are shown together."""


CONTROLS = {"negative": mark("negative control"), "positive": mark("positive control")}


@dataclass(frozen=True)
class Compared:
    """Wells that got the same.

    Attributes
    ----------
    name : what they got, in words.
    role : ``negative``, ``positive`` or ``hit``.
    about : what makes a hit one, as ``rank 1``; '' for controls.
    wells : their rows of the well table, sorted.
    """

    name: str
    role: str
    about: str
    wells: pd.DataFrame


def compared(results: Results, most_hits: int = MOST_HITS) -> tuple[Compared, ...]:
    """Return the controls, then up to ``most_hits`` hits: of the primary read-out first, then one of each other."""
    return (*_controls(results), *_hits(results, most_hits))


def _controls(results: Results) -> Iterator[Compared]:
    wells = results.wells.sort_values(["plate", "well"], kind="stable")
    arms = results.conditions if 1 < len(results.conditions) <= MOST_ARMS else ("",)
    for role in ("negative", "positive"):
        rows = wells[wells["role"] == role]
        for arm in arms:
            chosen = rows[rows["condition"] == arm] if arm else rows
            if len(chosen):
                yield Compared(say(CONTROLS[role]) + (f", {arm}" if arm else ""), role, "", chosen)


def _hits(results: Results, most: int) -> Iterator[Compared]:
    shown: set[tuple[str, str, str]] = set()
    for place, readout in enumerate(results.readouts):
        limit = most if place == 0 else min(most, len(shown) + 1)
        for row in varied_hits(results.hits[results.hits["readout"] == readout.name])[:MOST_TREATMENTS]:
            treatment = (text_of(row["compound"]), str(row["dose"]), arm_of(row))
            if len(shown) >= limit or treatment in shown:
                continue
            wells = wells_of(results.wells, row)
            if len(wells):
                shown.add(treatment)
                yield _hit(row, wells, readout, primary=place == 0)


def _hit(row: dict[str, object], wells: pd.DataFrame, readout: Readout, *, primary: bool) -> Compared:
    what = given("treatment", row["compound"], row["dose"], row["dose_unit"])
    name = ", ".join(part for part in (what, arm_of(row)) if part)
    about = say("hit, rank {rank}", rank=fixed(row["rank"], 0)) if primary else say("hit by {label}", label=readout.label)
    return Compared(name, "hit", about, wells.sort_values(["plate", "well"], kind="stable"))


def varied_hits(rows: pd.DataFrame) -> list[dict[str, object]]:
    """Return the hits: the best of each compound, then the second of each, so that different things are shown."""
    hits = rows[flags(rows["hit"])].sort_values("rank", kind="stable")
    turn = hits.groupby("compound", sort=False, dropna=False).cumcount()
    return records(hits.assign(turn=turn).sort_values(["turn", "rank"], kind="stable"))


def arm_of(row: dict[str, object]) -> str:
    """Return the arm a row of the hits is about: the tested one of a contrast; '' where there is one arm."""
    return text_of(row["condition"]).partition(f" {CONTRAST} ")[0]


def wells_of(wells: pd.DataFrame, row: dict[str, object]) -> pd.DataFrame:
    """Return the wells a row of the hits rests on: of the compound, its dose and its arm."""
    chosen = wells[(wells["compound"] == row["compound"]) & wells["role"].isin(("treatment", "reference"))]
    if not is_missing(row["dose"]):
        chosen = chosen[(chosen["dose"] == row["dose"]) & (chosen["dose_unit"] == row["dose_unit"])]
    arm = arm_of(row)
    return chosen[chosen["condition"] == arm] if arm and (chosen["condition"] == arm).any() else chosen
