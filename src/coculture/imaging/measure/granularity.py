"""Family ``granularity``: how much light sits in grains of each size (Ravkin & Temov 1988; Vincent 2000, Fund Inform 41:57).

The image is read at every fourth pixel. Background, a grey opening by a disc of 10 on every sixteenth pixel, is taken off.
Then for k = 1 to 16 the image is eroded once more by a cross and rebuilt under itself, which loses bright grains about k
coarse pixels across; ``k`` is the loss of the object's mean grey level in this step, in percent of its mean in the raw
image. The first step holds the background as well. Not defined in images of fewer than 8 pixels a side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels.granularity import (
    Weights,
    coarse_weights,
    cross_erosion,
    disc_opening,
    reconstruction,
    sampled,
    weighted_means,
)
from coculture.imaging.measure.kernels.intensity import intensity_statistics
from coculture.imaging.measure.objects import FieldObjects

F64 = NDArray[np.float64]

PARTS = ("nucleus", "cell")
STEPS = 16
COARSER = 4
BACKGROUND_RADIUS = 10


def measure(objects: FieldObjects, parts: Sequence[str] = PARTS) -> dict[str, F64]:
    """Return the family's features, each (cells,)."""
    features: dict[str, F64] = {}
    weights = {part: _weights(objects, part) for part in parts}
    for number, channel in enumerate(objects.channels):
        raw = {part: _raw_means(objects, part, number) for part in parts}
        means = {part: [raw[part]] for part in parts}
        for coarse in _spectrum(np.ascontiguousarray(objects.pixels[number], dtype=np.float32)):
            for part in parts:
                means[part].append(weighted_means(coarse, *weights[part]))
        for part in parts:
            features |= {f"{part}_granularity_{k}_{channel}": loss for k, loss in enumerate(_losses(means[part]), start=1)}
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features."""
    return [f"{part}_granularity_{k}_{channel}" for channel in channels for part in PARTS for k in range(1, STEPS + 1)]


def _spectrum(image: NDArray[np.float32]) -> Iterator[F64]:
    """Yield the coarse image rebuilt after each erosion; nothing where the image is too small."""
    shape = np.array(image.shape) // COARSER
    if shape.min() < 2:
        return
    coarse = sampled(image, *(np.arange(n) * float(COARSER) for n in shape))
    ceiling = np.maximum(coarse - _background(coarse), 0.0)
    eroded = ceiling
    for _ in range(STEPS):
        eroded = cross_erosion(eroded)
        yield reconstruction(eroded, ceiling)


def _background(coarse: F64) -> F64:
    """Opening on every fourth pixel, stretched back over the whole image."""
    size = np.array(coarse.shape) / COARSER
    rows, columns = (np.arange(np.ceil(n)) * float(COARSER) for n in size)
    opened = disc_opening(sampled(coarse, rows, columns), BACKGROUND_RADIUS)
    stretch = (size - 1) / (np.array(coarse.shape) - 1)
    return sampled(opened, *(np.arange(n) * factor for n, factor in zip(coarse.shape, stretch, strict=True)))


def _weights(objects: FieldObjects, part: str) -> Weights:
    lists = objects.compartment(part)
    height, width = objects.nuclei.shape
    rows, columns = max(height // COARSER, 1), max(width // COARSER, 1)
    steps = ((rows - 1) / max(height - 1, 1), (columns - 1) / max(width - 1, 1))
    return coarse_weights(lists.starts, lists.pixels, width, rows, columns, *steps)


def _raw_means(objects: FieldObjects, part: str, channel: int) -> F64:
    lists = objects.compartment(part)
    means: F64 = intensity_statistics(objects.flat(channel), lists.starts, lists.pixels)[:, 0]
    return means


def _losses(means: list[F64]) -> list[F64]:
    """Return what each step took, in percent of the raw mean; NaN where there was no step."""
    if len(means) == 1:
        return [np.full(means[0].size, np.nan)] * STEPS
    whole = np.maximum(means[0], np.finfo(float).eps)
    return [(before - after) * 100 / whole for before, after in pairwise(means)]
