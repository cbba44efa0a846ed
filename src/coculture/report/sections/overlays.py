"""Tracks over the last image of a well: of each treatment one well that has both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from markupsafe import Markup

from coculture.errors import FileError
from coculture.report.figures.track_overlay import TrackLine, track_overlay
from coculture.report.language import say
from coculture.report.pictures import Middle, grey_picture, middle, shared_window
from coculture.report.reading import Results
from coculture.report.sections.samples import place_of
from coculture.report.sections.tracked import TrackedGroup, types_in
from coculture.report.words.numbers import count, short
from coculture.store.images.documents import sites
from coculture.store.images.field import FieldImages
from coculture.store.images.plate import plate_images_path
from coculture.store.images.reading import read_field
from coculture.store.object_store import StoreError

MOST_OVERLAYS = 4
MOST_DRAWN = 250
"""Tracks drawn over one image; of more, the longest ones are."""

MOST_POINTS = 80
"""Points of a track that are drawn; of more, every second, third … is."""

MOST_TYPES = 4
RECENT = 1 / 3
"""Share of the time before the image that counts as recent."""


@dataclass(frozen=True)
class Overlay:
    """One treatment: what it is, where the image lies, and the drawing."""

    name: str
    place: str
    drawing: Markup


@dataclass(frozen=True)
class OverlaysSection:
    """What the template of the overlays may use; ``key`` holds class and name of each type of cells."""

    overlays: tuple[Overlay, ...]
    channel: str
    key: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Field:
    """The last image of a well and the rows of its cells up to then."""

    group: TrackedGroup
    plate: str
    well: str
    site: int
    t_min: float
    image: Middle
    cells: pd.DataFrame


def overlays_section(results: Results, groups: tuple[TrackedGroup, ...]) -> OverlaysSection | None:
    """Return the section; None where cells were not followed or no images were kept."""
    if not groups or not (results.folder / "images").is_dir():
        return None
    wanted = str(results.section("nuclei").get("channel", ""))
    fields = [field for group in groups if (field := _last_image(results, group, wanted)) is not None][:MOST_OVERLAYS]
    if not fields:
        return None
    window = shared_window([field.image.pixels for field in fields])
    types = types_in(groups)[:MOST_TYPES]
    named = len(results.plates) > 1
    overlays = tuple(_overlay(field, window, types, named=named) for field in fields)
    return OverlaysSection(overlays, fields[0].image.channel, tuple((f"cells-{i}", name) for i, name in enumerate(types)))


def _last_image(results: Results, group: TrackedGroup, channel: str) -> _Field | None:
    for plate, well in group.wells:
        cells = group.cells[(group.cells["plate"] == plate) & (group.cells["well"] == well)]
        path = plate_images_path(results.folder, plate)
        try:
            site = sites(path, well)[0]
        except StoreError:
            raise
        except (FileError, IndexError):
            continue
        here = cells[cells["site"] == site]
        field = _field(path, well, site, here["t_min"].nunique())
        if field is not None and len(here := here[here["t_min"] <= field.t_min]):
            return _Field(group, plate, well, site, field.t_min, middle(field, channel), here)
    return None


def _field(path: Path, well: str, site: int, n_times: int) -> FieldImages | None:
    """Return the latest image there is: the last of ``n_times``, else the only one."""
    for place in (n_times - 1, 0):
        try:
            return read_field(path, well, site, place)
        except StoreError:
            raise
        except FileError:
            continue
    return None


def _overlay(field: _Field, window: tuple[float, float], types: Sequence[str], *, named: bool) -> Overlay:
    lines = _lines(field)
    drawn = [(f"cells-{i}", [line for kind, line in lines if kind == name]) for i, name in enumerate(types)]
    height, width = field.image.pixels.shape
    where = place_of(field.plate if named else "", field.well, field.site)
    place = say("{where} at {time} min, {tracks}", where=where, time=short(field.t_min), tracks=count(len(lines), "track"))
    name = field.group.group.name
    source = grey_picture(field.image.pixels, window)
    drawing = track_overlay(
        source, (width, height), field.image.pixel_size_um, drawn, title=say("Tracks of {name}, {place}", name=name, place=place)
    )
    return Overlay(name, place, drawing)


def _lines(field: _Field) -> list[tuple[str, TrackLine]]:
    """Return type and line of the longest tracks that touch the picture, in order of their number."""
    image = field.image
    rows = field.cells.sort_values(["track_id", "t_min"], kind="stable")
    rows = rows.assign(
        column=rows["x_um"] / image.pixel_size_um - image.left,
        row=rows["y_um"] / image.pixel_size_um - image.top,
    )
    height, width = image.pixels.shape
    inside = rows["column"].between(0, width) & rows["row"].between(0, height)
    seen = rows[rows["track_id"].isin(rows.loc[inside, "track_id"])]
    sizes = seen.groupby("track_id", sort=True).size().sort_values(ascending=False, kind="stable")
    chosen = seen[seen["track_id"].isin(sizes.index[:MOST_DRAWN])]
    since = field.t_min - RECENT * (field.t_min - float(field.cells["t_min"].min()))
    return [_line(track, since, field.t_min) for _, track in chosen.groupby("track_id", sort=True)]


def _line(track: pd.DataFrame, since: float, last: float) -> tuple[str, TrackLine]:
    """Return a track thinned from its end, so that its last point stays."""
    every = max(1, -(-len(track) // MOST_POINTS))
    kept = track.iloc[np.arange(len(track) - 1, -1, -every)[::-1]]
    times = kept["t_min"].to_numpy(float)
    points = list(zip(kept["column"].astype(float), kept["row"].astype(float), strict=True))
    recent = int(np.count_nonzero(times >= since))
    return str(track["cell_type"].iloc[-1]), TrackLine(points, recent, bool(times[-1] == last))
