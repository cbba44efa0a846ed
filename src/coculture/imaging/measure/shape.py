"""Family ``shape``: size and form of nuclei and cells.

``area_um2``; ``perimeter_um`` from cracks and turns of the outline, unbiased over directions (Legland, Kiêu & Devaux 2007,
Image Anal Stereol 26:83); ``major_axis_um`` and ``minor_axis_um`` of the ellipse with the same second moments;
``eccentricity`` √(1 − b²/a²); ``form_factor`` 4π·area/perimeter², 1 for a disc; ``extent`` area over bounding box.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels.shape import outline_counts, shape_statistics
from coculture.imaging.measure.objects import FieldObjects

WHAT = ("area_um2", "perimeter_um", "major_axis_um", "minor_axis_um", "eccentricity", "form_factor", "extent")

_ISOTROPY = np.pi / 8 * (1 + np.sqrt(2))
_TURN_SAVING = 1 - 1 / np.sqrt(2)


def measure(objects: FieldObjects) -> dict[str, NDArray[np.float64]]:
    """Return the family's features, each (cells,)."""
    features: dict[str, NDArray[np.float64]] = {}
    for name, labels in (("nucleus", objects.nuclei), ("cell", objects.cells)):
        lists = objects.compartment(name)
        found = shape_statistics(lists.starts, lists.pixels, objects.nuclei.shape[1])
        counts = outline_counts(np.ascontiguousarray(labels, dtype=np.int32), objects.row_of_label, objects.ids.size)
        perimeter = _ISOTROPY * (counts[:, 0] - _TURN_SAVING * counts[:, 1])
        area, major, minor = found[:, 0], found[:, 3], found[:, 4]
        size = objects.pixel_size_um
        values = (
            area * size**2,
            perimeter * size,
            major * size,
            minor * size,
            np.sqrt(np.maximum(1 - (minor / major) ** 2, 0)),
            4 * np.pi * area / perimeter**2,
            area / (found[:, 5] * found[:, 6]),
        )
        features |= {f"{name}_shape_{what}": value for what, value in zip(WHAT, values, strict=True)}
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features; the channels do not matter."""
    return [f"{part}_shape_{what}" for part in ("nucleus", "cell") for what in WHAT]
