"""Family ``shape``: size and form of nuclei and cells.

``area_um2``; ``perimeter_um`` from cracks and turns of the outline, Crofton's formula in four directions (Legland, Kiêu &
Devaux 2007, Image Anal Stereol 26:83); ``major_axis_um`` and ``minor_axis_um`` of the ellipse with the same second moments,
a pixel being a square; ``eccentricity`` √(1 − b²/a²); ``form_factor`` 4π·area/perimeter², 1 for a disc; ``extent`` area over
bounding box; ``orientation_deg`` of the major axis, from the y axis (down) towards the x axis, -90 to 90;
``equivalent_diameter_um`` of the disc of the same area; ``convex_area_um2`` of the convex hull and ``solidity``, area over
it; ``filled_area_um2`` with holes; ``euler_number``, pieces less holes; ``bbox_area_um2`` and the box' ``left_um``,
``top_um``, ``right_um``, ``bottom_um``; ``centre_x_um`` and ``centre_y_um``; ``radius_max_um``, ``radius_mean_um``,
``radius_median_um``: distance of the object's pixels from the nearest pixel outside; ``feret_min_um`` and ``feret_max_um``
between pixel centres; and, as other programs have them, ``perimeter_border_um`` from weighted border pixels (Benkrid &
Crookes 2000), ``form_factor_border`` and ``compactness_border`` (its inverse) from that.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels.hulls import convex_areas, feret_diameters
from coculture.imaging.measure.kernels.masks import depth_statistics, topology_statistics
from coculture.imaging.measure.kernels.shape import outline_counts, shape_statistics
from coculture.imaging.measure.objects import FieldObjects

Values = dict[str, NDArray[np.float64]]

PARTS = ("nucleus", "cell")
WHAT = (
    *("area_um2", "perimeter_um", "major_axis_um", "minor_axis_um", "eccentricity", "form_factor", "extent"),
    *("orientation_deg", "equivalent_diameter_um", "convex_area_um2", "solidity", "filled_area_um2", "euler_number"),
    *("bbox_area_um2", "left_um", "top_um", "right_um", "bottom_um", "centre_x_um", "centre_y_um"),
    *("radius_max_um", "radius_mean_um", "radius_median_um", "feret_min_um", "feret_max_um"),
    *("perimeter_border_um", "form_factor_border", "compactness_border"),
)

_ISOTROPY = np.pi / 8 * (1 + np.sqrt(2))
_TURN_SAVING = 1 - 1 / np.sqrt(2)


def measure(objects: FieldObjects, parts: Sequence[str] = PARTS) -> Values:
    """Return the family's features, each (cells,)."""
    features: Values = {}
    for part in parts:
        values = _in_pixels(objects, part)
        features |= {f"{part}_shape_{what}": _scaled(values, what, objects.pixel_size_um) for what in WHAT}
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features; the channels do not matter."""
    return [f"{part}_shape_{what}" for part in PARTS for what in WHAT]


def _scaled(values: Values, what: str, size: float) -> NDArray[np.float64]:
    if what.endswith("_um2"):
        return values[what.removesuffix("_um2")] * size**2
    return values[what.removesuffix("_um")] * (size if what.endswith("_um") else 1.0)


def _in_pixels(objects: FieldObjects, part: str) -> Values:
    lists = objects.compartment(part)
    width = objects.nuclei.shape[1]
    found = shape_statistics(lists.starts, lists.pixels, width)
    counts = outline_counts(objects.labels(part), objects.row_of_label, objects.ids.size)
    area, centre_x, centre_y, major, minor, box_width, box_height, angle, left, top = found.T
    perimeter = _ISOTROPY * (counts[:, 0] - _TURN_SAVING * counts[:, 1])
    values = {
        "area": area,
        "perimeter": np.where(area > 0, perimeter, np.nan),
        "major_axis": major,
        "minor_axis": minor,
        "eccentricity": np.sqrt(np.maximum(1 - (minor / major) ** 2, 0)),
        "form_factor": 4 * np.pi * area / np.where(area > 0, perimeter, np.nan) ** 2,
        "extent": area / (box_width * box_height),
        "orientation_deg": _from_y_axis(angle),
        "equivalent_diameter": np.sqrt(4 * area / np.pi),
        "bbox_area": box_width * box_height,
        "left": left,
        "top": top,
        "right": left + box_width,
        "bottom": top + box_height,
        "centre_x": centre_x,
        "centre_y": centre_y,
    }
    return values | _hull_and_mask(lists.starts, lists.pixels, width, area)


def _hull_and_mask(starts: NDArray[np.int64], pixels: NDArray[np.int64], width: int, area: NDArray[np.float64]) -> Values:
    convex = convex_areas(starts, pixels, width)
    feret = feret_diameters(starts, pixels, width)
    depths = depth_statistics(starts, pixels, width)
    euler, filled, border = topology_statistics(starts, pixels, width).T
    lined = np.where(border > 0, border, np.nan)
    return {
        "convex_area": convex,
        "solidity": area / convex,
        "filled_area": filled,
        "euler_number": euler,
        "radius_max": depths[:, 0],
        "radius_mean": depths[:, 1],
        "radius_median": depths[:, 2],
        "feret_min": feret[:, 0],
        "feret_max": feret[:, 1],
        "perimeter_border": border,
        "form_factor_border": 4 * np.pi * area / lined**2,
        "compactness_border": border**2 / (4 * np.pi * area),
    }


def _from_y_axis(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn an angle from the x axis towards y into degrees from the y axis towards x, -90 to 90."""
    turned = 90 - np.degrees(angle)
    return np.where(turned > 90, turned - 180, turned)
