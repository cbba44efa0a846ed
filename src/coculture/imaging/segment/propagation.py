"""Cells grown from their nuclei into a stain. The outline follows that stain, wherever a treatment moves it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coculture.errors import InputError
from coculture.imaging.segment.base import Image, Labels, require_number
from coculture.imaging.segment.foreground import field_levels, smooth
from coculture.imaging.segment.kernels import propagate
from coculture.imaging.segment.pieces import fill_label_holes


@dataclass(frozen=True)
class Propagation:
    """Cheapest paths from the nuclei over the stained ground (Jones, Carpenter & Golland 2005).

    A path pays for length and for changes of brightness, so that borders between cells settle where the stain changes.
    The image is scaled to 0 at the background and 1 at the mean of the stained ground.

    Use it only with a stain that fills the cell and that no treatment moves or dims: areas, contacts and everything
    measured over the cell change with the stain.

    Attributes
    ----------
    regularisation : weight λ of length² against change of brightness². 0 follows the stain alone.
    global_share : the stained ground lies above this share of Otsu's threshold.
    reach_um : longest path from the nucleus.
    smoothing_pixels : width of the Gaussian before the threshold.
    """

    regularisation: float = 0.05
    global_share: float = 0.8
    reach_um: float = 40.0
    smoothing_pixels: float = 1.0

    def __post_init__(self) -> None:
        for name in ("global_share", "reach_um"):
            require_number(f"cells.options.{name}", getattr(self, name), above=0)
        for name in ("regularisation", "smoothing_pixels"):
            require_number(f"cells.options.{name}", getattr(self, name), least=0)

    @property
    def needs_stain(self) -> bool:
        """These outlines follow an image."""
        return True

    def segment(self, nuclei: Labels, image: Image | None, pixel_size_um: float) -> Labels:
        """Return (Y, X) outlines with the nuclei's labels."""
        if image is None:
            raise InputError("propagation was given no image", "cells.channel", "name the channel the outlines follow")
        smoothed = smooth(image, self.smoothing_pixels)
        levels = field_levels(smoothed)
        height = max(levels.foreground - levels.background, 1e-9)
        stained = smoothed - np.float32(levels.background) > self.global_share * (levels.otsu - levels.background)
        scaled = ((image - np.float32(levels.background)) / np.float32(height)).astype(np.float32)
        grown = propagate(nuclei, scaled, stained, self.regularisation, self.reach_um / pixel_size_um)
        return fill_label_holes(grown, most_pixels=64.0)
