"""Where a cell is: the middle of its body, which stays while its arms and its rim come and go."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from coculture.errors import InputError
from coculture.imaging.segment.base import Labels, checked_labels, require_number
from coculture.imaging.segment.kernels import depth_inside

BODY_POWER = 4.0
"""Default weight: a pixel twice as deep inside the cell counts sixteen times."""


def body_centres(labels: NDArray[np.integer], pixel_size_um: float, *, power: float = BODY_POWER) -> pd.DataFrame:
    """Return number, centre and area of every label; the centre weighs each pixel by its distance to the rim.

    ``x = Σ w x / Σ w`` with ``w = depth^power``. The centroid (power 0) of a cell that spreads in arms moves with every arm that
    is drawn or missed, and a path that is made of such centres is too long; the depth is in the thick of the body.

    Parameters
    ----------
    labels : (Y, X), 0 is background. Cells that touch are parted by the line between them.
    pixel_size_um : width of a pixel.
    power : of the depth; 0 for the plain centroid.

    Returns
    -------
    One row a label, rising: ``cell_id``, ``x_um``, ``y_um`` (from the image's top-left corner), ``area_um2``.

    Raises
    ------
    InputError : if the labels, the pixel size or the power cannot be used.
    """
    require_number("pixel_size_um", pixel_size_um, above=0)
    require_number("power", power, least=0)
    image = checked_labels(labels, "labels")
    if image.size == 0:
        raise InputError("the image holds no pixel", "labels", "look at the file it came from")
    highest = int(image.max())
    weight = _depth(image).astype(np.float64) ** power
    rows, columns = np.indices(image.shape) + 0.5
    area = np.bincount(image.ravel(), minlength=highest + 1)
    total = np.bincount(image.ravel(), weight.ravel(), highest + 1)
    numbers = np.flatnonzero(area[1:]) + 1
    x, y = (
        np.bincount(image.ravel(), (weight * axis).ravel(), highest + 1)[numbers] / total[numbers] for axis in (columns, rows)
    )
    return pd.DataFrame(
        {
            "cell_id": numbers.astype(np.int64),
            "x_um": x * pixel_size_um,
            "y_um": y * pixel_size_um,
            "area_um2": area[numbers] * pixel_size_um**2,
        }
    )


def _depth(labels: Labels) -> NDArray[np.float32]:
    """Distance of every pixel of a label to the next pixel that is another's or nobody's, half a pixel at the rim."""
    highest = ndimage.maximum_filter(labels, 3)
    lowest = ndimage.minimum_filter(labels, 3)
    inner = (labels > 0) & (highest == lowest)
    depth = np.where(labels > 0, np.float32(0.5), np.float32(0))
    return np.where(inner, depth_inside(inner) + np.float32(0.5), depth)
