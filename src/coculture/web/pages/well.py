"""One well: what is seen in it, with outlines, contacts and ways drawn over; its cells as points, each of which can be opened."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, HTTPException, Query, Request, Response

from coculture.report.words.numbers import is_missing, significant
from coculture.store import ngff
from coculture.store.images.documents import sites
from coculture.store.images.plate import plate_images_path, plate_wells
from coculture.store.images.reading import field_facts
from coculture.store.tables import table_path
from coculture.web.asked import Screen, known
from coculture.web.chip_view import chip_of
from coculture.web.content import content_in
from coculture.web.drawn_wells import drawn_solutes, drawn_window
from coculture.web.enclosed import require_enclosed_images
from coculture.web.kept_cells import cells_of_well
from coculture.web.lights import usual_lights
from coculture.web.pages.plate import well_address
from coculture.web.rendering import page, words_for
from coculture.web.scatter import Axes, Which, features_of, scatter
from coculture.web.screen_folder import ScreenContents
from coculture.web.tiles import SIDE

router = APIRouter()


@dataclass(frozen=True)
class Seen:
    """What can be looked at in one well.

    Attributes
    ----------
    kind : ``images``, ``drawn`` from the cell table, or ``nothing``.
    sites : numbers of its fields of view.
    times : minutes of its time points at the site looked at.
    """

    kind: str
    sites: tuple[int, ...]
    times: tuple[float, ...]


def images_of(contents: ScreenContents, plate: str, well: str) -> Path | None:
    """Return the images of the plate where the well has some.

    Raises
    ------
    FileError : if something of them is a link.
    """
    path = plate_images_path(contents.folder, plate)
    if not path.is_dir():
        return None
    require_enclosed_images(path, *ngff.split_well(well))
    return path if well in plate_wells(path) else None


def the_well(contents: ScreenContents, plate: str, well: str) -> pd.Series:
    """Return the well's row.

    Raises
    ------
    HTTPException : 404 where there is none.
    """
    known(plate, contents.plates)
    rows = contents.wells[(contents.wells["plate"] == plate) & (contents.wells["well"] == well)]
    if not len(rows):
        raise HTTPException(404)
    return rows.iloc[0]


def seen_in(contents: ScreenContents, plate: str, well: str, site: int) -> Seen:
    """Return what can be looked at in a well."""
    path = images_of(contents, plate, well)
    if path is not None:
        numbers = tuple(sites(path, well))
        facts = field_facts(path, well, site if site in numbers else numbers[0])
        return Seen("images", numbers, facts.t_min)
    cells = cells_of_well(contents.folder, plate, well)
    if not len(cells):
        return Seen("nothing", (), ())
    numbers = tuple(sorted(int(number) for number in cells["site"].unique()))
    own = cells[cells["site"] == (site if site in numbers else numbers[0])]
    return Seen("drawn", numbers, tuple(sorted(float(t) for t in own["t_min"].unique())))


@router.get("/screens/{screen}/plate/{plate}/well/{well}")
def well(
    request: Request,
    screen: str,
    plate: str,
    well: str,
    contents: Screen,
    site: Annotated[int, Query(ge=1, le=100_000)] = 1,
    time: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    x: str = "",
    y: str = "",
) -> Response:
    """Show one well."""
    row = the_well(contents, plate, well)
    seen = seen_in(contents, plate, well, site)
    if seen.sites and (site not in seen.sites or time >= len(seen.times)):
        raise HTTPException(404)
    here = well_address(screen, plate, well)
    cells = cells_of_well(contents.folder, plate, well)
    features = features_of(list(map(str, cells.columns))) if len(cells) else ()
    axes = usual_axes(features, x, y)
    plot, n_cells = None, 0
    if axes is not None and seen.times:
        which = Which("read_parquet(?)", "site = ? AND t_min = ?", (_file(contents, plate, well), site, seen.times[time]))
        plot, n_cells = scatter(contents, which, axes, lambda cell: _cell_address(here, cell, time), well)
    return page(
        request,
        "well.html.j2",
        screen=screen,
        name=contents.name,
        plate=plate,
        well=well,
        here_well=here,
        given=content_in(words_for(request), *(row.get(one) for one in ("role", "compound", "dose", "dose_unit"))),
        readouts=[
            (one.label, significant(row[one.name]))
            for one in contents.readouts
            if one.name in row and not is_missing(row[one.name])
        ],
        n_cells=row.get("n_cells"),
        seen=seen,
        site=site,
        time=time,
        view=_view(contents, plate, well, site, seen),
        axes=axes,
        features=features,
        plot=plot,
        n_plotted=n_cells,
        elsewhere=contents.cells_elsewhere,
        neighbours=_neighbours(contents, screen, plate, well),
    )


def usual_axes(features: tuple[str, ...], x: str, y: str) -> Axes | None:
    """Return the features asked for, usual ones where none was; None where there are none."""
    if not features:
        return None
    usual = [name for name in features if "area" in name or "intensity" in name] + list(features)
    second = next((name for name in usual if name != usual[0]), usual[0])
    return Axes(known(x, features) if x else usual[0], known(y, features) if y else second)


def _view(contents: ScreenContents, plate: str, well: str, site: int, seen: Seen) -> dict[str, Any] | None:
    """Return what the viewer has to know: sizes, channels, and what can be drawn over."""
    if seen.kind == "nothing":
        return None
    if seen.kind == "drawn":
        window = drawn_window(contents.folder, plate, well, site)
        solutes = drawn_solutes(contents.folder, plate, well)
        chip = chip_of(contents)
        flows = chip is not None and chip.flow is not None
        return {"kind": "drawn", "window_um": list(window), "times": list(seen.times), "solutes": list(solutes), "flows": flows}
    path = plate_images_path(contents.folder, plate)
    facts = field_facts(path, well, site)
    lights = [
        {"channel": one.channel, "low": one.low, "high": one.high, "colour": one.colour} for one in usual_lights(path, well, site)
    ]
    return {
        "kind": "images",
        "width": facts.width,
        "height": facts.height,
        "pixel_um": facts.pixel_size_um,
        "levels": facts.levels,
        "side": SIDE,
        "lights": lights,
        "labels": list(facts.labels),
        "times": list(facts.t_min),
    }


def _neighbours(contents: ScreenContents, screen: str, plate: str, well: str) -> dict[str, str]:
    """Return the addresses of the wells before and after this one on its plate."""
    names = [str(name) for name in contents.wells.loc[contents.wells["plate"] == plate, "well"]]
    place = names.index(well)
    found = {"previous": names[place - 1] if place else "", "next": names[place + 1] if place + 1 < len(names) else ""}
    return {key: well_address(screen, plate, name) for key, name in found.items() if name}


def _file(contents: ScreenContents, plate: str, well: str) -> str:
    return glob.escape(table_path(contents.folder, "cells", plate, well).as_posix())


def _cell_address(here: str, cell: dict[str, Any], time: int) -> str:
    return f"{here}/cell/{cell['cell_id']}?site={cell['site']}&time={time}"
