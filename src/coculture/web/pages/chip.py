"""The chip of a virtual screen: its geometry, flow and shear, what is where over time, and how much of a dose arrives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from coculture.report.figures.plate_map import ColourRange, colour_bar
from coculture.report.sections.doses import DosesSection, doses_section
from coculture.report.templating import Numbering
from coculture.report.words.numbers import significant
from coculture.web.asked import Screen, known
from coculture.web.chip_view import MAPS, ShownChip, chip_of
from coculture.web.courses import AT_CELLS, EVERYWHERE, course_drawing, courses_of
from coculture.web.pages.well import the_well
from coculture.web.rendering import page, words_for

router = APIRouter()

UNITS = {"speed": "µm/s", "shear": "Pa"}


@dataclass(frozen=True)
class Sections:
    """What the report's template of doses may use."""

    doses: DosesSection | None
    confidence: int


@router.get("/screens/{screen}/chip")
def chip(
    request: Request,
    screen: str,
    contents: Screen,
    plate: Annotated[str, Query(max_length=200)] = "",
    well: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the chip, and what was where in one of its wells."""
    source = contents.settings.get("source")
    if not (isinstance(source, dict) and source.get("kind") == "virtual") or not len(contents.wells):
        return page(request, "nothing.html.j2", screen=screen, name=contents.name, why="no_chip")
    shown, words = chip_of(contents), words_for(request)
    first = contents.wells.iloc[0]
    plate, well = plate or str(first["plate"]), well or str(first["well"])
    the_well(contents, plate, well)
    courses = courses_of(contents.folder, plate, well, None if shown is None else shown.grid)
    results = contents.results
    return page(
        request,
        "chip.html.j2",
        screen=screen,
        name=contents.name,
        shown=shown,
        own_design=shown is None and bool(source.get("chip")),
        facts=[] if shown is None else _facts(shown),
        maps=[] if shown is None else [(name, _bar(shown, name)) for name in _maps(shown)],
        named_places=(AT_CELLS, EVERYWHERE),
        plate=plate,
        well=well,
        wells=[(str(one), str(other)) for one, other in zip(contents.wells["plate"], contents.wells["well"], strict=True)],
        courses=[
            (solute, list(places), course_drawing(places, solute, (words("chip.hours"), f"{solute}, µM")))
            for solute, places in courses.items()
        ],
        page=Sections(doses_section(results), results.confidence),
        numbered=Numbering(),
    )


@router.get("/screens/{screen}/chip/{name}.png")
def chip_map(screen: str, name: str, contents: Screen) -> Response:
    """Give one map of the chip."""
    shown = chip_of(contents)
    if shown is None:
        raise HTTPException(404)
    return Response(shown.picture(known(name, _maps(shown))), media_type="image/png")


def _maps(shown: ShownChip) -> tuple[str, ...]:
    return MAPS if shown.flow is not None else MAPS[:1]


def _bar(shown: ShownChip, name: str) -> object:
    return colour_bar(ColourRange(0.0, shown.highest(name)), UNITS[name]) if name in UNITS else None


def _facts(shown: ShownChip) -> list[tuple[str, str]]:
    """Return key and text of what a designer asks first."""
    rows, columns = shown.grid.shape
    width, height = columns * shown.grid.pitch_um / 1000, rows * shown.grid.pitch_um / 1000
    found = [("design", shown.design), ("size", f"{significant(width)} × {significant(height)} mm")]
    found.append(("pitch", f"{significant(shown.grid.pitch_um)} µm"))
    if shown.flow is not None:
        entering = float(shown.flow.port_flow.clip(min=0).sum()) * 1e-9
        found.append(("flow", f"{significant(entering)} µL/min"))
        found.append(("fastest", f"{significant(float(shown.speed_um_per_s.max()))} µm/s"))
        found.append(("shear", f"{significant(float(shown.flow.floor_shear_pa.max()))} Pa"))
    return found
