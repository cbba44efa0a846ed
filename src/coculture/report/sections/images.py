"""Image crops: controls and top hits, with the outlines everything was measured in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture.errors import FileError
from coculture.report.figures.crop import crop_drawing, outline_definition
from coculture.report.figures.outline_path import outline_path
from coculture.report.pictures import Crop, cut, grey_picture, shared_window
from coculture.report.reading import Results
from coculture.report.records import flags, records
from coculture.report.sections.plates import given
from coculture.report.svg import join
from coculture.report.words.numbers import is_missing, significant, text_of
from coculture.store.images import plate_images_path, read_field, sites

MOST_HITS = 4
MOST_CHANNELS = 4
KINDS = ("nuclei", "cells")


@dataclass(frozen=True)
class Sample:
    """A well to show: what it is, where it lies, and its field."""

    name: str
    plate: str
    well: str
    site: int
    value: str
    crop: Crop
    channels: tuple[str, ...]


@dataclass(frozen=True)
class SampleView:
    """One well in the page: a caption and a drawing per channel."""

    name: str
    place: str
    value: str
    tiles: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True)
class ImagesSection:
    """What the template of the crops may use; ``kinds`` are the outlines that can be turned on and off."""

    samples: tuple[SampleView, ...]
    definitions: Markup
    kinds: tuple[str, ...]
    channels: tuple[str, ...]


def images_section(results: Results) -> ImagesSection | None:
    """Return the section; None where no images were kept."""
    if not (results.folder / "images").is_dir():
        return None
    samples = list(_samples(results))
    if not samples:
        return None
    channels = samples[0].channels[:MOST_CHANNELS]
    alike = [sample for sample in samples if sample.channels[:MOST_CHANNELS] == channels]
    windows = [shared_window([sample.crop.pixels[number] for sample in alike]) for number in range(len(channels))]
    definitions = []
    views = []
    for number, sample in enumerate(alike):
        names = []
        for kind in KINDS:
            if kind in sample.crop.labels:
                names.append(f"outline-{number}-{kind}")
                definitions.append(outline_definition(names[-1], outline_path(sample.crop.labels[kind]), kind))
        views.append(_view(sample, channels, windows, tuple(names), len(results.plates) > 1))
    kinds = tuple(kind for kind in KINDS if any(kind in sample.crop.labels for sample in alike))
    return ImagesSection(tuple(views), join(definitions), kinds, channels)


def _view(
    sample: Sample, channels: tuple[str, ...], windows: list[tuple[float, float]], outlines: tuple[str, ...], named: bool
) -> SampleView:
    tiles = []
    place = f"{f'plate {sample.plate}, ' if named else ''}well {sample.well}, field {sample.site}"
    for number, channel in enumerate(channels):
        pixels = sample.crop.pixels[number]
        title = f"Channel {channel} of {sample.name}, {place}, with outlines of nuclei and cells"
        source = grey_picture(pixels, windows[number])
        tiles.append((channel, crop_drawing(source, pixels.shape[0], sample.crop.pixel_size_um, outlines, title=title)))
    return SampleView(sample.name, place, sample.value, tuple(tiles))


def _samples(results: Results) -> Iterator[Sample]:
    """Yield the negative control, the positive control and the top hits, each by its most typical well that has images."""
    wells = results.wells
    primary = results.primary
    for role in ("negative", "positive"):
        yield from _typical(results, wells[wells["role"] == role], "")
    if primary is None:
        return
    rows = results.hits[(results.hits["readout"] == primary.name) & flags(results.hits["hit"])]
    found = 0
    for row in _varied(rows.sort_values("rank", kind="stable")):
        chosen = wells[(wells["compound"] == row["compound"]) & wells["role"].isin(("treatment", "reference"))]
        if not is_missing(row["dose"]):
            chosen = chosen[(chosen["dose"] == row["dose"]) & (chosen["dose_unit"] == row["dose_unit"])]
        for sample in _typical(results, chosen, f"hit {row['rank']:.0f}: "):
            found += 1
            yield sample
        if found >= MOST_HITS:
            return


def _varied(rows: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the best row of each compound, then the second of each, so that the crops show different things."""
    turn = rows.groupby("compound", sort=False, dropna=False).cumcount()
    yield from records(rows.assign(turn=turn).sort_values(["turn", "rank"], kind="stable").head(24))


def _typical(results: Results, wells: pd.DataFrame, lead: str) -> Iterator[Sample]:
    """Yield the well whose primary read-out is nearest to the wells' median and that has images; nothing where none has."""
    name = results.primary.name if results.primary else ""
    if name in wells:
        values = wells[name].astype(float)
        order = (values - values.median()).abs()
        wells = wells.assign(distance=order).sort_values(["distance", "plate", "well"], kind="stable")
    for row in records(wells.head(12)):
        plate, well = str(row["plate"]), str(row["well"])
        path = plate_images_path(results.folder, plate)
        try:
            site = sites(path, well)[0]
            field = read_field(path, well, site)
        except (FileError, IndexError):
            continue
        said = f"{results.primary.label} {significant(row[name])}" if results.primary and name in row else ""
        what = given(row["role"], row["compound"], row["dose"], text_of(row["dose_unit"]))
        yield Sample(lead + what, plate, well, site, said, cut(field), field.channels)
        return
