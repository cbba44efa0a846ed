"""Invasion depth: how far cells have come from where they started, from masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from coculture.errors import DataError, InputError
from coculture.interactions.motion.front.masks import checked_mask, checked_pixel

Way = Literal["right", "left", "down", "up"]


@dataclass(frozen=True)
class InvasionDepth:
    """How deep cells have invaded.

    Attributes
    ----------
    mean_um, median_um, percentile_95_um, greatest_um : of the depths: along a direction, of the front in every line of pixels;
        from a core, of every invaded pixel.
    roughness_um : standard deviation of the front's depth over lines; NaN from a core.
    area_um2 : area of cells beyond the start.
    n_depths : lines, or invaded pixels.
    """

    mean_um: float
    median_um: float
    percentile_95_um: float
    greatest_um: float
    roughness_um: float
    area_um2: float
    n_depths: int


def invasion_along(mask: Any, pixel_size_um: float, way: Way, *, start_um: float = 0.0) -> InvasionDepth:
    """Return the depth of cells that invade from a straight edge.

    Parameters
    ----------
    mask : (Y, X), not 0 where there are cells.
    pixel_size_um : side of a pixel.
    way : the way they go: "right", "left", "down" or "up" in the image.
    start_um : distance of the edge from the border of the image they come from.

    Returns
    -------
    InvasionDepth. The depth of a line is that of the far side of its farthest cell pixel, 0 where no cell is beyond the edge;
    a lone cell far out counts, so look at the median too.

    Raises
    ------
    InputError : if the mask, the way or the start cannot be used.
    """
    cells, side = checked_mask(mask, "mask"), checked_pixel(pixel_size_um)
    if way not in ("right", "left", "down", "up"):
        raise InputError(f"unknown way '{way}'", "way", "use 'right', 'left', 'down' or 'up'")
    lines = cells if way in ("right", "left") else cells.T
    if way in ("left", "up"):
        lines = lines[:, ::-1]
    if not 0 <= start_um < lines.shape[1] * side:
        raise InputError(
            f"an edge {start_um:g} µm into the image", "start_um", f"give a distance from 0 to below {lines.shape[1] * side:g}"
        )
    reach = np.where(lines.any(axis=1), lines.shape[1] - np.argmax(lines[:, ::-1], axis=1), 0) * side
    depth = np.maximum(reach - start_um, 0.0)
    far = (np.arange(lines.shape[1]) + 1) * side - start_um
    area = float((lines * np.clip(far, 0.0, side)).sum()) * side
    return _summary(depth, float(depth.std()), area)


def invasion_from(mask: Any, core: Any, pixel_size_um: float) -> InvasionDepth:
    """Return the depth of cells that invade out of a core of any shape, as a spheroid at the first time point.

    The depth of a pixel is the distance of its centre from the core's nearest pixel, less half a pixel: 0 at the core's edge.

    Raises
    ------
    InputError : if the masks cannot be used or differ in shape.
    DataError : if the core is empty or no cell lies outside it.
    """
    cells, centre, side = checked_mask(mask, "mask"), checked_mask(core, "core"), checked_pixel(pixel_size_um)
    if cells.shape != centre.shape:
        raise InputError(
            f"a core of shape {centre.shape} for a mask of shape {cells.shape}", "core", "give both in the same frame"
        )
    if not centre.any():
        raise DataError("the core has no pixel", "core", "give the mask of the first time point")
    out = cells & ~centre
    if not out.any():
        raise DataError("no cell lies outside the core", "mask", "there is no invasion to measure")
    depth = (distance_transform_edt(~centre)[out] - 0.5) * side
    return _summary(np.asarray(depth), float("nan"), float(out.sum()) * side**2)


def _summary(depth: NDArray[np.float64], roughness: float, area: float) -> InvasionDepth:
    middle, far = np.percentile(depth, [50, 95])
    return InvasionDepth(float(depth.mean()), float(middle), float(far), float(depth.max()), roughness, area, len(depth))
