"""Family ``zernike``: shape and stain as sums of Zernike's polynomials to degree 9 (Zernike 1934; Khotanzad & Hong 1990).

On the smallest circle of radius ρ around the object's pixel centres, with V_nm = R_nm(r) · (y + ix)^m and sums over the
object's pixels:

``shape_n_m``      |Σ V_nm| / (π ρ²): the outline alone
``magnitude_n_m``  |Σ grey · V_nm| / number of pixels
``phase_n_m``      direction of that sum, radians: atan2(real, imaginary), in the order of CellProfiler; ±π/2 for m = 0

A pixel that touches the circle counts where its distance is not rounded above ρ, as in CellProfiler; so moving an image by
whole pixels can change a value by about one pixel's share. Not defined for an object of one pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels.zernike import circles, zernike_sums
from coculture.imaging.measure.objects import FieldObjects

PARTS = ("nucleus", "cell")
DEGREE = 9
ORDERS = tuple((n, m) for n in range(DEGREE + 1) for m in range(n % 2, n + 1, 2))


def measure(objects: FieldObjects, parts: Sequence[str] = PARTS) -> dict[str, NDArray[np.float64]]:
    """Return the family's features, each (cells,)."""
    features: dict[str, NDArray[np.float64]] = {}
    images = np.ascontiguousarray(objects.pixels, dtype=np.float32).reshape(len(objects.channels), -1)
    for part in parts:
        lists = objects.compartment(part)
        width = objects.nuclei.shape[1]
        found = circles(lists.starts, lists.pixels, width)
        whole = np.where(found[:, 2] > 0, found[:, 2], np.nan)
        found[:, 2] = whole
        real, imaginary = zernike_sums(images, lists.starts, lists.pixels, width, found, np.array(ORDERS), _coefficients())
        real[np.isnan(whole)] = np.nan
        size = np.hypot(real, imaginary)
        features |= _named(part, ("shape", ""), size[:, -1] / (np.pi * whole[:, None] ** 2))
        for c, channel in enumerate(objects.channels):
            features |= _named(part, ("magnitude", f"_{channel}"), size[:, c] / lists.counts[:, None])
            features |= _named(part, ("phase", f"_{channel}"), np.arctan2(real[:, c], imaginary[:, c]))
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features."""
    found = []
    for part in PARTS:
        kinds = [("shape", ""), *((what, f"_{channel}") for channel in channels for what in ("magnitude", "phase"))]
        found += [f"{part}_zernike_{what}_{n}_{m}{channel}" for what, channel in kinds for n, m in ORDERS]
    return found


def _named(part: str, kind: tuple[str, str], values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    what, channel = kind
    return {f"{part}_zernike_{what}_{n}_{m}{channel}": values[:, k] for k, (n, m) in enumerate(ORDERS)}


def _coefficients() -> NDArray[np.float64]:
    """Coefficients of R_nm by falling power of r², without the factor r^m: (-1)^k (n-k)! / (k! ((n+m)/2-k)! ((n-m)/2-k)!)."""
    table = np.zeros((len(ORDERS), DEGREE // 2 + 1))
    for row, (n, m) in enumerate(ORDERS):
        for k in range((n - m) // 2 + 1):
            below = factorial(k) * factorial((n + m) // 2 - k) * factorial((n - m) // 2 - k)
            table[row, k] = (-1) ** k * factorial(n - k) / below
    return table
