"""Profiles: which treatments are active as a whole, which look alike, and what mechanism they look like."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture.report.figures.activity_plot import ActivePoint, activity_plot
from coculture.report.figures.similarity_map import similarity_map
from coculture.report.language import say
from coculture.report.reading import Results
from coculture.report.records import flags, records
from coculture.report.words.numbers import MISSING, chance, count, dose, fixed, text_of

MOST_MATCHES = 60


@dataclass(frozen=True)
class MatchRow:
    """One treatment and the known one it looks like, every number as text."""

    treatment: str
    mechanism: str
    predicted: str
    matched: str
    similarity: str
    runner_up: str
    correct: bool


@dataclass(frozen=True)
class ProfilesSection:
    """What the template of the profiles may use.

    Attributes
    ----------
    activity : the plot of activity.
    statement : how many treatments are active.
    consistent : (mechanism, treatments, mean average precision, q) as text.
    similarities : the heat map.
    matches : nearest known treatments of another compound.
    accuracy : sentences on how often mechanisms are named right.
    """

    activity: Markup
    statement: str
    consistent: tuple[tuple[str, str, str, str], ...]
    similarities: Markup
    matches: tuple[MatchRow, ...]
    accuracy: tuple[str, ...]
    n_matches: int


def profiles_section(results: Results) -> ProfilesSection | None:
    """Return the section; None where no profiles were compared."""
    rows = results.profile_activity
    active = rows[rows["question"] == "activity"]
    if active.empty:
        return None
    fdr = float(results.section("profiles").get("fdr", 0.05))
    called = int(flags(active["call"]).sum())
    matches = results.mechanism_matches
    first = matches[matches["rule"] == matches["rule"].iloc[0]] if len(matches) else matches
    return ProfilesSection(
        activity=_activity(active, fdr),
        statement=say(
            "{called} of {treatments} are active (q at most {fdr:g}).",
            called=called,
            treatments=count(len(active), "replicated treatment"),
            fdr=fdr,
        ),
        consistent=_consistent(rows[rows["question"] == "consistency"]),
        similarities=_similarities(results.profile_similarities),
        matches=tuple(map(_match, records(first.sort_values("similarity", ascending=False, kind="stable").head(MOST_MATCHES)))),
        accuracy=_accuracy(matches),
        n_matches=len(first),
    )


def _activity(active: pd.DataFrame, fdr: float) -> Markup:
    points = []
    for row in records(active):
        q = max(float(str(row["q_value"])), 1e-300)
        name = _name(row)
        told = say(
            "{name} · mean average precision {precision} · q {q}",
            name=name,
            precision=fixed(row["mean_average_precision"], 2),
            q=chance(row["q_value"]),
        )
        points.append(ActivePoint(float(str(row["mean_average_precision"])), -math.log10(q), row["call"] is True, told))
    called = sum(point.called for point in points)
    described = say("{treatments}, {called} active", treatments=count(len(points), "treatment"), called=called)
    return activity_plot(points, -math.log10(fdr), title=say("Activity of treatments"), description=described)


def _name(row: dict[str, object]) -> str:
    parts = (text_of(row["compound"]), dose(row["dose"], row["dose_unit"]), text_of(row["condition"]))
    return " ".join(part for part in parts if part and part != MISSING)


def _consistent(rows: pd.DataFrame) -> tuple[tuple[str, str, str, str], ...]:
    ordered = rows.sort_values("mean_average_precision", ascending=False, kind="stable")
    return tuple(
        (text_of(r["group"]), fixed(r["n_profiles"], 0), fixed(r["mean_average_precision"], 2), chance(r["q_value"]))
        for r in records(ordered)
    )


def _similarities(rows: pd.DataFrame) -> Markup:
    if rows.empty:
        return Markup("")
    names = list(dict.fromkeys(rows["first"]))
    values = rows["similarity"].astype(float).to_numpy().reshape(len(names), len(names))
    described = say("{treatments}, alike ones side by side", treatments=count(len(names), "treatment"))
    return similarity_map(names, values.tolist(), title=say("Similarity of treatments"), description=described)


def _match(row: dict[str, object]) -> MatchRow:
    matched = " ".join(
        part for part in (text_of(row["matched_compound"]), fixed(row["matched_dose"], 3).rstrip("0").rstrip(".")) if part
    )
    return MatchRow(
        treatment=_name(row),
        mechanism=text_of(row["mechanism"]) or MISSING,
        predicted=text_of(row["predicted"]) or MISSING,
        matched=matched if text_of(row["matched_compound"]) else MISSING,
        similarity=fixed(row["similarity"], 2),
        runner_up=fixed(row["runner_up"], 2),
        correct=row["correct"] is True,
    )


def _accuracy(matches: pd.DataFrame) -> tuple[str, ...]:
    told = []
    for rule in dict.fromkeys(matches["rule"]):
        asked = matches[(matches["rule"] == rule) & flags(matches["answerable"])]
        if len(asked):
            share = flags(asked["correct"]).mean()
            told.append(
                say(
                    "{rule}: {share:.0%} of {treatments} of known mechanism are named right.",
                    rule=rule,
                    share=share,
                    treatments=count(len(asked), "treatment"),
                )
            )
    return tuple(told)
