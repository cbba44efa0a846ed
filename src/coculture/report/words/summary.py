"""What was screened, whether it can be trusted, and what came out, in a few sentences."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coculture.report.language import mark, retell, say
from coculture.report.reading import Results
from coculture.report.records import CONTRAST, flags, is_contrast, records
from coculture.report.words.numbers import (
    chance,
    count,
    counted,
    dose,
    in_percent,
    is_missing,
    listed,
    quoted,
    same_decimals,
    span,
    text_of,
)
from coculture.report.words.quality import quality_sentences

TOP = 3

_ROLES = {
    "negative": counted("negative control"),
    "positive": counted("positive control"),
    "untreated": counted("untreated well"),
    "blank": counted("blank"),
    "treatment": counted("treated well"),
    "reference": counted("reference well"),
}


ASKED = {
    "up": mark("This screen asks which of {treatments} ({compounds}) raise {label}."),
    "down": mark("This screen asks which of {treatments} ({compounds}) lower {label}."),
    "both": mark("This screen asks which of {treatments} ({compounds}) change {label}."),
}
"""The screen's question, by the direction of its primary read-out."""


def screened(results: Results) -> list[str]:
    """Return what was asked and of how much."""
    wells = results.wells
    treated = wells[wells["role"].isin(("treatment", "reference"))]
    compounds = treated["compound"].dropna().nunique()
    treatments = len(treated[["compound", "dose", "dose_unit"]].drop_duplicates())
    primary = results.primary
    tried = {"treatments": count(treatments, "treatment"), "compounds": count(compounds, "compound")}
    if primary is None:
        return [say("{treatments} ({compounds}) were given; no read-out was judged.", **tried)]
    asked = ASKED.get(primary.direction, ASKED["both"])
    sentences = [say(asked, label=quoted(primary.label), **tried)]
    cells = wells["n_cells"].sum() if "n_cells" in wells else None
    extent = [count(len(results.plates), "plate"), count(len(wells), "well")]
    if not is_missing(cells) and cells:
        extent.append(count(int(cells), "cell"))
    roles = wells["role"].value_counts()
    parts = [count(int(roles[role]), name) for role, name in _ROLES.items() if role in roles]
    sentences.append(say("It covers {extent}: {roles}.", extent=listed(extent), roles=listed(parts)))
    sentences += _arms(results)
    return sentences


def trusted(results: Results) -> list[str]:
    """Return the verdict on the primary read-out and why."""
    primary = results.primary
    if primary is None or results.quality.empty:
        return [say("The quality was not judged.")]
    return quality_sentences(results.quality, primary.name, quoted(primary.label))


def found(results: Results) -> list[str]:
    """Return how many hits of how many there are, and the strongest: conditions against each other first, then treatments."""
    primary = results.primary
    if primary is None or results.hits.empty:
        return [say("No treatment was compared with the controls.")]
    rows = results.hits[results.hits["readout"] == primary.name].sort_values("rank", kind="stable")
    contrast = is_contrast(rows)
    sentences = []
    for name in dict.fromkeys(rows.loc[contrast, "condition"].map(text_of)):
        tested, _, reference = name.partition(f" {CONTRAST} ")
        compounds = rows[rows["condition"] == name]
        names = {"of": count(len(compounds), "compound"), "tested": tested, "reference": reference}
        sentences += _outcome(results, compounds, OF_CONTRASTS, names)
    alone = rows[~contrast]
    if len(alone):
        arms = alone["condition"].map(text_of).nunique()
        names = {"of": count(len(alone), "comparison") if arms > 1 else count(len(alone), "treatment")}
        sentences += _outcome(results, alone, OF_TREATMENTS_TOO if sentences else OF_TREATMENTS, names)
    return [sentence for sentence in sentences if sentence]


@dataclass(frozen=True)
class Outcome:
    """How an outcome is told: where nothing could be judged, where none, one or several are hits; ``brief``: without names."""

    unjudged: str
    none: str
    one: str
    several: str
    brief: bool = False
    named: bool = True


OF_TREATMENTS = Outcome(
    mark("None of {of} could be judged: {reason}."),
    mark("None of {of} is a hit at a false discovery rate of {rate}."),
    mark("{n} of {of} is a hit at a false discovery rate of {rate}."),
    mark("{n} of {of} are hits at a false discovery rate of {rate}."),
)
OF_TREATMENTS_TOO = Outcome(
    mark("None of {of} could be judged against the negative controls: {reason}."),
    mark("None of {of} is a hit against the negative controls at a false discovery rate of {rate}."),
    mark("{n} of {of} is a hit against the negative controls at a false discovery rate of {rate}."),
    mark("{n} of {of} are hits against the negative controls at a false discovery rate of {rate}."),
    brief=True,
)
OF_CONTRASTS = Outcome(
    mark("None of {of} could be judged for a difference between the conditions {tested} and {reference}: {reason}."),
    mark("None of {of} differs between the conditions {tested} and {reference} at a false discovery rate of {rate}."),
    mark("{n} of {of} differs between the conditions {tested} and {reference} at a false discovery rate of {rate}."),
    mark("{n} of {of} differ between the conditions {tested} and {reference} at a false discovery rate of {rate}."),
    named=False,
)


def _outcome(results: Results, rows: pd.DataFrame, told: Outcome, names: dict[str, str]) -> list[str]:
    """Return how many of ``rows`` are hits and the strongest of them; without the strongest where ``brief``."""
    hits = rows[flags(rows["hit"])]
    rate = in_percent(float(results.section("analysis").get("fdr", 0.05)) * 100)
    if rows["q_value"].isna().all():
        return [say(told.unjudged, reason=_why_not(rows), **names)]
    if hits.empty:
        return [say(told.none, rate=rate, **names), _closest(rows)]
    first = say(told.one if len(hits) == 1 else told.several, n=len(hits), rate=rate, **names)
    if told.brief:
        return [first]
    unit = results.scale_of(text_of(hits["readout"].iloc[0])).unit
    top = say("; ").join(strongest(row, unit, results.confidence, named=told.named) for row in records(hits.head(TOP)))
    return [first, say("The strongest: {top}.", top=top) if len(hits) > 1 else say("{sentence}.", sentence=top)]


def strongest(row: dict[str, object], unit: str, confidence: int, *, named: bool = True) -> str:
    """Return one hit in words, with its effect and interval; ``named`` says whether its condition is told."""
    what = " ".join(part for part in (text_of(row["compound"]), _at(row), _arm(row) if named else "") if part)
    value, low, high = same_decimals(row["effect"], row["effect_low"], row["effect_high"])
    sign = "+" if not is_missing(row["effect"]) and float(row["effect"]) > 0 else ""  # type: ignore[arg-type]
    known = not is_missing(row["effect_low"])
    interval = say(", {confidence} CI {spread}", confidence=in_percent(confidence), spread=span(low, high)) if known else ""
    share = (
        say(", {share} of the positive control", share=in_percent(row["effect_percent"]))
        if not is_missing(row["effect_percent"])
        else ""
    )
    return f"{what} ({sign}{value}{unit}{interval}{share})"


def _why_not(rows: pd.DataFrame) -> str:
    """Return the note the first unjudged row carries."""
    notes = [text_of(note).removeprefix("not judged: ").strip().rstrip(".") for note in rows["note"]]
    return next((retell(note) for note in notes if note), say("no test was possible"))


def _closest(rows: pd.DataFrame) -> str:
    best = rows.sort_values("q_value", kind="stable").head(1)
    if best.empty or is_missing(best["q_value"].iloc[0]):
        return ""
    row = records(best)[0]
    what = " ".join(part for part in (text_of(row["compound"]), _at(row), _arm(row)) if part)
    return say("The nearest is {what} (q = {q}).", what=what, q=chance(row["q_value"]))


def _at(row: dict[str, object]) -> str:
    text = dose(row["dose"], row["dose_unit"])
    return say("at {dose}", dose=text) if text else ""


def _arm(row: dict[str, object]) -> str:
    arm = text_of(row["condition"])
    return f"[{arm}]" if arm else ""


def _arms(results: Results) -> list[str]:
    donors = results.wells["donor"].dropna().map(text_of)
    sentences = []
    if len(results.conditions) > 1:
        sentences.append(say("The wells belong to the conditions {conditions}.", conditions=listed(list(results.conditions))))
    if donors[donors != ""].nunique() > 1:
        sentences.append(say("The cells come from {donors}.", donors=count(donors[donors != ""].nunique(), "donor")))
    return sentences
