"""Family ``translocation``: how much of a stain is in the nucleus, against the cytoplasm around it.

With N the mean over the nucleus and R the mean over the perinuclear ring:

``ratio``         N / R
``log2_ratio``    log2(N / R): a doubling and a halving are equally far from 0, and errors of bright and dim cells weigh alike
``fraction``      N / (N + R), from 0 (all outside) to 1 (all inside); does not run away where R is small
``difference``    N − R, grey levels

Only the camera's offset is taken off, with the illumination: a background guessed per image would move the ratio of dim
cells more than most treatments do. A cell whose ring has no pixel (hemmed in by neighbours), or whose N or R is not above
0, has no ratio: the feature is not defined for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels.intensity import intensity_statistics
from coculture.imaging.measure.objects import FieldObjects

WHAT = ("ratio", "log2_ratio", "fraction", "difference")


def measure(objects: FieldObjects) -> dict[str, NDArray[np.float64]]:
    """Return the family's features, each (cells,)."""
    features: dict[str, NDArray[np.float64]] = {}
    nuclei, rings = objects.nucleus_pixels, objects.ring_pixels
    for number, channel in enumerate(objects.channels):
        image = objects.flat(number)
        inside = intensity_statistics(image, nuclei.starts, nuclei.pixels)[:, 0]
        outside = intensity_statistics(image, rings.starts, rings.pixels)[:, 0]
        lit = (inside > 0) & (outside > 0)
        safe_inside, safe_outside = np.where(lit, inside, np.nan), np.where(lit, outside, np.nan)
        ratio = safe_inside / safe_outside
        values = (ratio, np.log2(ratio), safe_inside / (safe_inside + safe_outside), inside - outside)
        features |= {f"cell_translocation_{what}_{channel}": value for what, value in zip(WHAT, values, strict=True)}
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features."""
    return [f"cell_translocation_{what}_{channel}" for channel in channels for what in WHAT]
