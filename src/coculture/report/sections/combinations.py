"""Combinations: which compounds do more, or less, together than expected, ranked and drawn over their doses."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture.report.figures.effect_interval import Effect, effect_interval, interval_axis, shared_scale
from coculture.report.figures.synergy_surface import SynergyPoint, synergy_bar, synergy_surface
from coculture.report.language import mark, retell, say
from coculture.report.reading import Results
from coculture.report.records import records
from coculture.report.scales import LinearScale
from coculture.report.words.numbers import MISSING, chance, dose, fixed, listed, real, short, significant, span, text_of, typeset
from coculture.units import label

MOST_SURFACES = 6
MUSYC = "MuSyC"
CALLED = (mark("synergy"), mark("antagonism"))
WIDEST = 1e6
"""An interval of a potency over more than so many fold says nothing and is not shown."""

LEAST_REACH = 10.0
"""Colours reach at least so many percentage points, so that noise alone looks pale."""


@dataclass(frozen=True)
class CombinationRow:
    """One combination by the ranking model; ``others`` are its scores by the other models, in the order of the heads."""

    rank: str
    drugs: str
    group: str
    score: str
    range: str
    interval: Markup
    q: str
    call: str
    others: tuple[str, ...]
    index: str
    reduction: str
    note: str
    called: bool


@dataclass(frozen=True)
class MusycRow:
    """MuSyC's parameters of one pair, each with its interval as text."""

    drugs: str
    group: str
    beta: str
    alpha12: str
    alpha21: str
    status: str


@dataclass(frozen=True)
class SurfacePanel:
    """The synergy of one pair over its doses."""

    name: str
    about: str
    drawing: Markup


@dataclass(frozen=True)
class CombinationsSection:
    """What the template of the combinations may use.

    Attributes
    ----------
    model : the model that ranks; ``others`` those beside it.
    called, others_rows : rows that are called, and the rest.
    least : the smallest score that is called, ``confidence`` of the intervals, both as text.
    """

    model: str
    others: tuple[str, ...]
    called: tuple[CombinationRow, ...]
    uncalled: tuple[CombinationRow, ...]
    axis: Markup
    n_all: int
    n_called: int
    statement: str
    groups: bool
    notes: bool
    indices: bool
    surfaces: tuple[SurfacePanel, ...]
    bar: Markup
    musyc: tuple[MusycRow, ...]
    least: str
    rate: str
    confidence: str


def combinations_section(results: Results) -> CombinationsSection | None:
    """Return the section; None where nothing was scored."""
    table = results.combinations
    if table.empty:
        return None
    models = [str(name) for name in dict.fromkeys(table["model"]) if name != MUSYC]
    first = table[table["model"] == models[0]].sort_values("rank", kind="stable")
    asked = results.section("combination")
    shown = records(first.head(results.top_hits))
    known = [effect for effect in map(_effect, shown) if effect is not None]
    scale = shared_scale(known)
    rows = [_row(row, scale, table, tuple(models[1:])) for row in shown]
    level = asked.get("confidence") or results.section("analysis").get("confidence", 0.95)
    rate = asked.get("fdr") or results.section("analysis").get("fdr", 0.05)
    panels, reach = _surfaces(results, models[0], first)
    return CombinationsSection(
        model=models[0],
        others=tuple(models[1:]),
        called=tuple(row for row in rows if row.called),
        uncalled=tuple(row for row in rows if not row.called),
        axis=interval_axis(scale) if known else Markup(""),
        n_all=len(first),
        n_called=int(first["call"].isin(CALLED).sum()),
        statement=say("Shown are the first {n} of {all:,}.", n=len(rows), all=len(first)) if len(first) > len(rows) else "",
        groups=any(row.group for row in rows),
        notes=any(row.note for row in rows),
        indices=any(row.index != MISSING for row in rows),
        surfaces=panels,
        bar=synergy_bar(reach),
        musyc=tuple(_musyc(row) for row in records(table[table["model"] == MUSYC].head(results.top_hits))),
        least=short(asked.get("minimum_score", 0.0)),
        rate=f"{float(str(rate)) * 100:g}",
        confidence=f"{float(str(level)) * 100:g}",
    )


def _effect(row: dict[str, object]) -> Effect | None:
    value = real(row["score"])
    return None if value is None else Effect(value, real(row["score_low"]), real(row["score_high"]), row["call"] in CALLED)


def _row(row: dict[str, object], scale: LinearScale, table: pd.DataFrame, models: tuple[str, ...]) -> CombinationRow:
    effect = _effect(row)
    own = table[(table["drugs"] == row["drugs"]) & (table["group"] == row["group"])].set_index("model")
    known = real(row["score_low"]) is not None
    spread = span(fixed(row["score_low"], 1), fixed(row["score_high"], 1)) if known else MISSING
    times = [short(row[f"reduction_{place}"], 2) for place in (1, 2, 3) if real(row[f"reduction_{place}"]) is not None]
    score = fixed(row["score"], 1)
    said = say("Score {score}, interval {spread}", score=score, spread=spread) if known else say("Score {score}", score=score)
    return CombinationRow(
        rank=fixed(row["rank"], 0),
        drugs=text_of(row["drugs"]),
        group=text_of(row["group"]),
        score=fixed(row["score"], 1),
        range=spread,
        interval=effect_interval(effect, scale, said) if effect else Markup(""),
        q=chance(row["q_value"]),
        call=say(text_of(row["call"])),
        others=tuple(_score(own, model) for model in models),
        index=significant(row["combination_index"], 2),
        reduction=listed(times) or MISSING,
        note=typeset(retell(text_of(row["reason"]))),
        called=row["call"] in CALLED,
    )


def _score(own: pd.DataFrame, model: str) -> str:
    """Return another model's score, with a star where it is called by itself."""
    if model not in own.index:
        return MISSING
    return fixed(own.loc[model, "score"], 1) + ("*" if own.loc[model, "call"] in CALLED else "")


def _musyc(row: dict[str, object]) -> MusycRow:
    def told(name: str) -> str:
        if real(row[name]) is None:
            return MISSING
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        wide = real(low) is None or real(high) is None or (name != "beta" and float(str(high)) > WIDEST * float(str(low)))
        return significant(row[name], 2) + ("" if wide else f" ({span(significant(low, 2), significant(high, 2))})")

    status = "; ".join(filter(None, (retell(text_of(row["status"])), typeset(retell(text_of(row["reason"]))))))
    return MusycRow(text_of(row["drugs"]), text_of(row["group"]), told("beta"), told("alpha12"), told("alpha21"), status)


def _surfaces(results: Results, model: str, ranked: pd.DataFrame) -> tuple[tuple[SurfacePanel, ...], float]:
    """Draw the first pairs of the ranking on one scale of colours."""
    points = results.surfaces[(results.surfaces["model"] == model) & results.surfaces["dose_3"].isna()]
    chosen: list[tuple[dict[str, object], pd.DataFrame]] = []
    for row in records(ranked):
        own = points[(points["drugs"] == row["drugs"]) & (points["group"] == row["group"])]
        if len(own) and len(chosen) < MOST_SURFACES:
            chosen.append((row, own))
    sizes = [abs(float(value)) for _, own in chosen for value in own["synergy"] if math.isfinite(float(value))]
    reach = max(LEAST_REACH, sorted(sizes)[int(0.95 * (len(sizes) - 1))]) if sizes else LEAST_REACH
    return tuple(_panel(row, own, reach) for row, own in chosen), reach


def _panel(row: dict[str, object], own: pd.DataFrame, reach: float) -> SurfacePanel:
    first, second = text_of(row["drugs"]).split(" + ", 1)
    ladders = [sorted({float(value) for value in own[f"dose_{place}"]}) for place in (1, 2)]
    units = [text_of(own[f"unit_{place}"].iloc[0]) for place in (1, 2)]
    places = [{value: at for at, value in enumerate(ladder)} for ladder in ladders]
    points = {}
    for point in records(own):
        at = (places[0][float(str(point["dose_1"]))], places[1][float(str(point["dose_2"]))])
        points[at] = _point(point, (first, second), units)
    axes = [_axis(name, ladder, unit) for name, ladder, unit in zip((first, second), ladders, units, strict=True)]
    drawing = synergy_surface(
        points,
        (axes[0][1], axes[1][1]),
        (axes[0][0], axes[1][0]),
        reach,
        description=say("score {score}, {call}", score=fixed(row["score"], 1), call=say(text_of(row["call"]))),
    )
    about = " · ".join(
        part
        for part in (text_of(row["group"]), say("score {score}", score=fixed(row["score"], 1)), say(text_of(row["call"])))
        if part
    )
    return SurfacePanel(say("{first} and {second}", first=first, second=second), about, drawing)


def _point(point: dict[str, object], names: tuple[str, str], units: list[str]) -> SynergyPoint:
    value = float(str(point["synergy"]))
    low, high = real(point["synergy_low"]), real(point["synergy_high"])
    known = low is not None and high is not None
    parts = [f"{name} {dose(point[f'dose_{place}'], units[place - 1])}" for place, name in enumerate(names, start=1)]
    parts += [
        say("measured {response} % inhibition", response=fixed(point["response"], 1)),
        say("expected {expected}", expected=fixed(point["expected"], 1)),
    ]
    parts.append(say("synergy {value}", value=fixed(value, 1)) + (f" ({span(fixed(low, 1), fixed(high, 1))})" if known else ""))
    return SynergyPoint(value, known and (low or 0.0) * (high or 0.0) > 0, " · ".join(parts))


def _axis(name: str, ladder: list[float], unit: str) -> tuple[str, list[str]]:
    """Return an axis' name with its unit and the labels of its doses, in nM where µM would need many zeros."""
    if unit == "uM" and ladder[-1] < 1.0:
        return f"{name}, nM", [short(1000.0 * value, 3) for value in ladder]
    return f"{name}, {label(unit)}", [short(value, 3) for value in ladder]
