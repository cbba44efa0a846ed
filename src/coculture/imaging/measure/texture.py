"""Family ``texture``: how grey levels follow one another at a distance of 3 pixels (Haralick, Shanmugam & Dinstein 1973).

Grey levels are cut into 256 steps from 0 to the camera's highest level, the same for every object, so that dim images use
few of them. p(i, j) is the share of pixel pairs, both within the object and above level 0, 3 pixels apart in one of four
directions (``_3_0`` right, ``_3_1`` right and down, ``_3_2`` down, ``_3_3`` left and down), counted both ways. The thirteen
numbers are Haralick's f1 to f13, logarithms to base 2; the sum variance is about the sum average, the difference variance
that of the values p(|i − j|). Not defined for an object without a pair in one of the directions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels.texture import DIRECTIONS, HARALICK, quantised, texture_statistics
from coculture.imaging.measure.objects import FieldObjects

PARTS = ("nucleus", "cell")
DISTANCE = 3
LEVELS = 256
NUMBERS = (
    *("angular_second_moment", "contrast", "correlation", "variance", "inverse_difference_moment", "sum_average"),
    *("sum_variance", "sum_entropy", "entropy", "difference_variance", "difference_entropy"),
    *("information_measure_1", "information_measure_2"),
)
WHAT = tuple(f"{number}_{DISTANCE}_{direction}" for direction in range(DIRECTIONS) for number in NUMBERS)


def measure(objects: FieldObjects, parts: Sequence[str] = PARTS) -> dict[str, NDArray[np.float64]]:
    """Return the family's features, each (cells,).

    Raises
    ------
    InputError : if the camera's highest grey level is not known.
    """
    scale = objects.known_full_scale("texture")
    features: dict[str, NDArray[np.float64]] = {}
    for number, channel in enumerate(objects.channels):
        levels = quantised(objects.flat(number), scale, LEVELS)
        for part in parts:
            lists = objects.compartment(part)
            found = texture_statistics(levels, lists.starts, lists.pixels, objects.nuclei.shape[1], DISTANCE)
            columns = found.reshape(-1, DIRECTIONS * HARALICK).T
            features |= {f"{part}_texture_{what}_{channel}": column for what, column in zip(WHAT, columns, strict=True)}
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features."""
    return [f"{part}_texture_{what}_{channel}" for channel in channels for part in PARTS for what in WHAT]
