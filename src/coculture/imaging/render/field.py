"""Render a scene: the image a microscope would take, and everything that is true of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from coculture.imaging.render.optics import expected_image, photograph
from coculture.imaging.render.outlines import Outlines, draw_outlines
from coculture.imaging.render.scene import COMPARTMENTS, Scene

_GRAIN_UM = {"nucleus": 0.9, "cytoplasm": 1.3}


@dataclass(frozen=True)
class RenderedField:
    """An image and its truth.

    Attributes
    ----------
    pixels : uint16 (C, Y, X).
    channels : C names.
    pixel_size_um : edge of a pixel.
    max_value : highest grey level of the camera.
    nuclei, cells : int32 (Y, X) label images; a cell and its nucleus carry the same number.
    truth : one row a cell that shows in the image: ``cell_id`` (its label), ``cell_type``, ``x_um`` and ``y_um`` (centre of the
        nucleus as placed), ``area_um2``, ``nucleus_area_um2`` and ``touches_border`` as drawn, and the levels.
    """

    pixels: NDArray[np.uint16]
    channels: tuple[str, ...]
    pixel_size_um: float
    max_value: int
    nuclei: NDArray[np.int32]
    cells: NDArray[np.int32]
    truth: pd.DataFrame


def render_field(scene: Scene, rng: np.random.Generator) -> RenderedField:
    """Render ``scene``. The same scene and generator state give the same pixels.

    Raises
    ------
    InputError : if the optics name a channel the scene has not.
    """
    outlines = draw_outlines(scene, rng)
    light = specimen(scene, outlines, rng)
    expected = expected_image(light, scene.channels, scene.optics, scene.pixel_size_um)
    pixels = photograph(expected, scene.optics, rng)
    return RenderedField(
        pixels,
        scene.channels,
        scene.pixel_size_um,
        scene.optics.ceiling,
        outlines.nuclei,
        outlines.cells,
        _truth(scene, outlines),
    )


def specimen(scene: Scene, outlines: Outlines, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the light (C, Y, X) of the specimen itself, in grey levels, before any optics.

    Over each compartment of each cell it averages to that cell's level: thickness and grain only spread it.
    """
    cytoplasm = np.where(outlines.nuclei > 0, 0, outlines.cells)
    thick_cell = _thickness(outlines.relative_in_cell, edge=0.35)
    thick_nucleus = _thickness(outlines.relative_in_nucleus, edge=0.6)
    rim = np.where(_is_rim(outlines.cells), outlines.cells, 0)
    light = np.zeros((len(scene.channels), scene.height_px, scene.width_px), np.float32)
    for number, channel in enumerate(scene.channels):
        for labels, thickness, place in ((outlines.nuclei, thick_nucleus, "nucleus"), (cytoplasm, thick_cell, "cytoplasm")):
            levels = scene.cells[f"{channel}_{place}"].to_numpy(float)
            if levels.any():
                light[number] += _filled(labels, thickness * _grain(scene, place, rng), levels)
        membrane = scene.cells[f"{channel}_membrane"].to_numpy(float)
        if membrane.any():
            light[number] += np.append(0.0, membrane)[rim].astype(np.float32)
    if scene.debris:
        light += _debris(scene, rng)
    return light


def _thickness(relative: NDArray[np.float32], edge: float) -> NDArray[np.float32]:
    """Return a dome: 1 in the middle, ``edge`` at the outline."""
    dome = np.sqrt(np.clip(1 - relative * relative, 0, 1))
    return np.asarray(edge + (1 - edge) * dome, np.float32)


def _filled(labels: NDArray[np.int32], profile: NDArray[np.float32], levels: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return ``profile`` scaled within each label so that it averages to the label's level."""
    n = levels.size + 1
    counts = np.bincount(labels.ravel(), minlength=n)
    sums = np.bincount(labels.ravel(), weights=profile.ravel(), minlength=n)
    scale = np.zeros(n)
    np.divide(np.append(0.0, levels) * counts, sums, out=scale, where=sums > 0)
    return scale.astype(np.float32)[labels] * profile


def _grain(scene: Scene, place: str, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return smooth positive noise around 1 whose log has the standard deviation ``scene.texture``."""
    shape = (scene.height_px, scene.width_px)
    if scene.texture <= 0:
        return np.ones(shape, np.float32)
    white = rng.standard_normal(shape, dtype=np.float32)
    noise: NDArray[np.float32] = ndimage.gaussian_filter(white, _GRAIN_UM[place] / scene.pixel_size_um, mode="wrap", truncate=2.0)
    spread = float(noise.std())
    if spread > 0:
        noise *= np.float32(scene.texture / spread)
    np.exp(noise, out=noise)
    return noise


def _is_rim(labels: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell which labelled pixels have a neighbour of another label to the left, right, above or below."""
    rim = np.zeros(labels.shape, bool)
    beside, above = labels[:, 1:] != labels[:, :-1], labels[1:] != labels[:-1]
    rim[:, 1:] |= beside
    rim[:, :-1] |= beside
    rim[1:] |= above
    rim[:-1] |= above
    return rim & (labels > 0)


def _debris(scene: Scene, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return (Y, X): bright, hard-edged specks and blots of very different size."""
    light = np.zeros((scene.height_px, scene.width_px), np.float32)
    rows, columns = np.ogrid[: scene.height_px, : scene.width_px]
    for _ in range(scene.debris):
        row, column = rng.uniform(0, scene.height_px), rng.uniform(0, scene.width_px)
        radius = np.exp(rng.normal(np.log(3.0), 0.8)) / scene.pixel_size_um
        inside = (rows - row) ** 2 + (columns - column) ** 2 * rng.uniform(1, 4) < radius**2
        light[inside] = scene.optics.ceiling * rng.uniform(0.5, 1.5)
    return light


def _truth(scene: Scene, outlines: Outlines) -> pd.DataFrame:
    n = len(scene.cells)
    area = np.bincount(outlines.cells.ravel(), minlength=n + 1)[1:]
    nucleus_area = np.bincount(outlines.nuclei.ravel(), minlength=n + 1)[1:]
    edge = np.concatenate([outlines.cells[0], outlines.cells[-1], outlines.cells[:, 0], outlines.cells[:, -1]])
    pixel = scene.pixel_size_um**2
    levels = [f"{channel}_{place}" for channel in scene.channels for place in COMPARTMENTS]
    ids = np.arange(1, n + 1)
    truth = pd.DataFrame(
        {
            "cell_id": ids,
            "cell_type": scene.cells["cell_type"].to_numpy(),
            "x_um": scene.cells["x_um"].to_numpy(float),
            "y_um": scene.cells["y_um"].to_numpy(float),
            "area_um2": area * pixel,
            "nucleus_area_um2": nucleus_area * pixel,
            "touches_border": np.isin(ids, edge),
        }
    )
    truth[levels] = scene.cells[levels].to_numpy(float)
    return truth[area > 0].reset_index(drop=True)
