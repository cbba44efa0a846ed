"""Family ``intensity``: grey levels of each channel in nucleus, ring and cell.

``mean``, ``sd`` (population), ``min``, ``lower_quartile``, ``median``, ``upper_quartile``, ``max`` (quantiles by linear
interpolation), and ``integrated``, the sum over pixels. Grey levels are those of the evenly lit image; no background is
taken off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels.intensity import intensity_statistics
from coculture.imaging.measure.objects import FieldObjects

WHAT = ("mean", "sd", "min", "lower_quartile", "median", "upper_quartile", "max", "integrated")
PARTS = ("nucleus", "ring", "cell")


def measure(objects: FieldObjects) -> dict[str, NDArray[np.float64]]:
    """Return the family's features, each (cells,)."""
    features: dict[str, NDArray[np.float64]] = {}
    for number, channel in enumerate(objects.channels):
        image = objects.flat(number)
        for part in PARTS:
            lists = objects.compartment(part)
            found = intensity_statistics(image, lists.starts, lists.pixels)
            features |= {f"{part}_intensity_{what}_{channel}": found[:, k] for k, what in enumerate(WHAT)}
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features."""
    return [f"{part}_intensity_{what}_{channel}" for channel in channels for part in PARTS for what in WHAT]
