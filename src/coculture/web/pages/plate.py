"""One plate: any read-out as a heat map whose wells can be opened, its edge, and its replicates side by side."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import pandas as pd
from fastapi import APIRouter, HTTPException, Request, Response
from markupsafe import Markup

from coculture.plate.columns import ROLES
from coculture.plate.layout import Layout
from coculture.report import svg
from coculture.report.figures.plate_map import ColourRange, MappedWell, colour_bar, plate_map
from coculture.report.scales import LinearScale, padded
from coculture.report.words.numbers import is_missing, significant
from coculture.screen.normalise.methods import NORMALISATIONS
from coculture.web.asked import Screen, known
from coculture.web.content import content_in
from coculture.web.language import Words
from coculture.web.rendering import page, words_for
from coculture.web.screen_folder import ScreenContents

router = APIRouter()

SCALES = tuple(method.column for method in NORMALISATIONS.values())
"""Columns of the table of normalised wells that a map can show, as measured first."""

MOST_BESIDE = 5
"""Plates that are drawn beside the one looked at, its replicates first."""


@dataclass(frozen=True)
class Shown:
    """What of a screen is shown: the read-out and the scale, and the values of every plate."""

    readout: str
    label: str
    scale: str
    values: pd.DataFrame
    colours: ColourRange


@dataclass(frozen=True)
class Place:
    """A well a reader can open."""

    well: str
    address: str
    content: str
    value: str


@router.get("/screens/{screen}/plate")
def first_plate(request: Request, screen: str, contents: Screen) -> Response:
    """Show the first plate of a screen."""
    if not contents.plates:
        return page(request, "nothing.html.j2", screen=screen, name=contents.name, why="no_wells")
    return plate(request, screen, contents.plates[0], contents)


@router.get("/screens/{screen}/plate/{plate}")
def plate(request: Request, screen: str, plate: str, contents: Screen, readout: str = "", scale: str = "raw") -> Response:
    """Show one plate."""
    known(plate, contents.plates)
    layout = contents.layout
    if layout is None:
        return page(request, "nothing.html.j2", screen=screen, name=contents.name, why="no_places")
    words = words_for(request)
    names = _readouts(contents, words)
    shown = _shown(contents, known(readout or next(iter(names)), tuple(names)), known(scale, SCALES), names)
    rows = shown.values[shown.values["plate"] == plate]
    return page(
        request,
        "plate.html.j2",
        screen=screen,
        name=contents.name,
        plate=plate,
        plates=contents.plates,
        readouts=names,
        shown=shown,
        scales=[one for one in SCALES if one == "raw" or (one in shown.values and shown.values[one].notna().any())],
        drawing=_map(rows, plate, shown, layout, screen, words),
        bar=colour_bar(shown.colours, shown.label),
        edge=_edge(rows, layout, shown, words),
        beside=_beside(contents, plate, shown, layout, screen, words),
        places=[_place(row, plate, screen, words) for row in rows.itertuples()],
        roles=[(role, int(n)) for role, n in rows["role"].value_counts().reindex(list(ROLES)).dropna().items()],
        quality=_quality(contents, plate, shown.readout),
    )


def _readouts(contents: ScreenContents, words: Words) -> dict[str, str]:
    """Return name and label of everything a map can show."""
    found = {readout.name: readout.label for readout in contents.readouts}
    if "n_cells" in contents.wells:
        found.setdefault("n_cells", words("plate.n_cells"))
    if not found:
        raise HTTPException(404)
    return found


def _shown(contents: ScreenContents, readout: str, scale: str, names: dict[str, str]) -> Shown:
    table = contents.normalised
    rows = table[table["readout"] == readout] if "readout" in table else table
    if len(rows) and scale in rows:
        rows = rows.assign(value=rows[scale].astype(float))
    elif readout in contents.wells:
        rows, scale = contents.wells.assign(value=contents.wells[readout].astype(float)), "raw"
    else:
        raise HTTPException(404)
    values = rows["value"].dropna()
    clip = len(values) > 500
    low = float(values.quantile(0.005 if clip else 0.0)) if len(values) else 0.0
    high = float(values.quantile(0.995 if clip else 1.0)) if len(values) else 1.0
    return Shown(readout, names[readout], scale, rows, ColourRange(low, high))


def _beside(
    contents: ScreenContents, plate: str, shown: Shown, layout: Layout, screen: str, words: Words
) -> list[tuple[str, list[tuple[str, Markup]]]]:
    """Return the plates beside this one, drawn: its replicates, whose wells were given the same, then others."""
    own = contents.designs.get(plate)
    alike = [other for other in contents.plates if other != plate and contents.designs.get(other) == own]
    unlike = [other for other in contents.plates if other != plate and other not in alike]
    groups = {"replicates": alike[:MOST_BESIDE], "beside": unlike[: MOST_BESIDE - min(len(alike), MOST_BESIDE)]}
    by_plate = {str(name): rows for name, rows in shown.values.groupby("plate")}
    nothing = shown.values.iloc[:0]
    return [
        (key, [(other, _map(by_plate.get(other, nothing), other, shown, layout, screen, words)) for other in others])
        for key, others in groups.items()
        if others
    ]


def _map(rows: pd.DataFrame, plate: str, shown: Shown, layout: Layout, screen: str, words: Words) -> Markup:
    wells = []
    columns = (rows[name] for name in ("well", "role", "compound", "dose", "dose_unit", "value"))
    for well, role, compound, amount, unit, value in zip(*columns, strict=True):
        row, column = layout.position(str(well))
        number = None if is_missing(value) else float(value)
        said = f"{shown.label} {significant(number)}" if number is not None else "–"
        title = " · ".join(part for part in (str(well), content_in(words, role, compound, amount, unit), said) if part)
        wells.append(MappedWell(row, column, str(role), number, title, link=well_address(screen, plate, str(well))))
    described = f"{len(wells)}"
    return plate_map(wells, layout.rows, layout.columns, shown.colours, title=f"{plate}, {shown.label}", description=described)


def well_address(screen: str, plate: str, well: str) -> str:
    """Return the address of a well's page."""
    return f"/screens/{quote(screen, safe='')}/plate/{quote(plate, safe='')}/well/{quote(well, safe='')}"


def _edge(rows: pd.DataFrame, layout: Layout, shown: Shown, words: Words) -> Markup | None:
    """Draw the median by distance from the plate's edge; None where all wells lie equally far, or none has a value."""
    distance = [layout.edge_distance(str(well)) for well in rows["well"]]
    steps = pd.DataFrame({"distance": distance, "value": rows["value"].to_numpy(float)}).dropna().groupby("distance")["value"]
    medians = steps.median()
    if len(medians) < 2:
        return None
    low, high = steps.quantile(0.25), steps.quantile(0.75)
    up = LinearScale(*padded(float(low.min()), float(high.max()), 0.08), 150, 24)
    across = LinearScale(-0.5, float(medians.index.max()) + 0.5, 60, 320)
    parts = [svg.left_axis(up, 60, 320, shown.label)]
    for ring, value, least, most in zip(medians.index, medians, low, high, strict=True):
        x = across(float(ring))
        parts.append(svg.line(x, up(float(least)), x, up(float(most)), "bar"))
        parts.append(
            svg.element("circle", svg.element("title", significant(value)), cx=x, cy=up(float(value)), r=4, class_="dot")
        )
        parts.append(svg.text(x, 168, str(ring), "tick", "middle"))
    parts.append(svg.text(190, 186, words("plate.distance"), "axis-label", "middle"))
    return svg.drawing(parts, 330, 194, title=words("plate.edge"), class_="edge")


def _place(row: object, plate: str, screen: str, words: Words) -> Place:
    well, value = str(getattr(row, "well")), getattr(row, "value")  # noqa: B009 - rows of a frame have no declared attributes
    content = content_in(words, *(getattr(row, name) for name in ("role", "compound", "dose", "dose_unit")))
    return Place(well, well_address(screen, plate, well), content, "–" if is_missing(value) else significant(value))


def _quality(contents: ScreenContents, plate: str, readout: str) -> dict[str, str]:
    """Return the plate's verdict for a read-out."""
    table = contents.quality
    if not len(table):
        return {}
    rows = table[(table["plate"] == plate) & (table["readout"] == readout)]
    if not len(rows):
        return {}
    first = rows.iloc[0]
    told = {name: str(first[name] or "") for name in ("verdict", "reasons")}
    return told | {name: significant(first[name]) for name in ("z_prime", "ssmd") if not is_missing(first[name])}
