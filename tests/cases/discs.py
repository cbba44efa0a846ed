"""Tiny images of nuclei whose number and outline are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter


def disc(shape: tuple[int, int], y: float, x: float, radius: float) -> NDArray[np.bool_]:
    """Pixels whose centre lies within ``radius`` of (y, x), in pixels from the top-left corner."""
    return ellipse(shape, y, x, radius, radius)


def ellipse(shape: tuple[int, int], y: float, x: float, half_height: float, half_width: float) -> NDArray[np.bool_]:
    """Pixels whose centre lies in an upright ellipse."""
    v, u = np.mgrid[: shape[0], : shape[1]] + 0.5
    return np.asarray(((v - y) / half_height) ** 2 + ((u - x) / half_width) ** 2 <= 1)


def lit(mask: NDArray[np.bool_], brightness: float = 100.0, background: float = 10.0, blur: float = 1.0) -> NDArray[np.float32]:
    """Stain of a mask, as an objective shows it."""
    return np.asarray(background + gaussian_filter(mask * (brightness - background), blur), dtype=np.float32)


def two_touching_discs() -> NDArray[np.bool_]:
    """Two discs of radius 9 whose centres are 17 apart."""
    return np.asarray(disc((48, 64), 24, 22, 9) | disc((48, 64), 24, 39, 9))


def one_ellipse() -> NDArray[np.bool_]:
    """One ellipse with axes 34 and 18: as long as two touching discs."""
    return ellipse((48, 64), 24, 32, 9, 17)


def field_of_nuclei(gap: float = 24.0) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Six nuclei of three sizes and three brightnesses, and their true labels."""
    shape = (int(gap * 2.5), int(gap * 3.5))
    truth = np.zeros(shape, dtype=np.int32)
    stain = np.zeros(shape)
    for number, (row, column) in enumerate(np.ndindex(2, 3)):
        mask = ellipse(shape, gap * (row + 0.7), gap * (column + 0.7), 6 + column, 8 - row)
        truth[mask] = number + 1
        stain += mask * (60 + 30 * column)
    return np.asarray(8 + gaussian_filter(stain, 1.0), dtype=np.float32), truth
