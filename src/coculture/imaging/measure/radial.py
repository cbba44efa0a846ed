"""Family ``radial``: how a stain is spread between the middle of an object and its edge, in four rings.

The middle is the pixel farthest from the edge; with d the way to it inside the object (steps of 1 and √2 pixels) and e the
distance to the edge, ring k of n holds the pixels with (k − 1)/n ≤ d/(d + e + 0.001) < k/n.

``fraction_kof4``       the ring's share of the object's grey levels
``mean_fraction_kof4``  that share over the ring's share of pixels: 1 for a flat stain
``cv_kof4``             standard deviation over mean of the mean grey levels in the ring's eight wedges; 0 in an empty ring

Not defined for an object without light.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels.radial import radial_statistics, rings_and_wedges
from coculture.imaging.measure.objects import FieldObjects

PARTS = ("nucleus", "cell")
BINS = 4
WHAT = tuple(f"{what}_{k}of{BINS}" for what in ("fraction", "mean_fraction", "cv") for k in range(1, BINS + 1))


def measure(objects: FieldObjects, parts: Sequence[str] = PARTS) -> dict[str, NDArray[np.float64]]:
    """Return the family's features, each (cells,)."""
    features: dict[str, NDArray[np.float64]] = {}
    height, width = objects.nuclei.shape
    for part in parts:
        lists = objects.compartment(part)
        rings, wedges = rings_and_wedges(lists.starts, lists.pixels, height, width, BINS)
        for number, channel in enumerate(objects.channels):
            found = radial_statistics(objects.flat(number), lists.starts, lists.pixels, rings, wedges, BINS)
            columns = found.reshape(-1, 3 * BINS).T
            features |= {f"{part}_radial_{what}_{channel}": column for what, column in zip(WHAT, columns, strict=True)}
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features."""
    return [f"{part}_radial_{what}_{channel}" for part in PARTS for channel in channels for what in WHAT]
