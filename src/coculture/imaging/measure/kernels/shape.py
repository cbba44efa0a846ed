"""Kernels of family ``shape``: extents, axes and outlines. Numbers only; lengths in pixels.

An object's pixels are ``pixels[starts[r]:starts[r + 1]]``, flat numbers y * width + x. An object without pixels gets NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

SHAPE_STATISTICS = 10


@compiled
def shape_statistics(starts: I64, pixels: I64, width: int) -> F64:
    """Area, centre, major and minor axis, bounding box' width and height, angle of the major axis, box' left and top.

    Centres count a pixel's middle as +0.5. Axes are those of the ellipse with the same second central moments, each pixel
    a unit square (1/12 added to both variances). The angle, radians, runs from the x axis towards the y axis (downwards).

    Returns
    -------
    (objects, 10)
    """
    n_rows = starts.size - 1
    out = np.full((n_rows, SHAPE_STATISTICS), np.nan)
    for row in range(n_rows):
        n = starts[row + 1] - starts[row]
        if n == 0:
            continue
        left, right, top, bottom = width, -1, np.int64(1) << 40, np.int64(-1)
        sum_x = 0.0
        sum_y = 0.0
        for k in range(starts[row], starts[row + 1]):
            y = pixels[k] // width
            x = pixels[k] - y * width
            sum_x += x
            sum_y += y
            left = min(left, x)
            right = max(right, x)
            top = min(top, y)
            bottom = max(bottom, y)
        mean_x = sum_x / n
        mean_y = sum_y / n
        xx = 0.0
        yy = 0.0
        xy = 0.0
        for k in range(starts[row], starts[row + 1]):
            y = pixels[k] // width
            x = pixels[k] - y * width
            xx += (x - mean_x) ** 2
            yy += (y - mean_y) ** 2
            xy += (x - mean_x) * (y - mean_y)
        xx = xx / n + 1.0 / 12.0
        yy = yy / n + 1.0 / 12.0
        xy /= n
        root = np.sqrt(((xx - yy) / 2) ** 2 + xy * xy)
        out[row, 0] = n
        out[row, 1] = mean_x + 0.5
        out[row, 2] = mean_y + 0.5
        out[row, 3] = 4 * np.sqrt((xx + yy) / 2 + root)
        out[row, 4] = 4 * np.sqrt(max((xx + yy) / 2 - root, 0.0))
        out[row, 5] = right - left + 1
        out[row, 6] = bottom - top + 1
        out[row, 7] = 0.5 * np.arctan2(2 * xy, xx - yy)
        out[row, 8] = left
        out[row, 9] = top
    return out


@compiled
def outline_counts(labels: I32, row_of_label: I64, n_rows: int) -> I64:
    """Cracks (pixel edges between an object and what is not it) and turns (right angles of its outline) of each object.

    Outside the image is nothing: an object cut by the edge has its outline there.

    Returns
    -------
    (objects, 2)
    """
    height, width = labels.shape
    out = np.zeros((n_rows, 2), dtype=np.int64)
    corner = np.zeros(4, dtype=np.int64)
    for y in range(height + 1):
        for x in range(width + 1):
            for k in range(4):
                v, u = y - 1 + k // 2, x - 1 + k % 2
                corner[k] = 0 if v < 0 or u < 0 or v >= height or u >= width else labels[v, u]
            if corner[0] == corner[1] and corner[1] == corner[2] and corner[2] == corner[3]:
                continue
            for k in range(4):
                label = corner[k]
                if label == 0 or row_of_label[label] < 0:
                    continue
                seen_before = False
                same = 0
                for j in range(4):
                    if corner[j] == label:
                        same += 1
                        if j < k:
                            seen_before = True
                if seen_before:
                    continue
                row = row_of_label[label]
                crossed = (corner[0] == label and corner[3] == label) or (corner[1] == label and corner[2] == label)
                if same == 1 or same == 3:
                    out[row, 1] += 1
                elif same == 2 and crossed:
                    out[row, 1] += 2
    for y in range(height):
        for x in range(width):
            label = labels[y, x]
            if label == 0 or row_of_label[label] < 0:
                continue
            row = row_of_label[label]
            if y == 0 or labels[y - 1, x] != label:
                out[row, 0] += 1
            if y == height - 1 or labels[y + 1, x] != label:
                out[row, 0] += 1
            if x == 0 or labels[y, x - 1] != label:
                out[row, 0] += 1
            if x == width - 1 or labels[y, x + 1] != label:
                out[row, 0] += 1
    return out
