"""Pieces of stored images as small pictures: which piece, which greys, and how it is carried in the page."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from coculture.report.colours import rgb
from coculture.store.images.field import FieldImages

SIDE_UM = 150.0
"""Width of what a crop shows."""

MOST_PIXELS = 320
FEWEST_PIXELS = 96


@dataclass(frozen=True)
class Crop:
    """A square piece of a field.

    Attributes
    ----------
    pixels : (C, Y, X), averaged over squares of pixels where the field is finer than the page needs.
    labels : name → (Y, X), of the same size.
    pixel_size_um : width of one of these pixels.
    """

    pixels: NDArray[np.float32]
    labels: dict[str, NDArray[np.int32]]
    pixel_size_um: float


def cut(field: FieldImages, counted: str = "nuclei") -> Crop:
    """Return the piece of ``field`` whose number of objects is nearest to the field's mean.

    Nine places are compared, on a grid over the field; of equal ones the nearest to the middle is taken. The choice
    looks at how many objects there are, never at the read-out, so that a crop shows its well and not its best corner.
    """
    height, width = field.pixels.shape[1:]
    wanted = math.ceil(SIDE_UM / field.pixel_size_um)
    side = min(max(wanted, FEWEST_PIXELS), height, width)
    top, left = _place(field.labels.get(counted), height, width, side)
    every = max(1, math.ceil(side / MOST_PIXELS))
    side -= side % every
    window = (slice(top, top + side), slice(left, left + side))
    pixels = field.pixels[:, window[0], window[1]].astype(np.float32)
    pixels = pixels.reshape(len(pixels), side // every, every, side // every, every).mean(axis=(2, 4))
    labels = {name: np.ascontiguousarray(image[window][::every, ::every]) for name, image in field.labels.items()}
    return Crop(pixels, labels, field.pixel_size_um * every)


@dataclass(frozen=True)
class Middle:
    """The middle of a field in one channel.

    Attributes
    ----------
    pixels : (Y, X), averaged over squares of pixels where the field is finer than the page needs.
    channel : its name.
    left, top : where the field's corner lies, in these pixels: a place at x µm has the column x / ``pixel_size_um`` − ``left``.
    pixel_size_um : width of one of these pixels.
    """

    pixels: NDArray[np.float32]
    channel: str
    left: float
    top: float
    pixel_size_um: float


def middle(field: FieldImages, channel: str, side_um: float = 600.0, most_pixels: int = 480) -> Middle:
    """Return the middle of ``field``, up to ``side_um`` wide and high, in ``channel`` (the first one where it is not there)."""
    number = field.channels.index(channel) if channel in field.channels else 0
    side = max(FEWEST_PIXELS, math.ceil(side_um / field.pixel_size_um))
    height, width = (min(side, length) for length in field.pixels.shape[1:])
    every = max(1, math.ceil(max(height, width) / most_pixels))
    height, width = max(every, height - height % every), max(every, width - width % every)
    top, left = ((whole - part) // 2 for whole, part in zip(field.pixels.shape[1:], (height, width), strict=True))
    pixels = field.pixels[number, top : top + height, left : left + width].astype(np.float32)
    pixels = pixels.reshape(height // every, every, width // every, every).mean(axis=(1, 3))
    return Middle(pixels, field.channels[number], left / every, top / every, field.pixel_size_um * every)


def _place(labels: NDArray[np.int32] | None, height: int, width: int, side: int) -> tuple[int, int]:
    tops = [round((height - side) * share) for share in (0.5, 0.0, 1.0)]
    lefts = [round((width - side) * share) for share in (0.5, 0.0, 1.0)]
    places = list(dict.fromkeys((top, left) for top in tops for left in lefts))
    if labels is None or len(places) == 1:
        return places[0]
    expected = _objects(labels) * side * side / (height * width)
    found = [_objects(labels[top : top + side, left : left + side]) for top, left in places]
    return min(zip(places, found, strict=True), key=lambda pair: abs(pair[1] - expected))[0]


def _objects(labels: NDArray[np.int32]) -> int:
    return int(np.count_nonzero(np.bincount(labels.ravel())[1:]))


def shared_window(images: Sequence[NDArray[np.float32]]) -> tuple[float, float]:
    """Return the darkest and brightest grey for images of one channel: their 1st and 99.5th percentile together."""
    joined = np.concatenate([image[::2, ::2].ravel() for image in images])
    low, high = np.percentile(joined, (1.0, 99.5))
    return float(low), float(max(high, low + 1e-6))


def grey_picture(image: NDArray[np.float32], window: tuple[float, float]) -> str:
    """Return (Y, X) in greys between the ends of ``window``, as the data address of a WebP."""
    low, high = window
    grey = np.clip((image - low) / (high - low) * 255 + 0.5, 0, 255).astype(np.uint8)
    return _webp(np.repeat(grey[..., None], 3, axis=2))


def heat_picture(image: NDArray[np.float32], most_pixels: int = 160) -> str:
    """Return (Y, X) in viridis between its least and greatest value, as the data address of a WebP."""
    every = max(1, math.ceil(max(image.shape) / most_pixels))
    small = image[::every, ::every].astype(np.float64)
    low, high = float(small.min()), float(small.max())
    shares = (small - low) / (high - low) if high > low else np.full(small.shape, 0.5)
    table = np.array([rgb(i / 255) for i in range(256)], dtype=np.uint8)
    return _webp(table[np.clip(np.rint(shares * 255), 0, 255).astype(np.intp)])


def _webp(pixels: NDArray[np.uint8]) -> str:
    encoded = imagecodecs.webp_encode(np.ascontiguousarray(pixels), level=82, lossless=False)
    return "data:image/webp;base64," + base64.b64encode(encoded).decode()
