"""The gap of a wound-healing or exclusion assay, from the texture of phase-contrast or bright-field images.

Cells make an image rough, bare floor leaves it smooth. The local standard deviation ``s`` in a square window tells them apart
whatever the brightness, and slow changes of the light drop out. One threshold serves a whole series: Otsu's, on log s of all
its images together, so that images that are all gap or no gap are judged like the rest.

A window that reaches over the sheet's edge is rough before its middle is: where the sheet has texture S and a fraction f of
the window lies on it, ``s ≈ S √f``, so the threshold θ is met ``(1/2 − (θ/S)²)`` windows ahead of the edge. The gap is grown
back by that much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.filters import threshold_otsu

from coculture.errors import DataError, InputError

_LEAST_CONTRAST = 2.0
_SAMPLES = 200_000


@dataclass(frozen=True)
class GapSettings:
    """How a gap is found.

    Attributes
    ----------
    window_um : side of the window texture is measured in; about the width of a cell.
    smoothing_um : standard deviation of the Gaussian that takes camera noise off first; 0 for none.
    neck_um : bare strips narrower than this do not join two bare regions, so that holes of the sheet near its edge stay holes.
    smallest_island_um2 : rough islands inside the gap smaller than this are dirt, and counted as gap.
    smallest_gap_um2 : bare pieces smaller than this are left out where all pieces inside a region are asked for.
    """

    window_um: float = 20.0
    smoothing_um: float = 1.0
    neck_um: float = 20.0
    smallest_island_um2: float = 400.0
    smallest_gap_um2: float = 2000.0

    def __post_init__(self) -> None:
        for name in ("window_um", "smoothing_um", "neck_um", "smallest_island_um2", "smallest_gap_um2"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= 0) or (name == "window_um" and value == 0):
                raise InputError(f"{name} = {value}", name, "give a number >= 0 (the window > 0)")


def local_texture(image: Any, settings: GapSettings, pixel_size_um: float) -> NDArray[np.float32]:
    """Return the local standard deviation of a (Y, X) image, in its grey levels.

    Raises
    ------
    InputError : if the image is not two-dimensional finite numbers, the pixel has no size, or the window is under three pixels.
    """
    pixels = np.asarray(image, np.float32)
    if pixels.ndim != 2 or not pixels.size or not np.isfinite(pixels).all():
        raise InputError(f"an image of shape {pixels.shape}", "image", "give one channel, (Y, X), of finite numbers")
    if not (np.isfinite(pixel_size_um) and pixel_size_um > 0):
        raise InputError(f"pixel size {pixel_size_um}", "pixel_size_um", "give the side of a pixel in µm, > 0")
    window = _window_pixels(settings, pixel_size_um)
    if settings.smoothing_um > 0:
        pixels = ndimage.gaussian_filter(pixels, settings.smoothing_um / pixel_size_um)
    centred = pixels - pixels.mean()
    mean = ndimage.uniform_filter(centred, window)
    square = ndimage.uniform_filter(centred * centred, window)
    return np.asarray(np.sqrt(np.maximum(square - mean * mean, 0.0)), np.float32)


def find_texture_threshold(images: Iterable[Any], settings: GapSettings, pixel_size_um: float) -> float:
    """Return the texture that best parts sheet and bare floor over a series of images (at least one must show both).

    Raises
    ------
    InputError : as :func:`local_texture`, or if there is no image.
    DataError : if the images do not show two textures, one at least twice the other.
    """
    samples = []
    for image in images:
        texture = local_texture(image, settings, pixel_size_um)
        samples.append(texture.ravel()[:: max(1, texture.size // _SAMPLES)])
    if not samples:
        raise InputError("there is no image", "images", "give the images of the series")
    values = np.concatenate(samples)
    least = max(float(values.max()) * 1e-4, 1e-12)
    logs = np.log(np.maximum(values, least))
    if np.ptp(logs) > 0:
        threshold = float(np.exp(threshold_otsu(logs)))  # type: ignore[no-untyped-call]
        rough, smooth = values[values > threshold], values[values <= threshold]
        if np.median(rough) >= _LEAST_CONTRAST * max(float(np.median(smooth)), least):
            return threshold
    raise DataError(
        "the images do not show two textures, sheet and bare floor",
        "images",
        "add an image of the open gap, or give the threshold",
    )


def segment_gap(
    image: Any, threshold: float, settings: GapSettings, pixel_size_um: float, *, within: Any = None
) -> NDArray[np.bool_]:
    """Return the mask of the gap.

    Parameters
    ----------
    image : (Y, X), one channel.
    threshold : texture below which the floor is bare; see :func:`find_texture_threshold`.
    settings : see :class:`GapSettings`.
    pixel_size_um : side of a pixel.
    within : (Y, X) mask of the gap at the first time: return all bare pieces inside it, also after cells have bridged it.
        None: the largest bare piece.

    Returns
    -------
    (Y, X) bool; all False where the gap is closed.

    Raises
    ------
    InputError : as :func:`local_texture`, or if the threshold or ``within`` cannot be used.
    """
    if not (np.isfinite(threshold) and threshold > 0):
        raise InputError(f"a threshold of {threshold}", "threshold", "give a texture > 0; see find_texture_threshold")
    texture = local_texture(image, settings, pixel_size_um)
    region = None if within is None else np.asarray(within) != 0
    if region is not None and region.shape != texture.shape:
        raise InputError(f"a region of shape {region.shape} for an image of shape {texture.shape}", "within")
    bare = _grown_back(texture < threshold, texture, threshold, _window_pixels(settings, pixel_size_um))
    pixel_area = pixel_size_um**2
    bare = ~_large_pieces(~bare, settings.smallest_island_um2 / pixel_area)
    if region is not None:
        return _large_pieces(bare & region, settings.smallest_gap_um2 / pixel_area)
    return _largest_piece(bare, settings.neck_um / 2 / pixel_size_um)


def _window_pixels(settings: GapSettings, pixel_size_um: float) -> int:
    window = 2 * round((settings.window_um / pixel_size_um - 1) / 2) + 1
    if window < 3:
        raise InputError(f"a window of {settings.window_um:g} µm is {window} pixels", "window_um", "give three pixels or more")
    return window


def _grown_back(bare: NDArray[np.bool_], texture: NDArray[np.float32], threshold: float, window: int) -> NDArray[np.bool_]:
    """Grow by the distance at which a window that reaches over the edge of the sheet meets the threshold."""
    if bare.all() or not bare.any():
        return bare
    sheet = float(np.median(texture[~bare]))
    reach = window * max(0.5 - (threshold / sheet) ** 2, 0.0)
    return np.asarray(ndimage.distance_transform_edt(~bare) <= reach)


def _large_pieces(mask: NDArray[np.bool_], fewest_pixels: float) -> NDArray[np.bool_]:
    """Keep the connected pieces of at least so many pixels."""
    pieces, _ = ndimage.label(mask)
    kept = np.bincount(pieces.ravel()) >= fewest_pixels
    kept[0] = False
    return np.asarray(kept[pieces])


def _largest_piece(bare: NDArray[np.bool_], half_neck: float) -> NDArray[np.bool_]:
    """Keep the largest piece after cutting necks: shrink, pick, and grow back inside what is bare."""
    padded = np.pad(bare, 1, mode="edge")
    core = bare if half_neck <= 0 else ndimage.distance_transform_edt(padded)[1:-1, 1:-1] > half_neck
    pieces, number = ndimage.label(core)
    if number == 0:
        return np.zeros_like(bare)
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    chosen = pieces == int(sizes.argmax())
    return np.asarray(bare & (ndimage.distance_transform_edt(~chosen) <= half_neck + 1))
