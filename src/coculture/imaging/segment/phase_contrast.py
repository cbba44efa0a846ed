"""Unstained cells in phase-contrast images: rough ground without its halos, split where it is narrow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from skimage.filters import threshold_otsu

from coculture.imaging.kernels import label_counts
from coculture.imaging.segment.base import Image, Labels, Mask, require_number
from coculture.imaging.segment.filters import without
from coculture.imaging.segment.foreground import basins_of, broad_smooth, smooth
from coculture.imaging.segment.kernels import connected_pieces, depth_inside, nearest_label
from coculture.imaging.segment.pieces import fill_holes, largest_piece

_FLAT = 1e-6
_USUAL_DIAMETER_UM = 60.0


@dataclass(frozen=True)
class PhaseContrast:
    """Local contrast, halos cut away, watershed of the distance to the rim.

    Phase contrast draws a cell as rough ground, darker or as bright as the empty floor, inside a bright halo (Zernike 1942,
    Physica 9:686). There is no level that parts cell from floor, and the halo is the brightest thing in the image; but it lies
    *between* cells, so that it parts those that touch.

    1. The image is divided by its broad mean: the uneven light of the condenser and of a chip's walls goes, and what is
       left is a contrast ``c``.
    2. The local standard deviation s of c is cut at Otsu's threshold on log s, times ``roughness``. The rim is taken back by
       ``rim_share`` of a diameter, because a window that reaches over a cell's edge is rough ahead of it.
    3. Pixels brighter than ``halo`` thresholds are taken out; small holes are filled and thin strands cut.
    4. What is left is split into the persistent hills of the distance to the rim, and every piece grows back over the halo.

    All lengths follow the diameter and all levels the threshold: neither the gain nor the magnification changes the result. Cells
    that overlap without a halo between them stay one, and a cell that spreads in arms may come in parts.

    The preset was chosen on four frames of one film (glioblastoma cells in a chip), see ``docs/cases.md``.

    Attributes
    ----------
    diameter_um : diameter of the disc as large as a typical cell. None takes 60 µm, a spread adherent cell.
    smoothing_share : width of the Gaussian against the camera's noise, in diameters.
    background_share : width of the broad mean, in diameters.
    window_share : width of the window of the local standard deviation, in diameters.
    roughness : factor on Otsu's threshold; above 1 leaves out dirt and flat rims.
    rim_share : how far the rough ground is taken back, in diameters.
    halo : contrast above which a pixel is halo, in thresholds.
    halo_smoothing_share : width of the Gaussian before the halo is cut, in diameters.
    strand_share : strands thinner than twice this are cut, in diameters.
    least_drop, least_share : a hill stands clear by this much, plus this share of its height; heights are distances to the rim
        over the typical radius.
    smallest_share : pieces below this share of the typical area are left out.
    growth_share : how far pieces grow back, in diameters.
    """

    diameter_um: float | None = None
    smoothing_share: float = 0.01
    background_share: float = 0.6
    window_share: float = 0.07
    roughness: float = 1.65
    rim_share: float = 0.08
    halo: float = 1.0
    halo_smoothing_share: float = 0.03
    strand_share: float = 0.03
    least_drop: float = 0.1
    least_share: float = 0.15
    smallest_share: float = 0.1
    growth_share: float = 0.06

    def __post_init__(self) -> None:
        if self.diameter_um is not None:
            require_number("nuclei.diameter_um", self.diameter_um, above=0)
        for name in ("smoothing_share", "background_share", "window_share", "roughness", "halo_smoothing_share"):
            require_number(f"nuclei.options.{name}", getattr(self, name), above=0)
        for name in ("rim_share", "strand_share", "least_drop", "least_share", "smallest_share", "growth_share"):
            require_number(f"nuclei.options.{name}", getattr(self, name), least=0)
        require_number("nuclei.options.halo", self.halo)

    def segment(self, image: Image, pixel_size_um: float) -> Labels:
        """Return one label a cell, numbered from 1 with gaps where a piece was left out."""
        squared, nearest = nearest_label(self.cores(image, pixel_size_um))
        nearest[squared > (self.growth_share * self._pixels(pixel_size_um)) ** 2] = 0
        return nearest

    def cores(self, image: Image, pixel_size_um: float) -> Labels:
        """Return the same labels before they grow over the halo: where the centre of a cell is best measured."""
        diameter = self._pixels(pixel_size_um)
        area = np.pi / 4 * diameter**2
        mask = self.bodies(image, diameter)
        depth = smooth(depth_inside(mask), max(0.03 * diameter, 0.7)) * np.float32(2 / diameter)
        labels = basins_of(depth, mask, self.least_drop, self.least_share, int(self.smallest_share * area / 2))
        return largest_piece(without(labels, np.bincount(labels.ravel()) < self.smallest_share * area))

    def _pixels(self, pixel_size_um: float) -> float:
        return (_USUAL_DIAMETER_UM if self.diameter_um is None else self.diameter_um) / pixel_size_um

    def bodies(self, image: Image, diameter: float) -> Mask:
        """Return the rough ground without its rim, halos and strands. ``diameter`` in pixels."""
        contrast = self._contrast(image, diameter)
        texture = _texture(contrast, max(self.window_share * diameter, 1.0))
        logs = np.log(np.maximum(texture, _FLAT))
        if not np.ptp(logs) > 0:
            return np.zeros(image.shape, dtype=np.bool_)
        threshold = self.roughness * float(np.exp(threshold_otsu(logs)))  # type: ignore[no-untyped-call]
        rough = depth_inside(texture > threshold) > self.rim_share * diameter
        mask = rough & (smooth(contrast, self.halo_smoothing_share * diameter) < self.halo * threshold)
        return self._tidied(mask, diameter)

    def _contrast(self, image: Image, diameter: float) -> Image:
        broad = broad_smooth(image, self.background_share * diameter)
        level = np.maximum(broad, max(float(np.abs(image).max()) * _FLAT, _FLAT))
        contrast: Image = smooth((image / level - 1).astype(np.float32), self.smoothing_share * diameter)
        return contrast

    def _tidied(self, mask: Mask, diameter: float) -> Mask:
        area = np.pi / 4 * diameter**2
        strand = self.strand_share * diameter
        core = depth_inside(mask) > strand
        opened = mask & (ndimage.distance_transform_edt(~core) <= strand)
        filled = fill_holes(opened, 0.15 * area)
        pieces, n_pieces = connected_pieces(filled.astype(np.int32))
        small = label_counts(pieces, n_pieces) < self.smallest_share * area / 2
        kept: Mask = without(pieces, small) > 0
        return kept


def _texture(contrast: Image, width: float) -> Image:
    """Local standard deviation in a Gaussian window."""
    mean = smooth(contrast, width)
    square = smooth(contrast * contrast, width)
    texture: Image = np.sqrt(np.maximum(square - mean * mean, 0)).astype(np.float32)
    return texture
