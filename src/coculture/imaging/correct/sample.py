"""A stack of images at reduced size, held in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.imaging.correct.settings import IlluminationSettings


@dataclass(frozen=True)
class ReducedStack:
    """Images averaged over blocks of ``step`` by ``step`` pixels.

    Attributes
    ----------
    images : (n, y, x) float32, camera offset subtracted.
    shape : (Y, X) of the full images. Remainders at the right and bottom are left out of the averages.
    step : pixels a block is wide.
    n_seen : images that were offered; more than n where some were left out to save memory.
    """

    images: NDArray[np.float32]
    shape: tuple[int, int]
    step: int
    n_seen: int

    def centres(self, axis: int) -> NDArray[np.float64]:
        """Positions of the blocks' centres along an axis of the full image, px (a pixel's centre is at +0.5)."""
        return (np.arange(self.images.shape[axis + 1], dtype=np.float64) + 0.5) * self.step


def gather(fields: Iterable[NDArray[Any]], settings: IlluminationSettings) -> ReducedStack:
    """Reduce images one after the other.

    Where more than ``settings.most_images`` come, every second is dropped and only every second of the rest is taken,
    again and again: memory is bounded, and the choice is spread evenly and depends on nothing but the order.

    Raises
    ------
    InputError : if an image is not two-dimensional or differs in size from the first.
    DataError : if there is no image, or all are black.
    """
    kept: list[NDArray[np.float32]] = []
    shape: tuple[int, int] | None = None
    step, stride, seen = 1, 1, 0
    for image in fields:
        if image.ndim != 2 or (shape is not None and image.shape != shape):
            raise InputError(
                f"image {seen + 1} has shape {image.shape}, the first has {shape}", remedy="give (Y, X) images of one size"
            )
        if shape is None:
            shape = (image.shape[0], image.shape[1])
            step = max(1, round(max(shape) / settings.reduced_side))
        if seen % stride == 0:
            kept.append(_block_means(image, step))
        seen += 1
        if len(kept) > settings.most_images:
            kept, stride = kept[::2], stride * 2
    if shape is None:
        raise DataError("there is no image to estimate the illumination from", remedy="check the images of this channel")
    images = np.stack(kept) - np.float32(settings.offset)
    if not images.mean() > 0:
        raise DataError(
            "all images of this channel are black", remedy="check the channel, and the camera's offset if one is given"
        )
    return ReducedStack(images, shape, step, seen)


def _block_means(image: NDArray[Any], step: int) -> NDArray[np.float32]:
    height, width = (size - size % step for size in image.shape)
    rows = np.add.reduceat(image[:height, :width], np.arange(0, height, step), axis=0, dtype=np.float32)
    means: NDArray[np.float32] = rows.reshape(rows.shape[0], -1, step).sum(axis=2) / np.float32(step * step)
    return means
