"""Images and outlines of a well to be kept: at hand while they are few, else read again when they are written.

A well of many time points would not fit into memory. Beyond :data:`HELD_BYTES` only the outlines stay, packed (label images are
mostly runs of one number and shrink a hundredfold); pixels are read once more from where they came.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from coculture.imaging.read.index import ImageIndex
from coculture.sources.field_analysis import FieldAnalysis
from coculture.store.images.field import FieldImages, FieldOnDemand

HELD_BYTES = 256_000_000
"""Pixels and outlines of a well that are held."""


@dataclass
class KeptImages:
    """What is kept of the fields of one well; add them as they are analysed.

    Attributes
    ----------
    index : where pixels are read again.
    held_bytes : how much may be held.
    fields : what was added, in order.
    """

    index: ImageIndex
    held_bytes: int = HELD_BYTES
    fields: list[FieldImages | FieldOnDemand] = field(default_factory=list)

    def add(self, one: FieldAnalysis, t_index: int) -> None:
        """Keep the images and outlines of one field."""
        seen = one.field
        size = seen.pixels.nbytes + sum(labels.nbytes for labels in one.labels.values())
        if size <= self.held_bytes:
            self.held_bytes -= size
            kept = (seen.site, seen.t_min, seen.pixels, seen.channels, seen.pixel_size_um, one.labels)
            self.fields.append(FieldImages(*kept))
            return
        self.held_bytes = 0
        packed = {name: zlib.compress(labels.tobytes(), 1) for name, labels in one.labels.items()}
        place = (seen.plate, seen.well, seen.site, t_index)
        self.fields.append(FieldOnDemand(seen.site, seen.t_min, partial(_read_again, self.index, place, packed)))


def _read_again(index: ImageIndex, place: tuple[str, str, int, int], packed: dict[str, bytes]) -> FieldImages:
    seen = index.read(*place)
    shape = seen.pixels.shape[1:]
    labels = {name: np.frombuffer(zlib.decompress(data), np.int32).reshape(shape) for name, data in packed.items()}
    return FieldImages(seen.site, seen.t_min, seen.pixels, seen.channels, seen.pixel_size_um, labels)
