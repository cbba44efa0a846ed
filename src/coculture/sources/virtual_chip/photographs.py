"""Virtual wells photographed: images of a living well at each read-out, with known truth.

Every living cell is a disc of its own radius with a round nucleus in its middle; dead cells are taken to have come off and are
not shown. A cell keeps its brightness for life. What is drawn then passes the optics of :mod:`coculture.imaging.render`: blur,
shading, bleed-through, shot and read noise. The label of a cell is its ``cell_id``.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import tifffile

from coculture.imaging.render.field import RenderedField, render_field
from coculture.imaging.render.scene import COMPARTMENTS, Optics, Scene
from coculture.randomness import stream
from coculture.store.atomic import write_bytes
from coculture.store.images.field import FieldImages, FieldOnDemand
from coculture.store.names import folder_name

RENDERED_FOLDER = "rendered"
"""Where the results folder keeps TIFF files and tables of truth."""

USUAL_NUCLEUS = (900.0, 0.0, 0.0)
"""Grey levels of nucleus, cytoplasm and membrane in the first channel, where no markers are named."""

Levels = tuple[float, float, float]


@dataclass(frozen=True)
class PhotographSettings:
    """How wells are photographed.

    Attributes
    ----------
    channels : names, in order.
    pixel_size_um : width of a pixel.
    markers : by cell type, by channel: grey levels of nucleus, cytoplasm and membrane.
    nucleus_fraction : radius of the nucleus over that of the cell.
    variation : standard deviation of a cell's brightness on the log scale.
    optics : the microscope.
    tiff : whether TIFF files and the truth are written too.
    seed : the run's seed.
    """

    channels: tuple[str, ...] = ("dna", "gfp", "rfp")
    pixel_size_um: float = 0.65
    markers: Mapping[str, Mapping[str, Levels]] = field(default_factory=dict)
    nucleus_fraction: float = 0.55
    variation: float = 0.1
    optics: Optics = field(default_factory=Optics)
    tiff: bool = True
    seed: int = 1


def scene_of(cells: pd.DataFrame, size_um: tuple[float, float], settings: PhotographSettings, place: tuple[str, str]) -> Scene:
    """Return what is in front of the objective: the living cells of one read-out, in the order of ``cell_id``.

    Parameters
    ----------
    cells : the cell table at one time.
    size_um : (width, height) of the field.
    settings : how.
    place : (plate, well).
    """
    shown = cells[cells["alive"]].sort_values("cell_id", ignore_index=True)
    ids = shown["cell_id"].to_numpy(np.int64)
    draws = stream(settings.seed, *place, "brightness").standard_normal((int(ids.max(initial=0)) + 1, len(settings.channels)))
    table = shown[["x_um", "y_um", "cell_type"]].copy()
    table["radius_um"] = np.sqrt(shown["area_um2"] / np.pi)
    table["nucleus_radius_um"] = settings.nucleus_fraction * table["radius_um"]
    table["aspect"], table["angle_rad"] = 1.0, 0.0
    usual = {settings.channels[0]: USUAL_NUCLEUS}
    for number, channel in enumerate(settings.channels):
        kinds = {kind: settings.markers.get(kind, usual).get(channel, (0.0, 0.0, 0.0)) for kind in shown["cell_type"].unique()}
        levels = np.array([kinds[kind] for kind in shown["cell_type"]], float).reshape(-1, 3)
        bright = np.exp(settings.variation * draws[ids, number])
        for column, compartment in enumerate(COMPARTMENTS):
            table[f"{channel}_{compartment}"] = bright * levels[:, column]
    width, height = (max(1, round(size / settings.pixel_size_um)) for size in size_um)
    return Scene(table, settings.channels, height, width, settings.pixel_size_um, settings.optics, irregularity=0.06)


def photograph(
    cells: pd.DataFrame, size_um: tuple[float, float], settings: PhotographSettings, place: tuple[str, str], t_min: float
) -> RenderedField:
    """Return the image of one read-out and its truth, labels being ``cell_id``."""
    scene = scene_of(cells, size_um, settings, place)
    ids = np.sort(cells.loc[cells["alive"], "cell_id"].to_numpy(np.int64))
    if not len(ids):
        scene = replace(scene, cells=scene.cells.astype({name: float for name in scene.cells if name != "cell_type"}))
    drawn = render_field(scene, stream(settings.seed, *place, "photograph", f"{t_min:g}"))
    named = np.concatenate([[0], ids]).astype(np.int32)
    truth = drawn.truth.assign(cell_id=named[drawn.truth["cell_id"].to_numpy(np.int64)])
    return replace(drawn, nuclei=named[drawn.nuclei], cells=named[drawn.cells], truth=truth)


def kept_photograph(
    cells: pd.DataFrame, size_um: tuple[float, float], settings: PhotographSettings, place: tuple[str, str], t_min: float
) -> FieldOnDemand:
    """Return the image of one read-out for OME-Zarr, made when it is written."""
    return FieldOnDemand(1, t_min, partial(_images, cells, size_um, settings, place, t_min))


def _images(
    cells: pd.DataFrame, size_um: tuple[float, float], settings: PhotographSettings, place: tuple[str, str], t_min: float
) -> FieldImages:
    drawn = photograph(cells, size_um, settings, place, t_min)
    labels = {"nuclei": drawn.nuclei, "cells": drawn.cells}
    return FieldImages(1, t_min, drawn.pixels, drawn.channels, drawn.pixel_size_um, labels)


def write_photographs(
    folder: Path,
    cells: pd.DataFrame,
    times_min: tuple[float, ...],
    size_um: tuple[float, float],
    settings: PhotographSettings,
    place: tuple[str, str],
) -> tuple[Path, ...]:
    """Write one TIFF a channel and read-out, and the truth of them all, under ``rendered``; return the paths.

    Names are ``<plate>_<well>_s1_t<number>_<channel>.tif`` and ``<plate>_<well>_truth.csv``; read-outs are numbered from 0.
    """
    plate, well = place
    stem, home, truths, written = f"{folder_name(plate)}_{well}", folder / RENDERED_FOLDER, [], []
    home.mkdir(exist_ok=True)
    for number, t_min in enumerate(times_min):
        drawn = photograph(cells[cells["t_min"] == t_min], size_um, settings, place, t_min)
        for channel, pixels in zip(drawn.channels, drawn.pixels, strict=True):
            file = io.BytesIO()
            tifffile.imwrite(file, pixels, compression="zlib", metadata=None)
            written.append(home / f"{stem}_s1_t{number}_{channel}.tif")
            write_bytes(written[-1], file.getvalue())
        truths.append(drawn.truth.assign(t_min=t_min))
    written.append(home / f"{stem}_truth.csv")
    write_bytes(written[-1], pd.concat(truths, ignore_index=True).to_csv(index=False).encode())
    return tuple(written)
