"""Image crops: controls and top hits, with the outlines everything was measured in."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from coculture.report.figures.crop import crop_drawing, outline_definition
from coculture.report.figures.outline_path import outline_path
from coculture.report.language import say
from coculture.report.pictures import grey_picture, shared_window
from coculture.report.reading import Results
from coculture.report.sections.samples import Sample, labels_of_type, place_of, samples
from coculture.report.svg import join

MOST_CHANNELS = 4
MOST_TYPES = 4


@dataclass(frozen=True)
class Layer:
    """Outlines of one kind that a reader can turn on and off: ``key`` is their class in the page, ``name`` what they are."""

    key: str
    name: str


@dataclass(frozen=True)
class SampleView:
    """One well in the page: a caption and a drawing per channel."""

    name: str
    place: str
    value: str
    tiles: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True)
class ImagesSection:
    """What the template of the crops may use; ``definitions`` holds each outline once, used by every channel."""

    samples: tuple[SampleView, ...]
    definitions: Markup
    layers: tuple[Layer, ...]
    channels: tuple[str, ...]


def images_section(results: Results) -> ImagesSection | None:
    """Return the section; None where no images were kept."""
    if not (results.folder / "images").is_dir():
        return None
    found = list(samples(results))
    if not found:
        return None
    channels = found[0].channels[:MOST_CHANNELS]
    alike = [sample for sample in found if sample.channels[:MOST_CHANNELS] == channels]
    windows = [shared_window([sample.crop.pixels[number] for sample in alike]) for number in range(len(channels))]
    layers = _layers(alike)
    definitions: list[Markup] = []
    views = []
    for number, sample in enumerate(alike):
        outlines = _outlines(sample, layers, number)
        definitions += outlines.values()
        views.append(_view(sample, windows, tuple(outlines), named=len(results.plates) > 1))
    return ImagesSection(tuple(views), join(definitions), layers, channels)


def _layers(found: list[Sample]) -> tuple[Layer, ...]:
    """Return nuclei, then cells: one layer a type where there are several types."""
    layers = [Layer("nuclei", say("nuclei"))] if any("nuclei" in sample.crop.labels for sample in found) else []
    if not any("cells" in sample.crop.labels for sample in found):
        return tuple(layers)
    types = sorted({name for sample in found for name in sample.types.values()})
    if not 2 <= len(types) <= MOST_TYPES:
        return (*layers, Layer("cells-0", say("cells")))
    return (*layers, *(Layer(f"cells-{number}", name) for number, name in enumerate(types)))


def _outlines(sample: Sample, layers: tuple[Layer, ...], number: int) -> dict[str, Markup]:
    """Return id → definition of the sample's outlines."""
    found = {}
    for layer in layers:
        labels = sample.crop.labels.get("nuclei" if layer.key == "nuclei" else "cells")
        if labels is None:
            continue
        if layer.key != "nuclei" and layer.key != "cells-0":
            labels = labels_of_type(labels, sample.types, layer.name)
        name = f"outline-{number}-{layer.key}"
        found[name] = outline_definition(name, outline_path(labels), layer.key)
    return found


def _view(sample: Sample, windows: list[tuple[float, float]], outlines: tuple[str, ...], *, named: bool) -> SampleView:
    tiles = []
    place = place_of(sample.plate if named else "", sample.well, sample.site)
    for channel, pixels, window in zip(sample.channels, sample.crop.pixels, windows, strict=False):
        title = say(
            "Channel {channel} of {name}, {place}, with outlines of nuclei and cells",
            channel=channel,
            name=sample.name,
            place=place,
        )
        drawing = crop_drawing(grey_picture(pixels, window), pixels.shape[0], sample.crop.pixel_size_um, outlines, title=title)
        tiles.append((channel, drawing))
    return SampleView(sample.name, place, sample.value, tuple(tiles))
