"""Ranked table of treatments: effect, interval, evidence and what to beware of."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture.report.figures.effect_interval import Effect, effect_interval, interval_axis, shared_scale
from coculture.report.language import retell, say
from coculture.report.reading import Results
from coculture.report.records import flags, is_contrast, records
from coculture.report.scales import LinearScale
from coculture.report.words.numbers import (
    MISSING,
    chance,
    decimals_for,
    dose,
    fixed,
    in_percent,
    is_missing,
    real,
    significant,
    span,
    text_of,
    typeset,
)
from coculture.spreadsheet_cells import LINE_END
from coculture.store.spreadsheet import safe_for_spreadsheets

MOST_EMBEDDED = 5_000
"""Rows of the table a reader can take out of the page as CSV; longer tables stay beside it."""

MOST_SECONDARY = 5
OPTIONAL = ("condition", "dose", "percent", "cells", "note")
"""Columns that are shown only where a row fills them."""


@dataclass(frozen=True)
class HitRow:
    """One treatment, every number as text.

    Attributes
    ----------
    interval : the drawing of effect and interval.
    low_cells : whether so few cells are left that the effect may come from their loss.
    """

    rank: str
    compound: str
    dose: str
    condition: str
    effect: str
    range: str
    interval: Markup
    percent: str
    q: str
    cells: str
    low_cells: bool
    wells: str
    note: str
    hit: bool


@dataclass(frozen=True)
class HitTable:
    """The rows of one read-out: treatments against the negative controls, or one condition against another.

    Attributes
    ----------
    title : what is ranked, in words.
    hits, others : the first rows of the ranking, those that are hits apart from those that are not.
    statement : what was left out; '' where nothing was.
    scale_axis, scale_meaning : the scale of the effects, as a caption and as a sentence.
    """

    title: str
    hits: tuple[HitRow, ...]
    others: tuple[HitRow, ...]
    axis: Markup
    n_hits: int
    n_all: int
    columns: frozenset[str]
    statement: str
    scale_axis: str
    scale_meaning: str


@dataclass(frozen=True)
class HitsSection:
    """What the template of the hit tables may use; the first table answers the screen's question."""

    tables: tuple[HitTable, ...]
    download: str
    n_rows: int


def hits_section(results: Results) -> HitsSection | None:
    """Return the section; None where nothing was compared."""
    tables = []
    for readout in results.readouts[: MOST_SECONDARY + 1]:
        rows = results.hits[results.hits["readout"] == readout.name]
        contrast = is_contrast(rows)
        for name in dict.fromkeys(rows.loc[contrast, "condition"]):
            title = say("{label}, difference between conditions ({name})", label=readout.label, name=text_of(name))
            tables.append(_table(results, rows[rows["condition"] == name], title, drop="condition"))
        if len(rows[~contrast]):
            tables.append(
                _table(results, rows[~contrast], say("{label}, treatments against negative controls", label=readout.label))
            )
    if not tables:
        return None
    return HitsSection(tuple(tables), _download(results.hits), len(results.hits))


def _table(results: Results, hits: pd.DataFrame, title: str, drop: str = "") -> HitTable:
    most = results.top_hits
    chosen = records(hits.sort_values("rank", kind="stable").head(most))
    effects = [_effect(row) for row in chosen]
    known = [effect for effect in effects if effect is not None]
    scale = shared_scale(known)
    limit = results.fewest_cells
    decimals = decimals_for(row["effect"] for row in chosen)
    rows = tuple(_row(row, effect, scale, limit, decimals) for row, effect in zip(chosen, effects, strict=True))
    filled = {name for name in OPTIONAL if any(getattr(row, name) not in ("", MISSING) for row in rows)}
    judged_on = results.scale_of(str(hits["readout"].iloc[0]))
    return HitTable(
        title=title,
        hits=tuple(row for row in rows if row.hit),
        others=tuple(row for row in rows if not row.hit),
        axis=interval_axis(scale) if known else Markup(""),
        n_hits=int(flags(hits["hit"]).sum()),
        n_all=len(hits),
        columns=frozenset(filled - {drop}),
        statement=say("Shown are the first {n} of {all:,}.", n=most, all=len(hits)) if len(hits) > most else "",
        scale_axis=judged_on.axis,
        scale_meaning=judged_on.meaning,
    )


def _effect(row: dict[str, object]) -> Effect | None:
    value = real(row["effect"])
    return None if value is None else Effect(value, real(row["effect_low"]), real(row["effect_high"]), row["hit"] is True)


def _row(row: dict[str, object], effect: Effect | None, scale: LinearScale, limit: float, decimals: int | None) -> HitRow:
    shown = (row["effect"], row["effect_low"], row["effect_high"])
    value, low, high = (significant(one) if decimals is None else fixed(one, decimals) for one in shown)
    known = not is_missing(row["effect_low"]) and not is_missing(row["effect_high"])
    spoken_range = span(low, high) if known else MISSING
    name = say("Effect {value}", value=value)
    if known:
        name = say("Effect {value}, confidence interval {spread}", value=value, spread=spoken_range)
    cells = real(row["cell_count_percent"])
    return HitRow(
        rank=fixed(row["rank"], 0),
        compound=text_of(row["compound"]),
        dose=dose(row["dose"], row["dose_unit"]),
        condition=text_of(row["condition"]),
        effect=value,
        range=spoken_range,
        interval=effect_interval(effect, scale, name) if effect else Markup(""),
        percent=in_percent(row["effect_percent"]),
        q=chance(row["q_value"]),
        cells=in_percent(cells),
        low_cells=cells is not None and cells < limit,
        wells=fixed(row["n_wells"], 0),
        note=typeset(retell(text_of(row["note"]))),
        hit=row["hit"] is True,
    )


def _download(hits: pd.DataFrame) -> str:
    """Return the whole table as a data address of a CSV file, '' where it is too long to carry."""
    if len(hits) > MOST_EMBEDDED:
        return ""
    text = safe_for_spreadsheets(hits).to_csv(index=False, float_format="%.6g", lineterminator=LINE_END)
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()
