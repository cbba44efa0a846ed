"""Coarser copies of an image, each level half as wide and high as the one before.

Intensities are averaged over 2 × 2 pixels, labels are sampled, for the mean of two labels is a third cell. A size that is
odd is rounded up: the last row or column of the coarse level then stands for one row or column of the fine one. An
integer mean is rounded to the nearest, halves up.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALLEST = 256
"""The pyramid ends with the first level whose height and width are both at most this many pixels."""


def intensity_pyramid(pixels: NDArray[Any], smallest: int = SMALLEST) -> list[NDArray[Any]]:
    """Return ``pixels`` (..., Y, X) and its halved means, finest first."""
    levels = [pixels]
    while max(levels[-1].shape[-2:]) > smallest:
        levels.append(_halved_mean(levels[-1]))
    return levels


def label_pyramid(labels: NDArray[Any], smallest: int = SMALLEST) -> list[NDArray[Any]]:
    """Return ``labels`` (..., Y, X) and every second pixel of it, and so on, finest first."""
    levels = [labels]
    while max(levels[-1].shape[-2:]) > smallest:
        levels.append(np.ascontiguousarray(levels[-1][..., ::2, ::2]))
    return levels


def _halved_mean(pixels: NDArray[Any]) -> NDArray[Any]:
    height, width = pixels.shape[-2:]
    if height % 2 or width % 2:
        edges = [(0, 0)] * (pixels.ndim - 2) + [(0, height % 2), (0, width % 2)]
        pixels = np.pad(pixels, edges, mode="edge")
    wide = _accumulator(pixels.dtype)
    rows = np.add(pixels[..., 0::2, :], pixels[..., 1::2, :], dtype=wide)
    total = rows[..., 0::2] + rows[..., 1::2]
    mean = total * wide.type(0.25) if wide.kind == "f" else (total + wide.type(2)) >> wide.type(2)
    return np.asarray(mean, pixels.dtype)


def _accumulator(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return a type that holds four values of ``dtype`` and their rounding."""
    if np.issubdtype(dtype, np.floating):
        return dtype
    small = {1: "i2" if dtype.kind == "i" else "u2", 2: "i4" if dtype.kind == "i" else "u4"}
    return np.dtype(small.get(dtype.itemsize, "i8"))
