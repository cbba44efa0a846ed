"""What the viewer of a well asks for: tiles, outlines, drawings, what is drawn over them, and the cell at a place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
from fastapi import APIRouter, HTTPException, Query, Response

from coculture.store.images.documents import sites
from coculture.store.images.field import FieldFacts
from coculture.store.images.reading import field_facts, read_pixels
from coculture.web.asked import Screen, known
from coculture.web.chip_view import chip_of
from coculture.web.drawn_wells import drawn_picture, drawn_solutes, drawn_window
from coculture.web.kept_cells import at, cells_of_well, contacts_of_well
from coculture.web.lights import told_lights, usual_lights
from coculture.web.overlays import Window, contact_lines, flow_lines, track_lines
from coculture.web.pages.well import images_of, seen_in, the_well
from coculture.web.screen_folder import ScreenContents
from coculture.web.tiles import as_light, light_tile, outline_tile, png

router = APIRouter(prefix="/screens/{screen}/plate/{plate}/well/{well}")

PNG = "image/png"
SVG = "image/svg+xml"
CROP_UM = 60.0
"""Width of what is shown around a cell."""

MOST_TILES = 4096
NEAR_UM = 60.0
"""A click further from every cell than this opens none."""

Lights = Annotated[list[str], Query(max_length=32)]


@router.get("/tile/{site}/{time}/{level}/{column}/{row}.png")
def tile(
    screen: str,
    plate: str,
    well: str,
    site: int,
    time: int,
    level: int,
    column: int,
    row: int,
    contents: Screen,
    light: Lights = [],  # noqa: B006 - FastAPI reads the default, nothing changes it
) -> Response:
    """Give one tile of a field's channels as light."""
    path, facts = _field(contents, plate, well, site, time, level)
    lights = told_lights(light, facts.channels) if light else usual_lights(path, well, site)
    return Response(light_tile(path, well, site, time, level, _place(column, row), lights, facts), media_type=PNG)


@router.get("/outline/{site}/{time}/{level}/{column}/{row}.png")
def outline(
    screen: str,
    plate: str,
    well: str,
    site: int,
    time: int,
    level: int,
    column: int,
    row: int,
    contents: Screen,
    name: str = "cells",
) -> Response:
    """Give one tile of the outlines."""
    path, facts = _field(contents, plate, well, site, time, level)
    return Response(outline_tile(path, well, site, time, level, _place(column, row), known(name, facts.labels)), media_type=PNG)


@router.get("/drawing/{site}/{time}.png")
def drawing(screen: str, plate: str, well: str, site: int, time: int, contents: Screen, solute: str = "") -> Response:
    """Give a well without images as a drawing of its cells."""
    _time(contents, plate, well, site, time)
    behind = known(solute, (*drawn_solutes(contents.folder, plate, well), "")) or "none"
    return Response(drawn_picture(contents.folder, plate, well, site, time, behind), media_type=PNG)


@router.get("/contacts/{site}/{time}.svg")
def contacts(screen: str, plate: str, well: str, site: int, time: int, contents: Screen) -> Response:
    """Give the contact graph as lines."""
    t_min = _time(contents, plate, well, site, time)
    cells, pairs = (at(read(contents.folder, plate, well), site, t_min) for read in (cells_of_well, contacts_of_well))
    return Response(contact_lines(cells, pairs, _window(contents, plate, well, site)), media_type=SVG)


@router.get("/tracks/{site}/{time}.svg")
def tracks(screen: str, plate: str, well: str, site: int, time: int, contents: Screen) -> Response:
    """Give the ways of the cells so far as lines."""
    t_min = _time(contents, plate, well, site, time)
    cells = cells_of_well(contents.folder, plate, well)
    return Response(track_lines(cells, site, t_min, _window(contents, plate, well, site)), media_type=SVG)


@router.get("/flow/{site}/{time}.svg")
def flow(screen: str, plate: str, well: str, site: int, time: int, contents: Screen) -> Response:
    """Give the flow of the medium as arrows."""
    _time(contents, plate, well, site, time)
    shown = chip_of(contents)
    if shown is None or shown.flow is None:
        raise HTTPException(404)
    return Response(flow_lines(shown.flow, _window(contents, plate, well, site)), media_type=SVG)


@router.get("/nearest/{site}/{time}")
def nearest(
    screen: str, plate: str, well: str, site: int, time: int, contents: Screen, x_um: float, y_um: float
) -> dict[str, int | str | None]:
    """Tell the cell nearest to a place, None where none is near."""
    cells = at(cells_of_well(contents.folder, plate, well), site, _time(contents, plate, well, site, time))
    if not len(cells) or not np.isfinite([x_um, y_um]).all():
        return {"cell": None}
    away = np.hypot(cells["x_um"].to_numpy(float) - x_um, cells["y_um"].to_numpy(float) - y_um)
    closest = int(away.argmin())
    if away[closest] > NEAR_UM:
        return {"cell": None}
    return {"cell": int(cells["cell_id"].iloc[closest]), "type": str(cells["cell_type"].iloc[closest])}


@router.get("/crop/{site}/{time}/{cell}.png")
def crop(screen: str, plate: str, well: str, site: int, time: int, cell: int, contents: Screen) -> Response:
    """Give the surroundings of one cell, in the usual lights."""
    path, facts = _field(contents, plate, well, site, time, 0)
    cells = at(cells_of_well(contents.folder, plate, well), site, facts.t_min[time])
    own = cells[cells["cell_id"] == cell]
    if not len(own):
        raise HTTPException(404)
    x, y = (float(own[name].iloc[0]) / facts.pixel_size_um for name in ("x_um", "y_um"))
    reach = round(CROP_UM / facts.pixel_size_um / 2)
    around = tuple(slice(max(0, round(middle) - reach), round(middle) + reach) for middle in (y, x))
    cut = read_pixels(path, well, site, 0, t_index=time, region=(around[0], around[1]))
    return Response(png(as_light(cut, usual_lights(path, well, site), facts.channels)), media_type=PNG)


def _field(contents: ScreenContents, plate: str, well: str, site: int, time: int, level: int) -> tuple[Path, FieldFacts]:
    """Return the plate's images and what is kept of a field; 404 where there is none, or no such time or size."""
    the_well(contents, plate, well)
    path = images_of(contents, plate, well)
    if path is None or site not in sites(path, well):
        raise HTTPException(404)
    facts = field_facts(path, well, site)
    if not (0 <= time < len(facts.t_min) and 0 <= level < facts.levels):
        raise HTTPException(404)
    return path, facts


def _time(contents: ScreenContents, plate: str, well: str, site: int, time: int) -> float:
    """Return the minute of a time point; 404 where there is none."""
    the_well(contents, plate, well)
    seen = seen_in(contents, plate, well, site)
    if site not in seen.sites or not 0 <= time < len(seen.times):
        raise HTTPException(404)
    return seen.times[time]


def _window(contents: ScreenContents, plate: str, well: str, site: int) -> Window:
    """Return the part of the well that is shown, µm."""
    path = images_of(contents, plate, well)
    if path is None:
        return drawn_window(contents.folder, plate, well, site)
    facts = field_facts(path, well, site)
    return 0.0, 0.0, facts.width * facts.pixel_size_um, facts.height * facts.pixel_size_um


def _place(column: int, row: int) -> tuple[int, int]:
    """Return the place of a tile; 404 where it lies outside every image."""
    if not (0 <= column < MOST_TILES and 0 <= row < MOST_TILES):
        raise HTTPException(404)
    return column, row
