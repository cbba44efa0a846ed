"""Combinations: which compounds do more, or less, together than expected, ranked and drawn over their doses."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture.report.figures.effect_interval import Effect, effect_interval, interval_axis, shared_scale
from coculture.report.figures.synergy_surface import synergy_bar
from coculture.report.language import mark, retell, say
from coculture.report.reading import Results
from coculture.report.records import records
from coculture.report.scales import LinearScale
from coculture.report.sections.synergy_surfaces import SlicedPanel, SurfacePanel, synergy_surfaces
from coculture.report.words.numbers import MISSING, chance, fixed, listed, real, short, significant, span, text_of, typeset

MUSYC = "MuSyC"
CALLED = (mark("synergy"), mark("antagonism"))
WIDEST = 1e6
"""An interval of a potency over more than so many fold says nothing and is not shown."""


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
    slices: tuple[SlicedPanel, ...]
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
    drawn = synergy_surfaces(results, models[0], first)
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
        surfaces=drawn.pairs,
        slices=drawn.triples,
        bar=synergy_bar(drawn.reach),
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

    status = say("; ").join(filter(None, (retell(text_of(row["status"])), typeset(retell(text_of(row["reason"]))))))
    return MusycRow(text_of(row["drugs"]), text_of(row["group"]), told("beta"), told("alpha12"), told("alpha21"), status)
