"""An illumination field, and the images it makes even."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError


@dataclass(frozen=True, eq=False)
class IlluminationField:
    """How bright each place of the image is, relative to the mean.

    Attributes
    ----------
    values : (Y, X) float32, mean 1.
    method : how it was estimated.
    n_images : how many images it rests on.
    offset : grey level of a dark image, subtracted before division.
    uncertainty : root mean square relative difference between the fields of two halves of the images, halved: what
        another such set of images would change. 0 for method 'none'.
    statistic : what was taken over the images: 'median' (follows the background), 'mean' (follows the cells), ''.
    notes : what a user should know.
    """

    values: NDArray[np.float32]
    method: str
    n_images: int
    offset: float = 0.0
    uncertainty: float = 0.0
    statistic: str = ""
    notes: tuple[str, ...] = ()

    @cached_property
    def gain(self) -> NDArray[np.float32]:
        """Factor of each pixel, 1 / values."""
        gain: NDArray[np.float32] = np.reciprocal(self.values)
        return gain


def flat_field(shape: tuple[int, int], n_images: int, offset: float = 0.0) -> IlluminationField:
    """Return the field of even light, which changes nothing but the offset."""
    return IlluminationField(np.ones(shape, dtype=np.float32), "none", n_images, offset)


def correct(pixels: NDArray[Any], field: IlluminationField) -> NDArray[np.float32]:
    """Make images even: ``(pixels - offset) / values``, float32.

    Parameters
    ----------
    pixels : (Y, X) or (..., Y, X), any real dtype.
    field : of the same channel.

    Raises
    ------
    InputError : if the image and the field differ in size.
    """
    if pixels.shape[-2:] != field.values.shape:
        raise InputError(
            f"an image of {pixels.shape[-1]} x {pixels.shape[-2]} pixels and an illumination field of "
            f"{field.values.shape[1]} x {field.values.shape[0]} do not fit",
            remedy="estimate the field from images of the same camera and binning",
        )
    even: NDArray[np.float32]
    if field.offset == 0.0:
        even = np.multiply(pixels, field.gain, dtype=np.float32)
    else:
        even = np.subtract(pixels, np.float32(field.offset), dtype=np.float32)
        even *= field.gain
    return even
