"""From the light of the specimen to the grey levels of the camera, one step a function.

The expected image is ``illumination × (M (blur(specimen) + haze) + background)``, M the bleed-through matrix; the camera draws
``round(Poisson(expected · g) / g + Normal(0, read) + offset)`` with g photons a grey level, cut at its ceiling.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from coculture.errors import InputError
from coculture.imaging.render.scene import Optics


def illumination_field(shape: tuple[int, int], optics: Optics) -> NDArray[np.float32]:
    """Return the relative illumination (Y, X), mean 1: it falls with the square of the distance from the optical axis."""
    height, width = shape
    rows = (np.arange(height) + 0.5) / height - 0.5 - optics.axis_shift[0]
    columns = (np.arange(width) + 0.5) / width - 0.5 - optics.axis_shift[1]
    square = (rows**2)[:, None] * (height / width) ** 2 + (columns**2)[None, :]
    field = 1 - optics.vignetting * square / square.max()
    return np.asarray(field / field.mean(), np.float32)


def blurred(light: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
    """Blur (Y, X) with a Gaussian. Light that would leave at an edge is mirrored back, so the sum stays."""
    if sigma_px <= 0:
        return light
    result: NDArray[np.float32] = ndimage.gaussian_filter(light, sigma_px, mode="reflect", truncate=4.0)
    return result


def haze(light: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
    """Return (Y, X) of the same mean as ``light``, spread with a wide Gaussian, computed on coarse blocks."""
    step = max(1, int(sigma_px / 4))
    height, width = light.shape
    padded = np.pad(light, ((0, -height % step), (0, -width % step)), mode="reflect" if min(light.shape) > step else "edge")
    coarse = padded.reshape(padded.shape[0] // step, step, padded.shape[1] // step, step).mean(axis=(1, 3))
    coarse = blurred(coarse.astype(np.float32), sigma_px / step)
    wide = ndimage.zoom(coarse, step, order=1, grid_mode=True, mode="nearest")[:height, :width]
    mean = wide.mean()
    result: NDArray[np.float32] = wide * (light.mean() / mean) if mean > 0 else np.zeros_like(light)
    return result


def bleed_matrix(channels: Sequence[str], optics: Optics) -> NDArray[np.float64]:
    """Return M (C, C): row i tells what channel i receives from each; 1 on the diagonal.

    Raises
    ------
    InputError : if the optics name a channel that is not there, or a fraction outside 0 to 1.
    """
    matrix = np.eye(len(channels))
    for target, sources in optics.bleed_through.items():
        for source, fraction in sources.items():
            unknown = [name for name in (target, source) if name not in channels]
            if unknown or target == source or not 0 <= fraction <= 1:
                raise InputError(
                    f"bleed-through of {fraction} from '{source}' into '{target}' cannot be",
                    where="Optics.bleed_through",
                    remedy=f"name two of the channels {', '.join(channels)} and a fraction from 0 to 1",
                )
            matrix[list(channels).index(target), list(channels).index(source)] = fraction
    return matrix


def expected_image(
    light: NDArray[np.float32], channels: Sequence[str], optics: Optics, pixel_size_um: float
) -> NDArray[np.float32]:
    """Return the image (C, Y, X) a camera without noise and offset would show of ``light`` (C, Y, X)."""
    seen = np.empty_like(light)
    for number, plane in enumerate(light):
        seen[number] = (1 - optics.haze) * blurred(plane, optics.blur_um / pixel_size_um)
        if optics.haze:
            seen[number] += optics.haze * haze(plane, optics.haze_sigma_um / pixel_size_um)
    matrix = bleed_matrix(channels, optics).astype(np.float32)
    if len(channels) > 1 and np.count_nonzero(matrix) > len(channels):
        seen = np.tensordot(matrix, seen, axes=1)
    seen += np.float32(optics.background)
    seen *= illumination_field((light.shape[1], light.shape[2]), optics)
    return seen


def photograph(expected: NDArray[np.float32], optics: Optics, rng: np.random.Generator) -> NDArray[np.uint16]:
    """Return what the camera records of the ``expected`` image: shot noise, read noise, offset, rounding, saturation."""
    grey = rng.poisson(expected * np.float32(optics.photons_per_grey)).astype(np.float32)
    grey /= np.float32(optics.photons_per_grey)
    if optics.read_noise:
        grey += np.float32(optics.read_noise) * rng.standard_normal(expected.shape, dtype=np.float32)
    grey += np.float32(optics.offset)
    return np.clip(np.rint(grey), 0, optics.ceiling).astype(np.uint16)
