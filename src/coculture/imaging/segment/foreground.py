"""What is stained and what is not: one threshold for the field, sharpened by a local one, and the typical diameter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from skimage.filters import threshold_otsu

from coculture.imaging.segment.base import Image, Labels, Mask
from coculture.imaging.segment.kernels import depth_inside, descending_order, persistent_basins
from coculture.imaging.segment.pieces import fill_holes

SMALLEST_DIAMETER_PIXELS = 6.0
"""Below this a nucleus cannot be told from noise, and estimates stop here."""


@dataclass(frozen=True)
class Levels:
    """Grey levels of one field: the background's median, and the mean of what stands clearly above it."""

    background: float
    foreground: float
    otsu: float


def smooth(image: Image, sigma: float) -> Image:
    """Gaussian filter, cut at three sigma; the image is mirrored at its edges."""
    smoothed: Image = ndimage.gaussian_filter(image, sigma, truncate=3.0)
    return smoothed


def broad_smooth(image: Image, sigma: float) -> Image:
    """Three running means, each ``√(4σ² + 1)`` wide: a Gaussian to a few percent, at a cost that does not grow with sigma."""
    width = 2 * round((np.sqrt(4 * sigma**2 + 1) - 1) / 2) + 1
    smoothed: Image = image
    for _ in range(3):
        smoothed = ndimage.uniform_filter(smoothed, width)
    return smoothed


def field_levels(smoothed: Image) -> Levels:
    """Split the field's histogram in two (Otsu 1979, IEEE Trans. Syst. Man Cybern. 9:62). A flat image has no foreground."""
    low, high = float(smoothed.min()), float(smoothed.max())
    if not high > low:
        return Levels(low, low, high)
    span = np.float32(high - low)
    cut = low + (high - low) * float(threshold_otsu((smoothed - np.float32(low)) / span))  # type: ignore[no-untyped-call]
    above = smoothed > cut
    return Levels(float(np.median(smoothed[~above])), float(smoothed[above].mean()), cut)


def local_brightness(above: Image, sigma: float) -> Image:
    """Brightness of the stained matter around each pixel: G(z²) / G(z), G a Gaussian of width ``sigma``.

    ``above`` is the image over its background, z >= 0. Each neighbour weighs by its own brightness, so that empty ground
    beside a dim nucleus does not dilute it (a contraharmonic mean).
    """
    weight = broad_smooth(above, sigma)
    squares = broad_smooth(above * above, sigma)
    around: Image = np.divide(squares, np.maximum(weight, np.float32(1e-6)), dtype=np.float32)
    return around


def basins_of(relief: Image, mask: Mask, least_drop: float, least_share: float, least_area: int) -> Labels:
    """Split ``mask`` into the persistent hills of ``relief`` (see the kernel ``persistent_basins``)."""
    if not mask.any():
        return np.zeros(mask.shape, dtype=np.int32)
    inside = relief[mask]
    low, high = float(inside.min()), float(inside.max())
    steps = np.clip((relief - low) * (65535 / max(high - low, 1e-9)), 0, 65535).astype(np.uint16)
    return persistent_basins(relief, mask, descending_order(steps, mask), least_drop, least_share, least_area)


def rough_diameter(mask: Mask) -> float:
    """Six times the mean distance to the rim, in pixels: the diameter, were the mask made of equal discs."""
    inside = depth_inside(mask)[mask]
    return _plausible(6 * float(inside.mean()), mask) if inside.size else SMALLEST_DIAMETER_PIXELS


def typical_diameter(mask: Mask, depth: Image) -> float:
    """Diameter, in pixels, of the nuclei a mask is made of.

    The mask is split by the distance to its rim; of the parts' equivalent diameters the area-weighted median is taken, so
    that specks count for little.
    """
    parts = basins_of(smooth(depth, 1.0), mask, 0.3, 0.1, 15)
    areas = np.sort(np.bincount(parts.ravel())[1:])
    if areas.size == 0:
        return SMALLEST_DIAMETER_PIXELS
    middle = areas[np.searchsorted(np.cumsum(areas), areas.sum() / 2)]
    return _plausible(2 * float(np.sqrt(middle / np.pi)), mask)


def _plausible(diameter: float, mask: Mask) -> float:
    return float(np.clip(diameter, SMALLEST_DIAMETER_PIXELS, max(max(mask.shape) / 2, SMALLEST_DIAMETER_PIXELS)))


def sharpen(mask: Mask, above: Image, diameter: float, window: float, share: float) -> Mask:
    """Keep the pixels brighter than ``share`` of the stained matter around them, and fill what is enclosed."""
    kept = mask & (above > np.float32(share) * local_brightness(above, window * diameter))
    return fill_holes(kept, 0.25 * np.pi / 4 * diameter**2)
