"""Checks masks share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError


def checked_mask(mask: Any, name: str) -> NDArray[np.bool_]:
    """Return a (Y, X) mask as booleans; anything not 0 is inside.

    Raises
    ------
    InputError : if it is not two-dimensional or has no pixel.
    """
    found = np.asarray(mask) != 0
    if found.ndim != 2 or found.size == 0:
        raise InputError(f"a mask of shape {found.shape}", name, "give a two-dimensional mask")
    return np.asarray(found)


def checked_pixel(pixel_size_um: float) -> float:
    """Return the side of a pixel.

    Raises
    ------
    InputError : if it is not a length > 0.
    """
    if not (np.isfinite(pixel_size_um) and pixel_size_um > 0):
        raise InputError(f"pixel size {pixel_size_um}", "pixel_size_um", "give the side of a pixel in µm, > 0")
    return float(pixel_size_um)
