"""The figures of ingredients: what each adds to the whole and does alone, and the ranks of features of fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture.report.figures.ranked_intervals import Estimate, RankedRow, Reference, estimate_mark, ranked_intervals
from coculture.report.language import mark, retell, say
from coculture.report.records import records
from coculture.report.svg import element
from coculture.report.words.numbers import chance, count, fixed, real, short, significant, span, text_of

MOST_DRAWN = 25
"""Ingredients or features that are drawn; the table has more."""

SERIES = {
    "left out": mark("adds to the whole"),
    "alone": mark("does alone"),
    "main effect": mark("main effect"),
    "candidate": mark("candidate"),
}
"""Kinds of effects that are of one ingredient, those that are drawn first, and what the key calls them."""

MOST_SERIES = 2


@dataclass(frozen=True)
class IngredientFigure:
    """A drawing with the key of its marks; the key is empty where there is one series."""

    drawing: Markup
    key: tuple[tuple[Markup, str], ...]


def effects_figure(rows: pd.DataFrame, title: str, scale: str) -> IngredientFigure | None:
    """Return the ingredients of one mixture, the largest effect first; None where fewer than two have one.

    Parameters
    ----------
    rows : the mixture's effects in one read-out, condition and strength.
    title : what it is, in words.
    scale : on what effects are.
    """
    kinds = [kind for kind in SERIES if (rows["kind"] == kind).any()][:MOST_SERIES]
    tables = [_by_ingredient(rows[rows["kind"] == kind]) for kind in kinds]
    names = list(dict.fromkeys(name for table in tables for name in table))
    if len(names) < 2:
        return None
    sizes = {name: next(abs(table[name].value) for table in tables if name in table) for name in names}
    order = sorted(names, key=lambda name: (name not in tables[0], -sizes[name]))[:MOST_DRAWN]
    whole = next((real(row["effect"]) for row in records(rows[rows["kind"] == "whole"])), None)
    drawing = ranked_intervals(
        [RankedRow(name, [table.get(name) for table in tables]) for name in order],
        say("effect, {scale}", scale=scale),
        title=say("Ingredients, {title}", title=title),
        description=_spoken(order, tables),
        reference=None if whole is None else Reference(whole, say("the whole")),
    )
    return IngredientFigure(drawing, _key(kinds))


def ranks_figure(rows: pd.DataFrame, title: str) -> IngredientFigure | None:
    """Return the first features of one ranking with the intervals of their ranks; None for fewer than two."""
    shown = records(rows.sort_values("rank", kind="stable").head(MOST_DRAWN))
    if len(shown) < 2:
        return None
    sure = _listed([text_of(row["feature"]) for row in shown if row["called"]])
    drawing = ranked_intervals(
        [RankedRow(text_of(row["feature"]), [_rank(row)]) for row in shown],
        say("rank (1 carries most)"),
        title=say("Ranks of features, {title}", title=title),
        description=say("{features}; told apart from noise: {names}", features=count(len(rows), "feature"), names=sure),
        reference=Reference((len(rows) + 1) / 2, say("chance")),
        most=float(len(rows)),
    )
    return IngredientFigure(drawing, ())


def _by_ingredient(rows: pd.DataFrame) -> dict[str, Estimate]:
    found = {}
    for row in records(rows):
        value, name = real(row["effect"]), retell(text_of(row["shown"]))
        if value is not None:
            low, high = real(row["effect_low"]), real(row["effect_high"])
            known = f" ({span(significant(low), significant(high))})" if low is not None and high is not None else ""
            parts = [name, f"{say(SERIES[text_of(row['kind'])])}: {significant(value)}{known}"]
            parts += [f"q {chance(row['q_value'])}"] if real(row["q_value"]) is not None else []
            parts.append(retell(text_of(row["reading"])))
            found[name] = Estimate(value, low, high, bool(row["called"]), " · ".join(part for part in parts if part))
    return found


def _rank(row: dict[str, object]) -> Estimate:
    low, high = real(row["rank_low"]), real(row["rank_high"])
    spread = f" ({span(fixed(low, 0), fixed(high, 0))})" if low is not None and high is not None else ""
    told = [text_of(row["feature"]), say("rank {rank}", rank=short(row["rank"])) + spread]
    if real(row["correlation"]) is not None:
        told.append(say("correlation {r}", r=fixed(row["correlation"], 2)))
    return Estimate(float(str(row["rank"])), low, high, bool(row["called"]), " · ".join(told))


def _spoken(names: Sequence[str], tables: Sequence[dict[str, Estimate]]) -> str:
    sure = [name for name in names if any(name in table and table[name].sure for table in tables)]
    return say("{n} ingredients; told apart from noise: {names}", n=len(names), names=_listed(sure))


def _listed(names: Sequence[str]) -> str:
    return say(", ").join(names) or say("none")


def _key(kinds: Sequence[str]) -> tuple[tuple[Markup, str], ...]:
    if len(kinds) < 2:
        return ()
    return tuple((_key_mark(series), say(SERIES[kind])) for series, kind in enumerate(kinds))


def _key_mark(series: int) -> Markup:
    shape, class_ = estimate_mark(series, 7, 7), f"key-mark series-{series}"
    return element("svg", shape, class_=class_, width=14, height=14, viewBox="0 0 14 14", aria_hidden="true")
