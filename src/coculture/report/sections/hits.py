"""Ranked table of treatments: effect, interval, evidence and what to beware of."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture.report.figures.effect_interval import Effect, effect_interval, interval_axis, shared_scale
from coculture.report.reading import Results
from coculture.report.readouts import Readout
from coculture.report.scales import LinearScale
from coculture.report.words.numbers import chance, dose, fixed, in_percent, is_missing, real, same_decimals, text_of

MOST_ROWS = 50
MOST_EMBEDDED = 20_000
"""Rows of the table a reader can take out of the page as CSV; longer tables stay beside it."""

MOST_SECONDARY = 5


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
    """The rows of one read-out."""

    label: str
    rows: tuple[HitRow, ...]
    axis: Markup
    n_hits: int
    n_all: int
    has_condition: bool
    has_percent: bool
    has_cells: bool
    has_dose: bool
    statement: str


@dataclass(frozen=True)
class HitsSection:
    """What the template of the hit tables may use; the first table is the primary read-out's."""

    tables: tuple[HitTable, ...]
    scale_axis: str
    scale_meaning: str
    download: str
    n_rows: int


def hits_section(results: Results) -> HitsSection | None:
    """Return the section; None where nothing was compared."""
    if results.hits.empty:
        return None
    limit = _cell_limit(results)
    tables = []
    for readout in results.readouts[: MOST_SECONDARY + 1]:
        rows = results.hits[results.hits["readout"] == readout.name]
        if len(rows):
            tables.append(_table(rows, readout, limit))
    if not tables:
        return None
    return HitsSection(tuple(tables), results.scale.axis, results.scale.meaning, _download(results.hits), len(results.hits))


def _cell_limit(results: Results) -> float:
    value = results.section("analysis").get("cell_count_minimum_percent", 70.0)
    return float(value) if isinstance(value, (int, float)) else 70.0


def _table(hits: pd.DataFrame, readout: Readout, limit: float) -> HitTable:
    ordered = hits.sort_values("rank", kind="stable")
    chosen = ordered.head(MOST_ROWS).to_dict("records")
    effects = [_effect(row) for row in chosen]
    scale = shared_scale([effect for effect in effects if effect is not None])
    rows = tuple(
        _row({str(key): value for key, value in record.items()}, effect, scale, limit)
        for record, effect in zip(chosen, effects, strict=True)
    )
    n_hits = int(hits["hit"].fillna(False).astype(bool).sum())
    return HitTable(
        label=readout.label,
        rows=rows,
        axis=interval_axis(scale),
        n_hits=n_hits,
        n_all=len(hits),
        has_condition=any(row.condition for row in rows),
        has_percent=any(row.percent != "–" for row in rows),
        has_cells=any(row.cells != "–" for row in rows),
        has_dose=any(row.dose for row in rows),
        statement=f"The first {MOST_ROWS} of {len(hits):,} rows." if len(hits) > MOST_ROWS else "",
    )


def _effect(row: dict[object, object]) -> Effect | None:
    value = real(row["effect"])
    if value is None:
        return None
    return Effect(value, real(row["effect_low"]), real(row["effect_high"]), bool(row["hit"]))


def _row(row: dict[str, object], effect: Effect | None, scale: LinearScale, limit: float) -> HitRow:
    value, low, high = same_decimals(row["effect"], row["effect_low"], row["effect_high"])
    known = not is_missing(row["effect_low"]) and not is_missing(row["effect_high"])
    spoken_range = f"{low} to {high}" if known else "–"
    name = f"Effect {value}" + (f", 95 % confidence interval {spoken_range}" if known else "")
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
        note=text_of(row["note"]),
        hit=bool(row["hit"]),
    )


def _download(hits: pd.DataFrame) -> str:
    """Return the whole table as a data address of a CSV file, '' where it is too long to carry."""
    if len(hits) > MOST_EMBEDDED:
        return ""
    text = hits.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()
