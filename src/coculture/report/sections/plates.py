"""Plate maps: where on each plate the values are high and low."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd
from markupsafe import Markup

from coculture.plate.layout import Layout
from coculture.report.figures.plate_map import MARKED, ColourRange, MappedWell, colour_bar, plate_map
from coculture.report.figures.plate_thumbnails import plate_thumbnail
from coculture.report.language import retell, say
from coculture.report.places import layout_of
from coculture.report.reading import Results
from coculture.report.readouts import Readout
from coculture.report.words.numbers import count, dose, is_missing, paragraph, significant, text_of
from coculture.report.words.quality import worst_first

FULL_PLATES = 4
"""Up to this many plates are drawn well by well for every read-out; of more, the two of lowest quality are."""

MOST_DRAWN = 12_000
"""Wells drawn one by one in the whole section, for which plates are left out where they are large."""

MOST_READOUTS = 6
MOST_THUMBNAILS = 400


@dataclass(frozen=True)
class PlateDrawing:
    """One plate: its name and drawing."""

    plate: str
    drawing: Markup


@dataclass(frozen=True)
class Thumbnail:
    """One plate as a small picture: its name, data address and what it shows in words."""

    plate: str
    source: str
    text: str


@dataclass(frozen=True)
class ReadoutMaps:
    """The maps of one read-out, its colour scale, and a sentence on what was left out."""

    label: str
    bar: Markup
    full: tuple[PlateDrawing, ...]
    thumbnails: tuple[Thumbnail, ...] = ()
    aspect: float = 1.5
    statement: str = ""


@dataclass(frozen=True)
class PlatesSection:
    """What the template of the plate maps may use."""

    maps: tuple[ReadoutMaps, ...]
    roles: tuple[str, ...]
    has_blank: bool
    has_failed: bool
    statement: str = ""
    layout: str = ""
    table: tuple[tuple[str, ...], ...] = field(default=())
    table_head: tuple[str, ...] = field(default=())


def plates_section(results: Results, failed: Iterable[tuple[str, str]]) -> PlatesSection | None:
    """Return the section; None where wells cannot be placed or nothing was read."""
    layout = layout_of(results.settings, results.wells)
    shown = _values(results)
    if layout is None or not shown:
        return None
    lost = set(failed)
    chosen = _chosen(results, len(layout) * min(len(shown), MOST_READOUTS))
    maps = tuple(_maps(results, readout, values, layout, lost, chosen) for readout, values in shown[:MOST_READOUTS])
    roles = set(results.wells["role"].dropna())
    head, table = _table(results, shown[:MOST_READOUTS]) if len(results.wells) <= 200 else ((), ())
    left_out = len(shown) - MOST_READOUTS
    return PlatesSection(
        maps=maps,
        roles=tuple(role for role in MARKED if role in roles),
        has_blank="blank" in roles,
        has_failed=bool(lost),
        statement=say("{n} not drawn; see normalised.parquet.", n=count(left_out, "more read-out")) if left_out > 0 else "",
        layout=retell(layout.name),
        table=table,
        table_head=head,
    )


def _chosen(results: Results, n_wells: int) -> tuple[str, ...]:
    """Return the plates to draw well by well, where one plate takes ``n_wells`` over all read-outs."""
    affordable = max(1, MOST_DRAWN // n_wells)
    if len(results.plates) <= min(FULL_PLATES, affordable):
        return results.plates
    return tuple(sorted(worst_first(results.quality, results.plates)[: min(2, affordable)]))


def _values(results: Results) -> list[tuple[Readout, pd.DataFrame]]:
    """Return every read-out (then the cell count) with the wells' raw values in a column ``value``."""
    shown = []
    for readout in results.readouts:
        rows = results.normalised[results.normalised["readout"] == readout.name]
        if rows["raw"].notna().any():
            shown.append((readout, rows.assign(value=rows["raw"])))
    names = {readout.name for readout, _ in shown}
    if "n_cells" in results.wells and "n_cells" not in names and results.wells["n_cells"].notna().any():
        counts = results.wells.assign(value=results.wells["n_cells"].astype("float64"))
        shown.insert(min(1, len(shown)), (Readout("n_cells", say("cells per well")), counts))
    return shown


def _maps(
    results: Results,
    readout: Readout,
    rows: pd.DataFrame,
    layout: Layout,
    lost: set[tuple[str, str]],
    chosen: tuple[str, ...],
) -> ReadoutMaps:
    values = rows["value"].dropna().astype(float)
    clip = len(values) > 500
    colours = ColourRange(float(values.quantile(0.005 if clip else 0.0)), float(values.quantile(0.995 if clip else 1.0)))
    plates = results.plates
    by_plate = {str(name): group for name, group in rows.groupby("plate", sort=True)}
    full: list[PlateDrawing] = []
    thumbnails: list[Thumbnail] = []
    for plate in plates:
        wells = _wells(by_plate.get(plate, rows.iloc[:0]), readout, layout, {well for p, well in lost if p == plate})
        text = _description(wells)
        if plate in chosen:
            drawn = plate_map(
                wells,
                layout.rows,
                layout.columns,
                colours,
                title=say("Plate {plate}, {label}", plate=plate, label=readout.label),
                description=text,
            )
            full.append(PlateDrawing(plate, drawn))
        if len(chosen) < len(plates) and len(thumbnails) < MOST_THUMBNAILS:
            thumbnails.append(Thumbnail(plate, plate_thumbnail(wells, layout.rows, layout.columns, colours), text))
    return ReadoutMaps(
        label=readout.label,
        bar=colour_bar(colours, readout.label, _control_medians(rows)),
        full=tuple(full),
        thumbnails=tuple(thumbnails),
        aspect=layout.columns / layout.rows,
        statement=_statement(len(plates), len(full), len(thumbnails), clip),
    )


def _wells(rows: pd.DataFrame, readout: Readout, layout: Layout, lost: set[str]) -> list[MappedWell]:
    drawn = []
    named = zip(rows["well"], rows["role"], rows["compound"], rows["dose"], rows["dose_unit"], rows["value"], strict=True)
    for well, role, compound, amount, unit, value in named:
        row, column = layout.position(str(well))
        known = None if is_missing(value) else float(value)
        title = " · ".join(part for part in (str(well), given(role, compound, amount, unit), _said(readout, known)) if part)
        drawn.append(MappedWell(row, column, str(role), known, title, failed=str(well) in lost))
    seen = {str(well) for well in rows["well"]}
    for well in sorted(lost - seen):
        row, column = layout.position(well)
        drawn.append(MappedWell(row, column, "", None, say("{well} · failed", well=well), failed=True))
    return drawn


def given(role: object, compound: object, amount: object, unit: object) -> str:
    """Return what a well was given, in words: ``wortmannin, 0.15 µM``; the role where it got nothing."""
    name = text_of(compound)
    usual = {"negative": "negative control", "positive": "positive control"}.get(str(role), str(role))
    spoken = say(usual)
    dosed = name and not is_missing(amount) and float(str(amount)) != 0
    parts = ["" if name == usual else name, dose(amount, unit) if dosed else ""]
    what = ", ".join(part for part in parts if part)
    if role == "treatment":
        return what or spoken
    return f"{spoken} ({what})" if what else spoken


def _said(readout: Readout, value: float | None) -> str:
    return f"{readout.label} {significant(value)}" if value is not None else say("not measured")


def _control_medians(rows: pd.DataFrame) -> list[tuple[str, float]]:
    medians = []
    for role in ("negative", "positive"):
        values = rows.loc[rows["role"] == role, "value"].dropna()
        if len(values):
            medians.append((role, float(values.astype(float).median())))
    return medians


def _description(wells: list[MappedWell]) -> str:
    known = [(well.value, well) for well in wells if well.value is not None]
    if not known:
        return say("no well was measured")
    low, high = min(known, key=lambda pair: pair[0]), max(known, key=lambda pair: pair[0])
    where = [f"{pair[1].title.split(' · ')[0]}" for pair in (low, high)]
    missing = len(wells) - len(known)
    lost = say("; {wells} without a value", wells=count(missing, "well")) if missing else ""
    return say(
        "{wells}, from {low} ({lowest}) to {high} ({highest}){lost}",
        wells=count(len(known), "well"),
        low=significant(low[0]),
        lowest=where[0],
        high=significant(high[0]),
        highest=where[1],
        lost=lost,
    )


def _statement(n_plates: int, n_full: int, n_thumbnails: int, clipped: bool) -> str:
    parts = []
    if n_full < n_plates:
        which = say("the plate") if n_full == 1 else say("the {n} plates", n=n_full)
        parts.append(
            say(
                "All {n} plates share one colour scale. Drawn well by well: {which} of the lowest quality.",
                n=n_plates,
                which=which,
            )
        )
    if 0 < n_thumbnails < n_plates:
        parts.append(say("The first {n} of {all} plates are shown small.", n=n_thumbnails, all=n_plates))
    if clipped:
        parts.append(say("The lowest and highest 0.5 % of wells are drawn in the colours of the scale's ends."))
    return paragraph(parts)


def _table(results: Results, shown: list[tuple[Readout, pd.DataFrame]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return head and rows of the table that says in text what the maps show."""
    columns = {}
    for readout, rows in shown:
        columns[readout.label] = dict(zip(zip(rows["plate"], rows["well"], strict=True), rows["value"], strict=True))
    wells = results.wells.sort_values(["plate", "well"], kind="stable")
    body = []
    for plate, well, role, compound, amount, unit in zip(
        *(wells[name] for name in ("plate", "well", "role", "compound", "dose", "dose_unit")), strict=True
    ):
        values = (significant(values.get((plate, well))) for values in columns.values())
        body.append((str(plate), str(well), given(role, compound, amount, unit), *values))
    return (say("plate"), say("well"), say("content"), *columns), tuple(body)
