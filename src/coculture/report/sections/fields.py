"""Quality of the images: flags per field, and the uneven light that was divided out."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coculture.errors import FileError
from coculture.report.language import mark, say
from coculture.report.pictures import heat_picture
from coculture.report.reading import Results
from coculture.report.records import flags as flags_of
from coculture.report.records import records
from coculture.report.words.numbers import count, fixed, percent, significant, span, text_of
from coculture.store.images.illumination import read_illumination
from coculture.store.images.plate import plate_images_path

FLAGS = {
    "out_of_focus": mark("out of focus"),
    "saturated": mark("saturated"),
    "empty": mark("no object found"),
    "debris": mark("debris"),
}
MOST_ROWS = 60
MOST_PLATES = 4


@dataclass(frozen=True)
class FlaggedField:
    """One flagged image, every number as text."""

    plate: str
    well: str
    site: str
    channel: str
    flags: str
    focus: str
    saturated: str
    debris: str


@dataclass(frozen=True)
class LightPicture:
    """The illumination field of one plate and channel: data address, what it is, how far it ranges."""

    source: str
    plate: str
    channel: str
    range: str


@dataclass(frozen=True)
class FieldsSection:
    """What the template of image quality may use."""

    summary: str
    counts: str
    rows: tuple[FlaggedField, ...]
    statement: str
    light: tuple[LightPicture, ...]
    light_method: str


def fields_section(results: Results) -> FieldsSection | None:
    """Return the section; None where there were no images."""
    fields = results.fields
    if fields.empty:
        return None
    flags = pd.DataFrame({name: flags_of(fields[name]) for name in FLAGS})
    flagged = fields[flags.any(axis=1)].sort_values(["plate", "well", "site", "t_min", "channel"], kind="stable")
    rows = tuple(_row(row) for row in records(flagged.head(MOST_ROWS)))
    counts = [f"{say(words)} {int(flags[name].sum()):,}" for name, words in FLAGS.items() if flags[name].any()]
    return FieldsSection(
        summary=_summary(len(flagged), len(fields)),
        counts=say(", ").join(counts),
        rows=rows,
        statement=say("The first {n} of {all:,}; all stand in {file}.", n=MOST_ROWS, all=len(flagged), file="fields/")
        if len(flagged) > MOST_ROWS
        else "",
        light=tuple(_light(results)),
        light_method=text_of(results.section("illumination").get("method")),
    )


def _summary(n_flagged: int, n_all: int) -> str:
    if n_flagged == 0:
        return say("None of the {images} (one a field and channel) carries a flag.", images=count(n_all, "image"))
    found = {"n": n_flagged, "images": count(n_all, "image"), "share": percent(n_flagged / n_all, 1)}
    if n_flagged == 1:
        return say("{n:,} of {images} (one a field and channel) carries a flag ({share}).", **found)
    return say("{n:,} of {images} (one a field and channel) carry a flag ({share}).", **found)


def _row(row: dict[str, object]) -> FlaggedField:
    return FlaggedField(
        plate=str(row["plate"]),
        well=str(row["well"]),
        site=str(row["site"]),
        channel=str(row["channel"]),
        flags=say(", ").join(say(words) for name, words in FLAGS.items() if row[name] is True or row[name] == 1),
        focus=significant(row["focus"]),
        saturated=percent(row["saturated_fraction"], 2),
        debris=percent(row["debris_fraction"], 1),
    )


def _light(results: Results) -> list[LightPicture]:
    pictures = []
    for plate in results.plates[:MOST_PLATES]:
        path = plate_images_path(results.folder, plate)
        for channel in sorted({str(name) for name in results.fields["channel"].dropna()}):
            try:
                values = read_illumination(path, channel)
            except FileError:
                continue
            spread = span(fixed(values.min(), 2), fixed(values.max(), 2))
            pictures.append(LightPicture(heat_picture(values), plate, channel, spread))
    return pictures
