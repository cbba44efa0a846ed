"""Numbers only: which cell a pixel belongs to."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled


@compiled
def claim_pixels(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    angle: NDArray[np.float64],
    aspect: NDArray[np.float64],
    outline: NDArray[np.float64],
    height: int,
    width: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Give every pixel to the outline it lies deepest in.

    All lengths are in pixels. Outline ``i`` is the ellipse-like curve of radius ``outline[i, k]`` at the k-th of K equal
    angles, stretched by sqrt(aspect) along ``angle`` and squeezed by the same factor across. A pixel's depth in it is the
    distance left to the curve along the ray from the centre; the deepest wins (an additively weighted Voronoi tessellation,
    whose parts are star-shaped), so outlines that would overlap share a border instead.

    Returns
    -------
    owner : (height, width), number of the outline + 1, 0 where there is none.
    relative : (height, width), distance from the owner's centre as a fraction of its radius in that direction, 1 outside.
    """
    owner = np.zeros((height, width), np.int32)
    relative = np.ones((height, width), np.float32)
    best = np.zeros((height, width), np.float32)
    n_angles = outline.shape[1]
    for i in range(x.size):
        cosine, sine = math.cos(angle[i]), math.sin(angle[i])
        stretch = math.sqrt(aspect[i])
        reach = outline[i].max() * max(stretch, 1 / stretch)
        for row in range(max(0, math.floor(y[i] - reach)), min(height, math.ceil(y[i] + reach) + 1)):
            for column in range(max(0, math.floor(x[i] - reach)), min(width, math.ceil(x[i] + reach) + 1)):
                dx, dy = column + 0.5 - x[i], row + 0.5 - y[i]
                along = (cosine * dx + sine * dy) / stretch
                across = (cosine * dy - sine * dx) * stretch
                distance = math.sqrt(along * along + across * across)
                place = (math.atan2(across, along) / (2 * math.pi) % 1.0) * n_angles
                first = int(place) % n_angles
                part = place - math.floor(place)
                radius = outline[i, first] * (1 - part) + outline[i, (first + 1) % n_angles] * part
                depth = radius - distance
                if depth > best[row, column]:
                    best[row, column] = depth
                    owner[row, column] = i + 1
                    relative[row, column] = distance / radius
    return owner, relative
