"""Mixtures: what each ingredient adds to the whole and does alone, and which features of fractions carry the activity."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture.report.figures.effect_interval import Effect, effect_interval, interval_axis, shared_scale
from coculture.report.language import mark, retell, say
from coculture.report.reading import Results
from coculture.report.records import records
from coculture.report.scales import LinearScale
from coculture.report.sections.ingredient_figures import IngredientFigure, effects_figure, ranks_figure
from coculture.report.words.numbers import (
    MISSING,
    chance,
    decimals_for,
    fixed,
    in_percent,
    real,
    sentence_case,
    short,
    significant,
    span,
    text_of,
    typeset,
)

MOST_ROWS = 40
MOST_FEATURES = 15
MOST_RANKINGS = 6
HEADS = {
    "whole": mark("The whole, less nothing"),
    "left out": mark("What each ingredient adds to the whole: the whole, less the whole without it"),
    "alone": mark("What each ingredient does alone, less nothing"),
    "pair in the whole": mark("What pairs do in the whole beyond the sum of both"),
    "pair alone": mark("What pairs do by themselves beyond the sum of both"),
    "main effect": mark("Main effects, from nothing to the full dose"),
    "pair interaction": mark("Pairs, beyond the sum of both"),
    "curvature": mark("Curvature: half doses against the straight line"),
    "candidate": mark("Candidates found in the pools"),
    "candidate pair": mark("Candidate pairs found in the pools"),
}
ROLES = {"君": mark("君 sovereign"), "臣": mark("臣 minister"), "佐": mark("佐 assistant"), "使": mark("使 envoy")}


@dataclass(frozen=True)
class MixtureRow:
    """One effect, every number as text."""

    name: str
    role: str
    effect: str
    range: str
    interval: Markup
    share: str
    q: str
    reading: str
    called: bool


@dataclass(frozen=True)
class MixtureBlock:
    """The effects of one kind; ``head`` says what they are."""

    head: str
    rows: tuple[MixtureRow, ...]


@dataclass(frozen=True)
class MixtureTable:
    """One mixture in one read-out and condition, at one strength."""

    title: str
    about: str
    blocks: tuple[MixtureBlock, ...]
    axis: Markup
    roles: bool
    shares: bool
    notes: tuple[str, ...]
    figure: IngredientFigure | None


@dataclass(frozen=True)
class FeatureRow:
    """One ranked feature; ``interval`` draws its rank with the interval."""

    rank: str
    name: str
    range: str
    interval: Markup
    left: str
    top: str
    correlation: str
    family: str
    called: bool


@dataclass(frozen=True)
class FeatureTable:
    """The first features of one read-out, with the verdict on single fractions."""

    title: str
    rows: tuple[FeatureRow, ...]
    axis: Markup
    warning: str
    verdict: str
    n_features: int
    n_fractions: int
    over: bool
    figure: IngredientFigure | None


@dataclass(frozen=True)
class MixturesSection:
    """What the template of the mixtures may use; ``scale`` says on what effects add."""

    tables: tuple[MixtureTable, ...]
    rankings: tuple[FeatureTable, ...]
    scale: str
    rate: str
    top: int


def mixtures_section(results: Results) -> MixturesSection | None:
    """Return the section; None where no mixture was analysed."""
    if results.mixture_effects.empty and results.ingredients.empty:
        return None
    asked = results.section("mixture")
    keys = ["mixture", "readout", "condition", "level_percent"]
    effects = results.mixture_effects
    several = effects["level_percent"].nunique() > 1
    tables = [_table(results, rows, several) for _, rows in effects.groupby(keys, sort=False, dropna=False)]
    ranked = list(results.ingredients.groupby(["readout", "condition"], sort=False, dropna=False))
    return MixturesSection(
        tables=tuple(tables),
        rankings=tuple(_ranking(results, rows) for _, rows in ranked[:MOST_RANKINGS]),
        scale=_scale(results),
        rate=f"{float(str(asked.get('fdr', 0.1))) * 100:g}",
        top=int(str(asked.get("top", 10))),
    )


def _scale(results: Results) -> str:
    """Return on what effects add, in words."""
    if results.section("mixture").get("scale") == "log":
        return say("the natural logarithm of the value over the negative controls'")
    return say("the read-out's own scale")


def _label(results: Results, readout: object) -> str:
    return next((one.label for one in results.readouts if one.name == readout), text_of(readout))


def _table(results: Results, rows: pd.DataFrame, several: bool) -> MixtureTable:
    first = records(rows.head(1))[0]
    effects = [effect for effect in map(_effect, records(rows)) if effect is not None]
    scale = shared_scale(effects)
    decimals = decimals_for(rows["effect"])
    blocks = []
    for kind in HEADS:
        own = rows[rows["kind"] == kind].sort_values("rank", kind="stable").head(MOST_ROWS)
        if len(own):
            blocks.append(MixtureBlock(say(HEADS[kind]), tuple(_row(row, scale, decimals) for row in records(own))))
    level = say("at {level_percent:g} % of the full dose", level_percent=first["level_percent"]) if several else ""
    arms = text_of(first["condition"])
    about = say("{design} design, {n} wells", design=retell(text_of(first["design"]).replace("-", " ")), n=first["n_wells"])
    title = ", ".join(part for part in (text_of(first["mixture"]), _label(results, first["readout"]), arms, level) if part)
    return MixtureTable(
        title=title,
        about=about,
        blocks=tuple(blocks),
        axis=interval_axis(scale) if effects else Markup(""),
        roles=any(row.role for block in blocks for row in block.rows),
        shares=any(row.share != MISSING for block in blocks for row in block.rows),
        notes=tuple(
            say("{sentence}.", sentence=sentence_case(typeset(retell(note))))
            for note in text_of(first["note"]).split("; ")
            if note
        ),
        figure=effects_figure(rows, title, _scale(results)),
    )


def _effect(row: dict[str, object]) -> Effect | None:
    value = real(row["effect"])
    return None if value is None else Effect(value, real(row["effect_low"]), real(row["effect_high"]), bool(row["called"]))


def _row(row: dict[str, object], scale: LinearScale, decimals: int | None) -> MixtureRow:
    value, low, high = (
        significant(row[name]) if decimals is None else fixed(row[name], decimals)
        for name in ("effect", "effect_low", "effect_high")
    )
    effect, name = _effect(row), retell(text_of(row["shown"]))
    role = text_of(row["formula_role"])
    return MixtureRow(
        name=name,
        role=say(ROLES[role]) if role in ROLES else "",
        effect=value,
        range=span(low, high) if low != MISSING else MISSING,
        interval=effect_interval(
            effect, scale, say("{name}: effect {value}, interval {spread}", name=name, value=value, spread=span(low, high))
        )
        if effect
        else Markup(""),
        share=in_percent(row["share_percent"]),
        q=chance(row["q_value"]),
        reading=retell(text_of(row["reading"])),
        called=bool(row["called"]),
    )


def _ranking(results: Results, rows: pd.DataFrame) -> FeatureTable:
    first = records(rows.head(1))[0]
    over = bool(rows["p_value"].isna().all())
    shown = records(rows.sort_values("rank", kind="stable").head(MOST_FEATURES))
    effects = [
        Effect(float(str(row["rank"])), real(row["rank_low"]), real(row["rank_high"]), bool(row["called"])) for row in shown
    ]
    scale = LinearScale(1.0, max((effect.high or effect.value for effect in effects), default=2.0), 4, 146, 3)
    driver, verdict = text_of(first["driver"]), sentence_case(typeset(retell(text_of(first["note"]))))
    title = ", ".join(part for part in (_label(results, first["readout"]), text_of(first["condition"])) if part)
    return FeatureTable(
        title=title,
        rows=tuple(_feature(row, effect, scale) for row, effect in zip(shown, effects, strict=True)),
        axis=interval_axis(scale),
        warning=say("{sentence}.", sentence=verdict) if driver else "",
        verdict="" if driver or not verdict else say("{sentence}.", sentence=verdict),
        n_features=len(rows),
        n_fractions=int(str(first["n_fractions"])),
        over=over,
        figure=ranks_figure(rows, title),
    )


def _feature(row: dict[str, object], effect: Effect, scale: LinearScale) -> FeatureRow:
    spread = span(fixed(row["rank_low"], 0), fixed(row["rank_high"], 0))
    left = span(fixed(row["jackknife_low"], 0), fixed(row["jackknife_high"], 0)) if effect.low is not None else MISSING
    return FeatureRow(
        rank=short(row["rank"]),
        name=text_of(row["feature"]),
        range=spread,
        interval=effect_interval(effect, scale, say("Rank {rank}, interval {spread}", rank=short(row["rank"]), spread=spread)),
        left=left,
        top=in_percent(100.0 * float(str(row["top_share"]))) if real(row["top_share"]) is not None else MISSING,
        correlation=fixed(row["correlation"], 2),
        family=chance(row["family_p_value"]),
        called=bool(row["called"]),
    )
