"""Outlines of cells and nuclei as label images.

A radius is ``R (1 + Σ a_k cos(kφ + p_k))`` for k = 2 … 6 with amplitudes falling as 1/k: smooth, closed, and without the
term k = 1, which would only move the cell. The radius is rescaled so that the area stays that of the ellipse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.imaging.render.kernels import claim_pixels
from coculture.imaging.render.scene import Scene

_HARMONICS = np.arange(2, 7)
_N_ANGLES = 128
_NUCLEUS_SHARE = 1 / 3


@dataclass(frozen=True)
class Outlines:
    """Label images of a scene, int32 (Y, X): the number of the cell's row + 1; and how far out in it a pixel lies (0 to 1)."""

    cells: NDArray[np.int32]
    nuclei: NDArray[np.int32]
    relative_in_cell: NDArray[np.float32]
    relative_in_nucleus: NDArray[np.float32]


def draw_outlines(scene: Scene, rng: np.random.Generator) -> Outlines:
    """Draw the outlines of every cell of the scene. A nucleus lies wholly inside its own cell."""
    cells = scene.cells
    nuclei, in_nucleus = _claimed(scene, _radii(cells["nucleus_radius_um"], scene.irregularity * _NUCLEUS_SHARE, rng))
    bodies, in_cell = _claimed(scene, _radii(cells["radius_um"], scene.irregularity, rng))
    own = nuclei > 0
    foreign = own & (bodies != nuclei)
    in_cell[foreign] = 1.0
    return Outlines(np.where(own, nuclei, bodies), nuclei, in_cell, in_nucleus)


def _radii(radius_um: pd.Series[float], irregularity: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return (cells, angles): radii in µm around the outline."""
    n = len(radius_um)
    amplitude = irregularity * rng.standard_normal((n, _HARMONICS.size)) / _HARMONICS * 1.5
    phase = rng.uniform(0, 2 * np.pi, (n, _HARMONICS.size))
    angles = np.arange(_N_ANGLES) * (2 * np.pi / _N_ANGLES)
    waves = np.cos(_HARMONICS[None, :, None] * angles + phase[:, :, None])
    shape = np.maximum(1 + np.einsum("nk,nka->na", amplitude, waves), 0.3)
    shape /= np.sqrt((shape**2).mean(axis=1, keepdims=True))
    return np.asarray(shape * radius_um.to_numpy(float)[:, None])


def _claimed(scene: Scene, radii_um: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    cells, scale = scene.cells, 1 / scene.pixel_size_um
    return claim_pixels(
        cells["x_um"].to_numpy(float) * scale,
        cells["y_um"].to_numpy(float) * scale,
        cells["angle_rad"].to_numpy(float),
        cells["aspect"].to_numpy(float),
        radii_um * scale,
        scene.height_px,
        scene.width_px,
    )
