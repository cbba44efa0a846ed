"""Family ``correlation``: do two stains agree within one compartment? CellProfiler's co-localisation, part by part.

Over the pixels of nucleus, ring or cell, with x the first and y the second channel:

``pearson``  Pearson's correlation; ``slope``, of y on x.
``overlap``  Σxy / √(Σx²·Σy²); ``k`` of a channel: Σxy / Σx² (Manders et al. 1993, J Microsc 169:375).
``manders``  of a channel: its light where both are above their thresholds, over its light above its own.
``rwc``      the same, each pixel weighted by how near its two ranks are (Singan et al. 2011, BMC Bioinformatics 12:407).
``costes``   of a channel: as ``manders`` with Costes' thresholds (2004, Biophys J 86:3993): the highest point on the
             line of orthogonal regression below which the two channels are not correlated.

Thresholds are 15 % of the channel's greatest grey level in the object, but for ``costes``. Pairs are named in the
channels' order; measures of one channel against the other name it first, as in ``manders_gfp_dna``. Not defined (NaN)
where a channel is flat, and for ``costes`` where no threshold exists. ``costes`` needs the camera's highest grey level.

The family ``colocalisation`` has Pearson's correlation over nucleus and ring together, which a moving stain's outline
cannot change.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels.correlation import correlation_statistics
from coculture.imaging.measure.kernels.costes import costes_statistics
from coculture.imaging.measure.objects import FieldObjects

PARTS = ("nucleus", "ring", "cell")
THRESHOLD_SHARE = 0.15
MUTUAL = ("pearson", "slope", "overlap")
DIRECTED = ("k", "manders", "rwc", "costes")


def measure(objects: FieldObjects, parts: Sequence[str] = PARTS) -> dict[str, NDArray[np.float64]]:
    """Return the family's features, each (cells,).

    Raises
    ------
    InputError : if the camera's highest grey level is not known.
    """
    scale = objects.known_full_scale("correlation")
    features: dict[str, NDArray[np.float64]] = {}
    for a, b in combinations(range(len(objects.channels)), 2):
        first, second = objects.flat(a), objects.flat(b)
        what = _pair_names(objects.channels[a], objects.channels[b])
        for part in parts:
            lists = objects.compartment(part)
            found = correlation_statistics(first, second, lists.starts, lists.pixels, THRESHOLD_SHARE)
            costes = costes_statistics(first, second, lists.starts, lists.pixels, scale)
            columns = (*found.T, *costes.T)
            features |= {f"{part}_correlation_{name}": column for name, column in zip(what, columns, strict=True)}
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features."""
    pairs = list(combinations(channels, 2))
    return [f"{part}_correlation_{what}" for a, b in pairs for part in PARTS for what in _pair_names(a, b)]


def _pair_names(a: str, b: str) -> list[str]:
    mutual = [f"{what}_{a}_{b}" for what in MUTUAL]
    return mutual + [f"{what}_{one}_{other}" for what in DIRECTED for one, other in ((a, b), (b, a))]
