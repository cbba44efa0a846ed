"""Kernels of family ``zernike``: smallest circle around an object, and Zernike moments on it. Numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.imaging.measure.kernels.hulls import hull_of_centres

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@compiled
def _angle(at_x: float, at_y: float, a_x: float, a_y: float, b_x: float, b_y: float) -> float:
    """Angle at a point between two others."""
    ax, ay, bx, by = a_x - at_x, a_y - at_y, b_x - at_x, b_y - at_y
    return float(np.arccos((ax * bx + ay * by) / np.sqrt((ax * ax + ay * ay) * (bx * bx + by * by))))


@compiled
def _around(p: int, q: int, v: int, xs: I64, ys: I64) -> tuple[float, float, float]:
    """Circle through three points: numerators and denominator are whole numbers, so the centre is rounded once."""
    px, py, qx, qy, vx, vy = xs[p], ys[p], xs[q], ys[q], xs[v], ys[v]
    pp, qq, vv = px * px + py * py, qx * qx + qy * qy, vx * vx + vy * vy
    under = 2 * (px * (qy - vy) + qx * (vy - py) + vx * (py - qy))
    x = (pp * (qy - vy) + qq * (vy - py) + vv * (py - qy)) / under
    y = (pp * (vx - qx) + qq * (px - vx) + vv * (qx - px)) / under
    return x, y, np.sqrt((py - y) ** 2 + (px - x) ** 2)


@compiled
def smallest_circle(xs: I64, ys: I64) -> tuple[float, float, float]:
    """Centre x, y and radius of the smallest circle around a convex hull (Chrystal 1884, Proc Edinb Math Soc 3:30).

    Start at a side; the corner that sees it under the least angle decides: an angle of 90° or more makes the side a
    diameter; a triangle without obtuse angle has the circle; else the corner replaces the end at the obtuse angle.
    """
    if xs.size == 1:
        return float(xs[0]), float(ys[0]), 0.0
    p, q = 0, 1
    while True:
        least, seen_from = np.inf, -1
        at_p, at_q = 0.0, 0.0
        for k in range(xs.size):
            if k in (p, q):
                continue
            angle_q = _angle(xs[q], ys[q], xs[p], ys[p], xs[k], ys[k])
            angle_p = _angle(xs[p], ys[p], xs[q], ys[q], xs[k], ys[k])
            angle = np.pi - angle_q - angle_p
            if angle < least:
                least, seen_from, at_p, at_q = angle, k, angle_p, angle_q
        if seen_from < 0 or least >= np.pi / 2:
            wide = np.sqrt(float((ys[p] - ys[q]) ** 2 + (xs[p] - xs[q]) ** 2)) / 2
            return (xs[p] + xs[q]) / 2, (ys[p] + ys[q]) / 2, wide
        if at_p <= np.pi / 2 and at_q <= np.pi / 2:
            return _around(p, q, seen_from, xs, ys)
        if at_p > np.pi / 2:
            p = seen_from
        else:
            q = seen_from


@compiled
def circles(starts: I64, pixels: I64, width: int) -> F64:
    """Centre x, y and radius of the smallest circle around each object's pixel centres; NaN without pixels.

    Returns
    -------
    (objects, 3)
    """
    out = np.full((starts.size - 1, 3), np.nan)
    for row in range(starts.size - 1):
        if starts[row] < starts[row + 1]:
            xs, ys = hull_of_centres(pixels[starts[row] : starts[row + 1]], width)
            out[row, 0], out[row, 1], out[row, 2] = smallest_circle(xs, ys)
    return out


@compiled
def zernike_sums(
    images: F32, starts: I64, pixels: I64, width: int, found: F64, orders: I64, coefficients: F64
) -> tuple[F64, F64]:
    """Sums over each object of R(r) · (y + ix)^m, weighted by each image, and unweighted as the last.

    Parameters
    ----------
    images : (C, Y * X).
    found : (objects, 3) circles; a pixel beyond the circle, by rounding too, does not count.
    orders : (K, 2) of n and m; m rises within n.
    coefficients : (K, ·) of R by falling power of r², (n − m) / 2 + 1 of them.

    Returns
    -------
    real, imaginary : (objects, C + 1, K)
    """
    n_rows, n_images, n_orders = starts.size - 1, images.shape[0], orders.shape[0]
    real = np.zeros((n_rows, n_images + 1, n_orders))
    imaginary = np.zeros((n_rows, n_images + 1, n_orders))
    highest = int(orders[:, 1].max()) + 1
    power_real = np.ones(highest)
    power_imaginary = np.zeros(highest)
    for row in range(n_rows):
        centre_x, centre_y, radius = found[row, 0], found[row, 1], found[row, 2]
        for k in range(starts[row], starts[row + 1]):
            y = (pixels[k] // width - centre_y) / radius
            x = (pixels[k] % width - centre_x) / radius
            square = x * x + y * y
            if not square <= 1:
                continue
            for m in range(1, highest):
                power_real[m] = power_real[m - 1] * y - power_imaginary[m - 1] * x
                power_imaginary[m] = power_real[m - 1] * x + power_imaginary[m - 1] * y
            for o in range(n_orders):
                m = orders[o, 1]
                radial = 0.0
                for c in range((orders[o, 0] - m) // 2 + 1):
                    radial = radial * square + coefficients[o, c]
                along, across = radial * power_real[m], radial * power_imaginary[m]
                for c in range(n_images):
                    weight = float(images[c, pixels[k]])
                    real[row, c, o] += weight * along
                    imaginary[row, c, o] += weight * across
                real[row, n_images, o] += along
                imaginary[row, n_images, o] += across
    return real, imaginary
