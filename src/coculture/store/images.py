"""Images of a plate as OME-Zarr."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class FieldImages:
    """The images of one field of view at one time.

    Attributes
    ----------
    site : number of the field in its well, from 1.
    t_min : time since the start of the observation.
    pixels : (C, Y, X), any real dtype.
    channels : C names.
    pixel_size_um : edge of a pixel.
    labels : name → int32 (Y, X), 0 is background.
    """

    site: int
    t_min: float
    pixels: NDArray[np.generic]
    channels: tuple[str, ...]
    pixel_size_um: float
    labels: dict[str, NDArray[np.int32]] = field(default_factory=dict)
