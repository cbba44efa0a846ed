"""The objects a field is measured on: nuclei, cells, rings, all in one order, each with the list of its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.imaging.kernels import group_pixels


@dataclass(frozen=True, eq=False)
class PixelLists:
    """The pixels of each object of one compartment.

    Attributes
    ----------
    starts : (objects + 1,); object r owns ``pixels[starts[r]:starts[r + 1]]``.
    pixels : flat pixel numbers y * width + x.
    """

    starts: NDArray[np.int64]
    pixels: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Pixels of each object."""
        return np.diff(self.starts)


@dataclass(frozen=True, eq=False)
class FieldObjects:
    """All objects of one field; row r of every table is the cell with number ``ids[r]``.

    Attributes
    ----------
    pixels : (C, Y, X) float32, even light.
    channels : C names.
    nuclei, cells, ring : (Y, X) int32 labels that share the cells' numbers.
    pixel_size_um : edge of a pixel.
    full_scale : the highest grey level the camera can record; families that cut grey levels into a fixed number of steps need it.
    """

    pixels: NDArray[np.float32]
    channels: tuple[str, ...]
    nuclei: NDArray[np.int32]
    cells: NDArray[np.int32]
    ring: NDArray[np.int32]
    pixel_size_um: float
    full_scale: float | None = None

    def __post_init__(self) -> None:
        shape = self.pixels.shape[1:]
        for name in ("nuclei", "cells", "ring"):
            found = getattr(self, name).shape
            if found != shape:
                raise InputError(f"{name} of shape {found} for images of shape {shape}", "measure", "use one field's labels")
        if len(self.channels) != len(self.pixels):
            raise InputError(f"{len(self.channels)} names for {len(self.pixels)} channels", "measure", "name every channel once")

    @cached_property
    def ids(self) -> NDArray[np.int32]:
        """Numbers of the cells, rising: the labels of the nuclei."""
        present = np.bincount(self.nuclei.ravel())
        present[0] = 0
        return np.flatnonzero(present).astype(np.int32)

    @cached_property
    def row_of_label(self) -> NDArray[np.int64]:
        """Row of each label 0..highest, -1 for labels that are no cell's."""
        highest = max(int(self.nuclei.max(initial=0)), int(self.cells.max(initial=0)), int(self.ring.max(initial=0)))
        rows = np.full(highest + 1, -1, dtype=np.int64)
        rows[self.ids] = np.arange(self.ids.size)
        return rows

    @cached_property
    def nucleus_pixels(self) -> PixelLists:
        """Pixels of the nuclei."""
        return self._lists(self.nuclei)

    @cached_property
    def cell_pixels(self) -> PixelLists:
        """Pixels of the cells, nuclei included."""
        return self._lists(self.cells)

    @cached_property
    def ring_pixels(self) -> PixelLists:
        """Pixels of the perinuclear rings."""
        return self._lists(self.ring)

    def compartment(self, name: str) -> PixelLists:
        """Return the pixels of ``nucleus``, ``cell`` or ``ring``."""
        lists: PixelLists = getattr(self, f"{name}_pixels")
        return lists

    def labels(self, name: str) -> NDArray[np.int32]:
        """Return the labels of ``nucleus``, ``cell`` or ``ring``."""
        found = {"nucleus": self.nuclei, "cell": self.cells, "ring": self.ring}[name]
        return np.ascontiguousarray(found, dtype=np.int32)

    def known_full_scale(self, family: str) -> float:
        """Return the camera's highest grey level.

        Raises
        ------
        InputError : if it is not known.
        """
        if self.full_scale is None or not self.full_scale > 0:
            raise InputError(
                f"the family '{family}' needs the camera's highest grey level, found {self.full_scale}",
                "FieldObjects.full_scale",
                "give it, for instance 255, 4095 or 65535",
            )
        return float(self.full_scale)

    def flat(self, channel: int) -> NDArray[np.float32]:
        """Return one channel as a flat image."""
        return np.ascontiguousarray(self.pixels[channel], dtype=np.float32).ravel()

    def _lists(self, labels: NDArray[np.int32]) -> PixelLists:
        starts, pixels = group_pixels(np.ascontiguousarray(labels, dtype=np.int32), self.row_of_label, self.ids.size)
        return PixelLists(starts, pixels)
