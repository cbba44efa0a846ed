"""Family ``intensity``: grey levels of each channel in nucleus, ring and cell.

``mean``, ``sd`` (population), ``min``, ``lower_quartile``, ``median``, ``upper_quartile``, ``max`` (quantiles by linear
interpolation), ``integrated``, the sum over pixels, and ``mad``, the median distance from the median. The same over the
object's inner edge, the pixels with another label beside them: ``edge_mean``, ``edge_sd``, ``edge_min``, ``edge_max``,
``edge_integrated``. Places, from the image's top-left corner: ``mass_x_um`` and ``mass_y_um``, the centre of the grey
levels; ``mass_displacement_um``, its distance from the object's centre; ``max_x_um`` and ``max_y_um``, the brightest
pixel. Grey levels are those of the evenly lit image; no background is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels.intensity import (
    edge_statistics,
    inner_edges,
    intensity_places,
    intensity_statistics,
    median_deviation,
)
from coculture.imaging.measure.objects import FieldObjects

GREY = ("mean", "sd", "min", "lower_quartile", "median", "upper_quartile", "max", "integrated")
EDGE = ("edge_mean", "edge_sd", "edge_min", "edge_max", "edge_integrated")
PLACES = ("mass_x_um", "mass_y_um", "mass_displacement_um", "max_x_um", "max_y_um")
WHAT = (*GREY, "mad", *EDGE, *PLACES)
PARTS = ("nucleus", "ring", "cell")


def measure(objects: FieldObjects, parts: Sequence[str] = PARTS) -> dict[str, NDArray[np.float64]]:
    """Return the family's features, each (cells,)."""
    features: dict[str, NDArray[np.float64]] = {}
    edges = {part: inner_edges(objects.labels(part)) for part in parts}
    for number, channel in enumerate(objects.channels):
        image = objects.flat(number)
        for part in parts:
            found = _one(objects, image, part, edges[part])
            features |= {f"{part}_intensity_{what}_{channel}": value for what, value in zip(WHAT, found, strict=True)}
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features."""
    return [f"{part}_intensity_{what}_{channel}" for channel in channels for part in PARTS for what in WHAT]


def _one(objects: FieldObjects, image: NDArray[np.float32], part: str, edges: NDArray[np.uint8]) -> list[NDArray[np.float64]]:
    lists = objects.compartment(part)
    grey = intensity_statistics(image, lists.starts, lists.pixels)
    mad = median_deviation(image, grey[:, GREY.index("median")], lists.starts, lists.pixels)
    edge = edge_statistics(image, edges, lists.starts, lists.pixels)
    places = intensity_places(image, lists.starts, lists.pixels, objects.nuclei.shape[1]) * objects.pixel_size_um
    return [*grey.T, mad, *edge.T, *places.T]
