"""Kernel of family ``moments``: sums of powers of the places of an object's pixels. Numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.imaging.measure.kernels.masks import object_box

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

ORDER = 4


@compiled
def moments(starts: I64, pixels: I64, width: int) -> tuple[F64, F64]:
    """Σ y^p x^q from the box' first pixel, and Σ (y − ȳ)^p (x − x̄)^q, for p and q from 0 to 3, of each object.

    Returns
    -------
    raw, central : (objects, 4, 4); NaN for an object without pixels.
    """
    n_rows = starts.size - 1
    raw = np.full((n_rows, ORDER, ORDER), np.nan)
    central = np.full((n_rows, ORDER, ORDER), np.nan)
    for row in range(n_rows):
        if starts[row] == starts[row + 1]:
            continue
        own = pixels[starts[row] : starts[row + 1]]
        top, left, _, _ = object_box(own, width)
        _add_powers(own, width, float(top), float(left), raw[row])
        middle_y = raw[row, 1, 0] / raw[row, 0, 0]
        middle_x = raw[row, 0, 1] / raw[row, 0, 0]
        _add_powers(own, width, top + middle_y, left + middle_x, central[row])
    return raw, central


@compiled
def _add_powers(own: I64, width: int, origin_y: float, origin_x: float, out: F64) -> None:
    out[:] = 0.0
    for pixel in own:
        y = pixel // width - origin_y
        x = pixel % width - origin_x
        down = 1.0
        for p in range(ORDER):
            across = down
            for q in range(ORDER):
                out[p, q] += across
                across *= x
            down *= y
