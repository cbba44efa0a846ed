"""One compound: its curves, its effects on every read-out, and the wells that had it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from coculture.report.records import records
from coculture.report.sections.curves import curves_section
from coculture.report.templating import Numbering
from coculture.report.words.numbers import chance, dose, is_missing, significant, text_of
from coculture.web.asked import Screen
from coculture.web.compound_names import names_of
from coculture.web.pages.plate import well_address
from coculture.web.rendering import page, words_for
from coculture.web.screen_folder import ScreenContents

router = APIRouter()

CONTROLS = ("negative", "positive")
MOST_WELLS = 500


@router.get("/screens/{screen}/compound")
def compound(request: Request, screen: str, contents: Screen, name: Annotated[str, Query(max_length=500)]) -> Response:
    """Show one compound."""
    wells = contents.wells
    had = wells[wells["compound"].map(text_of) == name]
    if not name or not len(had):
        raise HTTPException(404)
    results = contents.results
    rows = results.hits[results.hits["compound"].map(text_of) == name]
    labels = {one.name: one.label for one in contents.readouts}
    return page(
        request,
        "compound.html.j2",
        screen=screen,
        name=contents.name,
        compound=name,
        names=names_of(name, words_for(request).language),
        section=_Section(contents, name),
        numbered=Numbering(),
        effects=[
            (
                labels.get(text_of(row["readout"]), text_of(row["readout"])),
                dose(row["dose"], row["dose_unit"]),
                text_of(row["condition"]),
                "–" if is_missing(row["effect"]) else significant(row["effect"]),
                chance(row["q_value"]),
                text_of(row.get("interaction_class")),
                bool(row["hit"]) if not is_missing(row["hit"]) else False,
            )
            for row in records(rows)
        ],
        wells=[
            (str(plate), str(well), dose(amount, unit), well_address(screen, str(plate), str(well)))
            for plate, well, amount, unit in zip(*(had[one] for one in ("plate", "well", "dose", "dose_unit")), strict=True)
        ][:MOST_WELLS],
    )


class _Section:
    """What the report's section of curves may use, for one compound."""

    def __init__(self, contents: ScreenContents, name: str) -> None:
        results = contents.results
        hits, curves, bands = (
            table[table["compound"].map(text_of) == name] for table in (results.hits, results.curves, results.bands)
        )
        table = results.normalised
        kept = table[(table["compound"].map(text_of) == name) | table["role"].isin(CONTROLS)]
        self.curves = curves_section(replace(results, normalised=kept, hits=hits, curves=curves, bands=bands))
        self.confidence = results.confidence
