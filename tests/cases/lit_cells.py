"""Small synthetic images of cells under a known light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter


def vignette(height: int, width: int, depth: float = 0.4) -> NDArray[np.float32]:
    """Light that falls off as a parabola around a point off the centre; mean 1."""
    y, x = np.mgrid[:height, :width]
    u, v = (x + 0.5) / width * 2 - 1, (y + 0.5) / height * 2 - 1
    light = 1 - depth * ((u - 0.2) ** 2 + (v + 0.1) ** 2) / 2
    return np.asarray(light / light.mean(), dtype=np.float32)


def tilt(height: int, width: int) -> NDArray[np.float32]:
    """Light that grows evenly from one side to the other; mean 1."""
    light = np.broadcast_to(np.linspace(0.75, 1.25, width, dtype=np.float32), (height, width))
    return np.asarray(light / light.mean(), dtype=np.float32)


def cells(
    rng: np.random.Generator,
    shape: tuple[int, int],
    number: int,
    background: float = 100.0,
    brightness: float = 1000.0,
    radius: float = 6.0,
) -> NDArray[np.float64]:
    """Scene of round cells at random places, before light, optics and camera."""
    scene = np.full(shape, background)
    reach = int(radius) + 1
    for _ in range(number):
        cy, cx = rng.uniform(0, shape[0]), rng.uniform(0, shape[1])
        top, left = max(0, int(cy) - reach), max(0, int(cx) - reach)
        y, x = np.ogrid[top : min(shape[0], int(cy) + reach + 1), left : min(shape[1], int(cx) + reach + 1)]
        inside = (y - cy) ** 2 + (x - cx) ** 2 < radius**2
        scene[top : top + inside.shape[0], left : left + inside.shape[1]] += inside * brightness * rng.lognormal(0, 0.4)
    return gaussian_filter(scene, 1.0)


def photographed(
    rng: np.random.Generator, scene: NDArray[np.float64], light: NDArray[np.float32], offset: float = 0.0
) -> NDArray[np.uint16]:
    """Light, photon noise, and the camera's offset and read noise."""
    counts = rng.poisson(scene * light) + offset + rng.normal(0, 2, scene.shape)
    return np.asarray(np.clip(np.round(counts), 0, 65535), dtype=np.uint16)
