"""Family ``neighbours``: how an object lies among the others of its field, nuclei among nuclei and cells among cells.

``touching``                objects that share a pixel side with it
``touched_percent``         of its outline pixels, those with another object among their eight neighbours
``nearest_um``              distance from its centre to the nearest other centre; ``second_nearest_um`` to the next
``angle_deg``               between the directions to these two, 0 to 180

A field of one object has no nearest, one of two no second: not defined there. Contacts between types, with lengths and
null models, are tables of their own; these features are for profiles of single cells.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from coculture.imaging.measure.kernels.neighbours import touching
from coculture.imaging.measure.kernels.shape import shape_statistics
from coculture.imaging.measure.objects import FieldObjects

PARTS = ("nucleus", "cell")
WHAT = ("touching", "touched_percent", "nearest_um", "second_nearest_um", "angle_deg")


def measure(objects: FieldObjects, parts: Sequence[str] = PARTS) -> dict[str, NDArray[np.float64]]:
    """Return the family's features, each (cells,)."""
    features: dict[str, NDArray[np.float64]] = {}
    for part in parts:
        columns = (*_touch(objects, part), *_nearest(objects, part))
        features |= {f"{part}_neighbours_{what}": column for what, column in zip(WHAT, columns, strict=True)}
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features; the channels do not matter."""
    return [f"{part}_neighbours_{what}" for part in PARTS for what in WHAT]


def _touch(objects: FieldObjects, part: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    n = objects.ids.size
    pairs, outline = touching(objects.labels(part), objects.row_of_label, n)
    there = objects.compartment(part).counts > 0
    count = np.bincount(np.unique(pairs) // max(n, 1), minlength=n)[:n].astype(np.float64)
    percent = 100 * outline[:, 1] / np.where(there, outline[:, 0], 1)
    return np.where(there, count, np.nan), np.where(there, percent, np.nan)


def _nearest(objects: FieldObjects, part: str) -> tuple[NDArray[np.float64], ...]:
    lists = objects.compartment(part)
    centres = shape_statistics(lists.starts, lists.pixels, objects.nuclei.shape[1])[:, 1:3]
    there = np.flatnonzero(lists.counts > 0)
    out = np.full((3, objects.ids.size), np.nan)
    if there.size < 2:
        return tuple(out)
    asked = min(3, there.size)
    away, who = cKDTree(centres[there]).query(centres[there], k=asked)
    own = who == np.arange(there.size)[:, None]
    own[:, -1] |= ~own.any(axis=1)
    others = who[~own].reshape(there.size, asked - 1)
    out[: asked - 1, there] = away[~own].reshape(there.size, asked - 1).T * objects.pixel_size_um
    if asked == 3:
        toward = centres[there][others] - centres[there][:, None]
        lengths = np.linalg.norm(toward, axis=2)
        cosine = (toward[:, 0] * toward[:, 1]).sum(axis=1) / np.where(lengths.prod(axis=1) > 0, lengths.prod(axis=1), np.nan)
        out[2, there] = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return tuple(out)
