"""The region in which cells could be seen, of any shape, and how much of it overlaps its own shifted copy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from coculture.errors import DataError, InputError
from coculture.interactions.neighbours.cell_list import checked_positions


@dataclass(frozen=True, eq=False)
class Window:
    """An observation window in the plane: the pixels that are True, origin at the top-left corner.

    Attributes
    ----------
    mask : (Y, X) bool.
    pixel_um : (height, width) of a pixel, µm.

    A rectangle is a mask of one pixel; make one with :meth:`rectangle`.
    """

    mask: NDArray[np.bool_]
    pixel_um: tuple[float, float]

    @classmethod
    def rectangle(cls, width_um: float, height_um: float) -> Window:
        """Return the rectangle from the origin to (``width_um``, ``height_um``)."""
        return cls._checked(np.ones((1, 1), bool), (float(height_um), float(width_um)))

    @classmethod
    def from_mask(cls, mask: NDArray[np.bool_], pixel_size_um: float) -> Window:
        """Return the region of a mask, as of a chip's chambers; anything not 0 is inside.

        Raises
        ------
        InputError : if the mask is not two-dimensional, has no pixel inside, or the pixel has no size.
        """
        return cls._checked(np.asarray(mask) != 0, (float(pixel_size_um), float(pixel_size_um)))

    @classmethod
    def _checked(cls, mask: NDArray[np.bool_], pixel_um: tuple[float, float]) -> Window:
        if mask.ndim != 2 or not mask.any():
            raise InputError(f"a mask of shape {mask.shape} with {int(mask.sum())} pixels inside is no window", "mask")
        if not all(np.isfinite(side) and side > 0 for side in pixel_um):
            raise InputError(f"a window with sides of {pixel_um[1]:g} × {pixel_um[0]:g} µm", "window", "give lengths in µm, > 0")
        return cls(mask, pixel_um)

    @property
    def area_um2(self) -> float:
        """Area of the window."""
        return float(self.mask.sum()) * self.pixel_um[0] * self.pixel_um[1]

    def contains(self, positions: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell for each (x, y) whether it lies in the window; the far edges of the image belong to it."""
        columns, far_right = self._pixel(positions[:, 0], 1)
        rows, far_down = self._pixel(positions[:, 1], 0)
        inside = far_right & far_down
        found: NDArray[np.bool_] = inside & self.mask[np.where(inside, rows, 0), np.where(inside, columns, 0)]
        return found

    def require(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the (n, 2) positions, or say which lie outside.

        Raises
        ------
        InputError : if positions are not two-dimensional.
        DataError : if one lies outside the window.
        """
        points = checked_positions(positions)
        if points.shape[1] != 2:
            raise InputError("a window is in the plane; positions have three coordinates", "positions", "give x and y only")
        outside = np.flatnonzero(~self.contains(points))
        if outside.size:
            x, y = points[outside[0]]
            raise DataError(
                f"{outside.size} of {len(points)} cells lie outside the window, the first at ({x:g}, {y:g}) µm",
                "window",
                "leave them out, or give the window in the coordinates of the cells",
            )
        return points

    def sample(self, number: int, random: np.random.Generator) -> NDArray[np.float64]:
        """Return ``number`` points (x, y) drawn uniformly from the window."""
        pixels = np.argwhere(self.mask)[random.integers(0, int(self.mask.sum()), number)]
        points: NDArray[np.float64] = ((pixels + random.random((number, 2))) * np.array(self.pixel_um))[:, ::-1]
        return points

    def _pixel(self, values: NDArray[np.float64], axis: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        size = self.mask.shape[axis]
        place = np.floor(values / self.pixel_um[axis])
        place = np.where(values == size * self.pixel_um[axis], size - 1, place)
        return place.astype(np.int64), (place >= 0) & (place < size)


@dataclass(frozen=True, eq=False)
class SetCovariance:
    """The area ``γ(h) = |W ∩ (W + h)|`` that a window shares with its copy shifted by h.

    For a union of pixels γ at whole-pixel shifts is the autocorrelation of the mask, found by FFT and rounded to whole
    pixels, and between them it is *exactly* the bilinear interpolation (a pixel's own overlap is bilinear in the shift).
    Nothing is approximated.

    Attributes
    ----------
    area_um2 : (2 P + 1, 2 Q + 1), γ at shifts of −P…P pixels down and −Q…Q pixels to the right.
    pixel_um : as of the window.
    """

    area_um2: NDArray[np.float64]
    pixel_um: tuple[float, float]

    @classmethod
    def of(cls, window: Window, longest_um: float) -> SetCovariance:
        """Compute for shifts up to ``longest_um``."""
        reach = [int(np.ceil(longest_um / side)) + 1 for side in window.pixel_um]
        shape = [fft.next_fast_len(size + far, real=True) for size, far in zip(window.mask.shape, reach, strict=True)]
        spectrum = fft.rfft2(window.mask.astype(np.float64), s=shape)
        overlap = np.rint(fft.irfft2(np.abs(spectrum) ** 2, s=shape))
        rows, columns = ([*range(-far, 0), *range(far + 1)] for far in reach)
        held = overlap[np.ix_([row % shape[0] for row in rows], [column % shape[1] for column in columns])]
        return cls(held * window.pixel_um[0] * window.pixel_um[1], window.pixel_um)

    def at(self, dx: NDArray[np.float64], dy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return γ at shifts (dx, dy), µm, which must not be longer than was computed for."""
        rows, columns = (size // 2 for size in self.area_um2.shape)
        v, u = dy / self.pixel_um[0] + rows, dx / self.pixel_um[1] + columns
        i = np.clip(np.floor(v).astype(np.int64), 0, self.area_um2.shape[0] - 2)
        j = np.clip(np.floor(u).astype(np.int64), 0, self.area_um2.shape[1] - 2)
        v, u = v - i, u - j
        table = self.area_um2
        upper = (1 - u) * table[i, j] + u * table[i, j + 1]
        lower = (1 - u) * table[i + 1, j] + u * table[i + 1, j + 1]
        area: NDArray[np.float64] = (1 - v) * upper + v * lower
        return area

    def require_overlap(self, longest_um: float) -> None:
        """Refuse distances at which, in some direction, no pair of cells can be seen at all.

        Raises
        ------
        DataError : with the longest distance that can be used.
        """
        angles = np.linspace(0, np.pi, 181)
        lengths = np.linspace(0, longest_um, 129)
        area = self.at(np.outer(lengths, np.cos(angles)), np.outer(lengths, np.sin(angles)))
        empty = (area <= 0).any(axis=1)
        if empty.any():
            raise DataError(
                f"no two cells {longest_um:g} µm apart fit into the window in every direction",
                "radii_um",
                f"use radii up to {lengths[max(int(np.argmax(empty)) - 1, 0)]:.4g} µm (bandwidth included)",
            )
