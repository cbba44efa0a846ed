"""A source of any shape: a spheroid, a vessel, the gel's edge; cells are drawn to its nearest place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.motion.steps import units
from coculture.interactions.motion.tracks import Tracks
from coculture.interactions.neighbours.cell_list import CellList


@dataclass(frozen=True, eq=False)
class TowardSource:
    """A source. Make one with :meth:`from_points` or :meth:`from_mask`.

    Attributes
    ----------
    edge_um : (k, d) places of the source, or of its edge.
    mask : (Y, X) bool of its inside, or None for bare points.
    pixel_size_um : of the mask.
    """

    edge_um: NDArray[np.float64]
    mask: NDArray[np.bool_] | None = None
    pixel_size_um: float = 1.0

    @classmethod
    def from_points(cls, points_um: NDArray[np.float64]) -> TowardSource:
        """Take (k, 2) or (k, 3) points, µm.

        Raises
        ------
        InputError : if they are not finite numbers of that shape, or there are none.
        """
        points = np.asarray(points_um, np.float64)
        if points.ndim != 2 or points.shape[1] not in (2, 3) or not len(points) or not np.isfinite(points).all():
            raise InputError(
                f"a source of shape {points.shape}", "points_um", "give (k, 2) or (k, 3) finite numbers in µm, k >= 1"
            )
        return cls(points)

    @classmethod
    def from_mask(cls, mask: NDArray[np.bool_], pixel_size_um: float) -> TowardSource:
        """Take the region of a (Y, X) mask that is not 0; its edge is the centres of its pixels that touch the outside.

        Raises
        ------
        InputError : if the mask is not two-dimensional or empty, or the pixel has no size.
        """
        inside = np.asarray(mask) != 0
        if inside.ndim != 2 or not inside.any():
            raise InputError(f"a mask of shape {inside.shape} with {int(inside.sum())} pixels is no source", "mask")
        if not (np.isfinite(pixel_size_um) and pixel_size_um > 0):
            raise InputError(f"pixel size {pixel_size_um}", "pixel_size_um", "give the side of a pixel in µm, > 0")
        padded = np.pad(inside, 1)
        core = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
        edge = (np.argwhere(inside & ~core)[:, ::-1] + 0.5) * pixel_size_um
        return cls(np.asarray(edge, np.float64), inside, float(pixel_size_um))

    def __str__(self) -> str:
        return f"toward a source of {len(self.edge_um)} " + ("points" if self.mask is None else "edge pixels")

    def directions(self, tracks: Tracks, points: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the directions to the nearest place of the source; zero inside it.

        Raises
        ------
        InputError : if the source has not as many coordinates as the tracks.
        """
        where = tracks.positions[points]
        if self.edge_um.shape[1] != tracks.dimensions:
            raise InputError(
                f"a source in {self.edge_um.shape[1]} dimensions for tracks in {tracks.dimensions}",
                "target",
                "give both in the same",
            )
        if not len(where):
            return where
        nearest, _ = CellList.build(self.edge_um).nearest(1, where)
        towards = units(self.edge_um[nearest[:, 0]] - where)
        towards[self._inside(where)] = 0
        return towards

    def _inside(self, where: NDArray[np.float64]) -> NDArray[np.bool_]:
        if self.mask is None:
            return np.zeros(len(where), bool)
        pixel = np.floor(where[:, ::-1] / self.pixel_size_um).astype(np.int64)
        seen = np.asarray(((pixel >= 0) & (pixel < self.mask.shape)).all(axis=1), bool)
        held = np.where(seen[:, None], pixel, 0)
        return np.asarray(seen & self.mask[held[:, 0], held[:, 1]], bool)
