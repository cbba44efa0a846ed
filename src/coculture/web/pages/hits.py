"""The ranking: filtered, sorted, page by page; the plot in which a class is a place; and the same rows as a file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal
from urllib.parse import quote

import pandas as pd
from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup

from coculture.report.figures.class_plot import CLASSES
from coculture.report.figures.effect_interval import Effect, effect_interval, interval_axis, shared_scale
from coculture.report.records import records
from coculture.report.scales import LinearScale
from coculture.report.sections.classes import classes_section
from coculture.report.words.numbers import chance, dose, in_percent, real, significant, text_of
from coculture.spreadsheet_cells import LINE_END
from coculture.store.spreadsheet import safe_for_spreadsheets
from coculture.web.asked import Screen
from coculture.web.compound_names import CompoundNames, names_of
from coculture.web.ranking import PAGE, SORTS, Ranking, asked_ranking
from coculture.web.rendering import page, words_for

router = APIRouter()

Wanted = Annotated[Ranking, Depends(asked_ranking)]
Shape = Literal["csv", "parquet"]


@dataclass(frozen=True)
class Row:
    """One treatment as text."""

    rank: str
    compound: str
    address: str
    names: CompoundNames | None
    dose: str
    condition: str
    effect: str
    range: str
    drawing: Markup
    q: str
    kind: str
    viability: str
    wells: str
    hit: bool
    note: str


@router.get("/screens/{screen}/hits")
def hits(request: Request, screen: str, contents: Screen, want: Wanted) -> Response:
    """Show one page of the ranking."""
    if not contents.has("hits"):
        return page(request, "nothing.html.j2", screen=screen, name=contents.name, why="no_hits")
    total, frame = want.count(contents), want.page(contents)
    effects = [_effect(record) for record in records(frame)]
    scale = shared_scale([effect for effect in effects if effect is not None])
    language = words_for(request).language
    rows = [_row(record, effect, scale, screen, language) for record, effect in zip(records(frame), effects, strict=True)]
    return page(
        request,
        "hits.html.j2",
        screen=screen,
        name=contents.name,
        want=want,
        rows=rows,
        axis=interval_axis(scale),
        total=total,
        n_pages=max(1, -(-total // PAGE)),
        readouts={one.name: one.label for one in contents.readouts},
        classes=CLASSES,
        sorts=SORTS,
        scale=contents.scale_of(want.readout),
        address=_addresses(request),
    )


@router.get("/screens/{screen}/classes")
def classes(request: Request, screen: str, contents: Screen) -> Response:
    """Show what treatments do to the interaction against what they do to the number of cells."""
    if not contents.has("hits"):
        return page(request, "nothing.html.j2", screen=screen, name=contents.name, why="no_hits")
    return page(
        request,
        "classes.html.j2",
        screen=screen,
        name=contents.name,
        section=classes_section(contents.results, partial(compound_address, screen)),
    )


@router.get("/screens/{screen}/hits.{shape}")
def hits_file(shape: Shape, screen: str, contents: Screen, want: Wanted) -> Response:
    """Give the rows a reader filtered as a file."""
    frame = want.all(contents) if contents.has("hits") else pd.DataFrame()
    named = f'attachment; filename="{quote(screen)}-hits.{shape}"'
    if shape == "csv":
        content, media = (
            safe_for_spreadsheets(frame).to_csv(index=False, lineterminator=LINE_END).encode(),
            "text/csv; charset=utf-8",
        )
    else:
        file = io.BytesIO()
        frame.to_parquet(file, index=False)
        content, media = file.getvalue(), "application/vnd.apache.parquet"
    return Response(content, media_type=media, headers={"Content-Disposition": named})


def _addresses(request: Request) -> dict[str, str]:
    """Return the queries of this page's neighbours: sorted otherwise, other pages, as files."""
    url = request.url.remove_query_params(["page", "lang"])
    turned = {name: url.include_query_params(sort=name, falling=str(_falls_next(request, name)).lower()) for name in SORTS}
    here = {f"sort_{name}": f"?{one.query}" for name, one in turned.items()}
    return here | {"filter": f"?{url.query}"}


def _falls_next(request: Request, name: str) -> bool:
    """Tell whether a click on a column sorts it falling: when it is sorted rising already."""
    return request.query_params.get("sort") == name and request.query_params.get("falling", "false").lower() != "true"


def compound_address(screen: str, compound: str) -> str:
    """Return the address of a compound's page."""
    return f"/screens/{quote(screen, safe='')}/compound?name={quote(compound, safe='')}"


def _whole(value: object) -> str:
    number = real(value)
    return "–" if number is None else f"{number:.0f}"


def _effect(record: dict[str, object]) -> Effect | None:
    value = real(record["effect"])
    ends = real(record["effect_low"]), real(record["effect_high"])
    return None if value is None else Effect(value, *ends, bool(record["hit"]))


def _row(record: dict[str, object], effect: Effect | None, scale: LinearScale, screen: str, language: str) -> Row:
    compound = text_of(record["compound"])
    low, high = real(record["effect_low"]), real(record["effect_high"])
    return Row(
        rank=_whole(record["rank"]),
        compound=compound,
        address=compound_address(screen, compound),
        names=names_of(compound, language),
        dose=dose(record["dose"], record["dose_unit"]),
        condition=text_of(record["condition"]),
        effect="–" if effect is None else significant(effect.value),
        range="" if low is None or high is None else f"{significant(low)} – {significant(high)}",
        drawing=Markup("") if effect is None else effect_interval(effect, scale, significant(effect.value)),
        q=chance(record["q_value"]),
        kind=text_of(record.get("interaction_class")),
        viability=in_percent(record.get("viability_effect")) if real(record.get("viability_effect")) is not None else "",
        wells=_whole(record["n_wells"]),
        hit=effect is not None and effect.hit,
        note=text_of(record["note"]),
    )
