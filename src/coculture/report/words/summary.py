"""What was screened, whether it can be trusted, and what came out, in a few sentences."""

from __future__ import annotations

import pandas as pd

from coculture.report.reading import Results
from coculture.report.records import CONTRAST, flags, is_contrast, records
from coculture.report.words.numbers import chance, count, dose, in_percent, is_missing, listed, quoted, same_decimals, text_of
from coculture.report.words.quality import quality_sentences

TOP = 3

_ROLES = {
    "negative": "negative control",
    "positive": "positive control",
    "untreated": "untreated well",
    "blank": "blank",
    "treatment": "treated well",
    "reference": "reference well",
}


def screened(results: Results) -> list[str]:
    """Return what was asked and of how much."""
    wells = results.wells
    treated = wells[wells["role"].isin(("treatment", "reference"))]
    compounds = treated["compound"].dropna().nunique()
    treatments = len(treated[["compound", "dose", "dose_unit"]].drop_duplicates())
    primary = results.primary
    asked = f"This screen asks which of {count(treatments, 'treatment')} ({count(compounds, 'compound')})"
    if primary is None:
        return [f"{asked} were given; no read-out was judged."]
    verb = {"up": "raise", "down": "lower"}.get(primary.direction, "change")
    sentences = [f"{asked} {verb} {quoted(primary.label)}."]
    cells = wells["n_cells"].sum() if "n_cells" in wells else None
    extent = [count(len(results.plates), "plate"), count(len(wells), "well")]
    if not is_missing(cells) and cells:
        extent.append(count(int(cells), "cell"))
    roles = wells["role"].value_counts()
    parts = [count(int(roles[role]), name) for role, name in _ROLES.items() if role in roles]
    sentences.append(f"It covers {listed(extent)}: {listed(parts)}.")
    sentences += _arms(results)
    return sentences


def trusted(results: Results) -> list[str]:
    """Return the verdict on the primary read-out and why."""
    primary = results.primary
    if primary is None or results.quality.empty:
        return ["The quality was not judged."]
    return quality_sentences(results.quality, primary.name, quoted(primary.label))


def found(results: Results) -> list[str]:
    """Return how many hits of how many there are, and the strongest: conditions against each other first, then treatments."""
    primary = results.primary
    if primary is None or results.hits.empty:
        return ["No treatment was compared with the controls."]
    rows = results.hits[results.hits["readout"] == primary.name].sort_values("rank", kind="stable")
    contrast = is_contrast(rows)
    sentences = []
    for name in dict.fromkeys(rows.loc[contrast, "condition"].map(text_of)):
        tested, _, reference = name.partition(f" {CONTRAST} ")
        asked = f"differ between the conditions {tested} and {reference}"
        sentences += _outcome(results, rows[rows["condition"] == name], "compound", asked)
    if len(rows[~contrast]):
        sentences += _outcome(results, rows[~contrast], "treatment", "are hits", brief=bool(sentences))
    return [sentence for sentence in sentences if sentence]


def _outcome(results: Results, rows: pd.DataFrame, noun: str, verb: str, *, brief: bool = False) -> list[str]:
    """Return how many of ``rows`` are hits and the strongest of them; without the strongest where ``brief``."""
    hits = rows[flags(rows["hit"])]
    rate = in_percent(float(results.section("analysis").get("fdr", 0.05)) * 100)
    at = f"at a false discovery rate of {rate}"
    arms = rows["condition"].map(text_of).nunique()
    of = count(len(rows), "comparison" if noun == "treatment" and arms > 1 else noun)
    against = " against the negative controls" if brief else ""
    if rows["q_value"].isna().all():
        asked = f" for a difference{verb.removeprefix('differ')}" if verb.startswith("differ") else against
        return [f"None of {of} could be judged{asked}: {_why_not(rows)}."]
    if hits.empty:
        return [
            f"None of {of} {verb.replace('are hits', 'is a hit').replace('differ ', 'differs ')}{against} {at}.",
            _closest(rows),
        ]
    if len(hits) == 1:
        verb = verb.replace("are hits", "is a hit").replace("differ ", "differs ")
    first = f"{len(hits)} of {of} {verb}{against} {at}."
    if brief:
        return [first]
    top = [
        strongest(row, results.scale_of(text_of(hits["readout"].iloc[0])).unit, results.confidence, named=noun == "treatment")
        for row in records(hits.head(TOP))
    ]
    return [first, f"{'The strongest: ' if len(hits) > 1 else ''}{'; '.join(top)}."]


def strongest(row: dict[str, object], unit: str, confidence: int, *, named: bool = True) -> str:
    """Return one hit in words, with its effect and interval; ``named`` says whether its condition is told."""
    what = " ".join(part for part in (text_of(row["compound"]), _at(row), _arm(row) if named else "") if part)
    value, low, high = same_decimals(row["effect"], row["effect_low"], row["effect_high"])
    sign = "+" if not is_missing(row["effect"]) and float(row["effect"]) > 0 else ""  # type: ignore[arg-type]
    interval = f", {confidence}{chr(0x202F)}% CI {low} to {high}" if not is_missing(row["effect_low"]) else ""
    share = f", {in_percent(row['effect_percent'])} of the positive control" if not is_missing(row["effect_percent"]) else ""
    return f"{what} ({sign}{value}{unit}{interval}{share})"


def _why_not(rows: pd.DataFrame) -> str:
    """Return the note the first unjudged row carries."""
    notes = [text_of(note).removeprefix("not judged: ").strip().rstrip(".") for note in rows["note"]]
    return next((note for note in notes if note), "no test was possible")


def _closest(rows: pd.DataFrame) -> str:
    best = rows.sort_values("q_value", kind="stable").head(1)
    if best.empty or is_missing(best["q_value"].iloc[0]):
        return ""
    row = records(best)[0]
    what = " ".join(part for part in (text_of(row["compound"]), _at(row), _arm(row)) if part)
    return f"The nearest is {what} (q = {chance(row['q_value'])})."


def _at(row: dict[str, object]) -> str:
    text = dose(row["dose"], row["dose_unit"])
    return f"at {text}" if text else ""


def _arm(row: dict[str, object]) -> str:
    arm = text_of(row["condition"])
    return f"[{arm}]" if arm else ""


def _arms(results: Results) -> list[str]:
    donors = results.wells["donor"].dropna().map(text_of)
    sentences = []
    if len(results.conditions) > 1:
        sentences.append(f"The wells belong to the conditions {listed(list(results.conditions))}.")
    if donors[donors != ""].nunique() > 1:
        sentences.append(f"The cells come from {count(donors[donors != ''].nunique(), 'donor')}.")
    return sentences
