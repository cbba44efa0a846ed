"""Family ``colocalisation``: do two stains lie in the same places of a cell?

``pearson``: Pearson's correlation of the two channels over the pixels of the nucleus and its ring together (Manders et
al. 1992, J Cell Sci 103:857). The region rests on the nuclei, so a stain that moves does not change it. Not defined for
a cell in which one channel is flat.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels.colocalisation import pearson
from coculture.imaging.measure.objects import FieldObjects


def measure(objects: FieldObjects) -> dict[str, NDArray[np.float64]]:
    """Return the family's features, each (cells,)."""
    nuclei, rings = objects.nucleus_pixels, objects.ring_pixels
    features: dict[str, NDArray[np.float64]] = {}
    for a, b in combinations(range(len(objects.channels)), 2):
        name = f"cell_colocalisation_pearson_{objects.channels[a]}_{objects.channels[b]}"
        features[name] = pearson(objects.flat(a), objects.flat(b), nuclei.starts, nuclei.pixels, rings.starts, rings.pixels)
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features: one a pair of channels, in the channels' order."""
    return [f"cell_colocalisation_pearson_{a}_{b}" for a, b in combinations(channels, 2)]
