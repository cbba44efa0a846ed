"""The images of one field of view: held, made when they are written, or told of without a pixel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class FieldImages:
    """The images of one field of view at one time.

    Attributes
    ----------
    site : number of the field in its well, from 1.
    t_min : time since the start of the observation.
    pixels : (C, Y, X), integers of 8 to 32 bits or floats.
    channels : C names.
    pixel_size_um : edge of a pixel.
    labels : name → int32 (Y, X), 0 is background.
    """

    site: int
    t_min: float
    pixels: NDArray[Any]
    channels: tuple[str, ...]
    pixel_size_um: float
    labels: dict[str, NDArray[np.int32]] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldFacts:
    """What is kept of one field of view.

    Attributes
    ----------
    t_min : times of its images, ascending.
    channels : names.
    pixel_size_um : edge of a pixel at full size.
    labels : names of its label images.
    levels : number of sizes, each half of the one before.
    width, height : of an image at full size, pixels.
    """

    t_min: tuple[float, ...]
    channels: tuple[str, ...]
    pixel_size_um: float
    labels: tuple[str, ...]
    levels: int
    width: int
    height: int


@dataclass(frozen=True)
class FieldOnDemand:
    """The images of one field at one time that are made when they are written, so that a long film need not be held.

    Attributes
    ----------
    site, t_min : as of :class:`FieldImages`.
    load : makes them.
    """

    site: int
    t_min: float
    load: Callable[[], FieldImages]
