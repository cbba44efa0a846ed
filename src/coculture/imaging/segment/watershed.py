"""Nuclei by threshold and watershed: the built-in method."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage

from coculture.errors import InputError
from coculture.imaging.segment.base import Image, Labels, Mask, require_number
from coculture.imaging.segment.filters import without
from coculture.imaging.segment.foreground import basins_of, field_levels, rough_diameter, sharpen, smooth, typical_diameter
from coculture.imaging.segment.kernels import depth_inside, label_moments
from coculture.imaging.segment.merging import MergeRule, merge_fragments
from coculture.imaging.segment.pieces import fill_holes, fill_label_holes, largest_piece


@dataclass(frozen=True, eq=False)
class Fragments:
    """Hills of the relief: pieces of nuclei, still to be merged.

    Attributes
    ----------
    labels : (Y, X) fragments, numbered from 1.
    above : the smoothed image, 0 at the background and 1 at the mean of the stain.
    diameter : typical diameter of a nucleus, in pixels.
    """

    labels: Labels
    above: Image
    diameter: float


@dataclass(frozen=True)
class Watershed:
    """Threshold, watershed of a relief that knows shape and brightness, merging of fragments, outline at half height.

    1. The smoothed image is cut at ``global_share`` of Otsu's threshold, and locally at ``local_share`` of the brightness
       of the stained matter around each pixel.
    2. The typical diameter d is measured on that mask, or given.
    3. The relief is the distance to the rim in units of d/2, plus the curvature (negative Laplacian of Gaussian, width
       ``curvature_width`` · d) of the square root of the image. Its hills are fragments.
    4. Fragments that look like one nucleus are merged, see :mod:`coculture.imaging.segment.merging`.
    5. Each nucleus is cut where it falls below ``outline_share`` of its own brightness; holes are filled, one piece kept,
       and specks below ``smallest_share`` of the typical area left out.

    All lengths follow d and all levels are taken between background and foreground, so the result does not change with
    the gain or the offset of the camera.

    The preset was chosen, and the weights of the merge rule fitted, on half of 303 images with hand-made masks, see
    ``benchmarks/nuclei_segmentation.py``.

    Attributes
    ----------
    diameter_um : typical diameter of a nucleus; None measures it on every image.
    smoothing_pixels : width of the Gaussian before any threshold, against pixel noise.
    global_share : the mask lies above this share of Otsu's threshold, counted from the background.
    local_share : and above this share of the brightness around; higher parts dim nuclei from the halo of bright ones.
    local_window : width of that neighbourhood, in diameters.
    curvature_width : width of the Gaussian whose Laplacian is taken, in diameters.
    depth_weight : weight of the distance to the rim beside the curvature.
    least_drop, least_share : a hill stands clear by this much, plus this share of its height; less is noise.
    merge_above : log-odds above which two fragments are one nucleus; higher keeps more of them apart.
    outline_share : the outline lies at this share of the nucleus's own brightness; 0.5 is the middle of a blurred edge, hand-made
        masks are drawn a little wider.
    smallest_share : labels below this share of the typical area are left out.
    merge_rule : weights of the log-odds.
    """

    diameter_um: float | None = None
    smoothing_pixels: float = 1.0
    global_share: float = 0.6
    local_share: float = 0.45
    local_window: float = 0.3
    curvature_width: float = 0.15
    depth_weight: float = 4.0
    least_drop: float = 0.05
    least_share: float = 0.02
    merge_above: float = -0.2
    outline_share: float = 0.4
    smallest_share: float = 0.03
    merge_rule: MergeRule = field(default_factory=MergeRule)

    def __post_init__(self) -> None:
        for name in ("smoothing_pixels", "global_share", "local_window", "curvature_width", "depth_weight"):
            require_number(f"nuclei.options.{name}", getattr(self, name), above=0)
        for name in ("local_share", "least_drop", "least_share", "outline_share", "smallest_share"):
            require_number(f"nuclei.options.{name}", getattr(self, name), least=0)
        require_number("nuclei.options.merge_above", self.merge_above)
        if not isinstance(self.merge_rule, MergeRule):
            raise InputError(
                f"must be a MergeRule, found {type(self.merge_rule).__name__}",
                "nuclei.options.merge_rule",
                "leave it out in a recipe; from Python, give a MergeRule",
            )

    def segment(self, image: Image, pixel_size_um: float) -> Labels:
        """Return one label a nucleus, numbered from 1 with gaps where a label was left out."""
        found = self.fragments(image, pixel_size_um)
        if found is None:
            return np.zeros(image.shape, dtype=np.int32)
        area = np.pi / 4 * found.diameter**2
        labels = merge_fragments(found.labels, found.above, 0.0, area, self.merge_rule, self.merge_above)
        labels = fill_label_holes(largest_piece(self._outline(labels, found.above)), 0.25 * area)
        return without(labels, np.bincount(labels.ravel()) < max(self.smallest_share * area, 15))

    def fragments(self, image: Image, pixel_size_um: float) -> Fragments | None:
        """Return the hills of the relief before any are merged; None for an image without contrast."""
        smoothed = smooth(image, self.smoothing_pixels)
        levels = field_levels(smoothed)
        if not levels.foreground > levels.background:
            return None
        height = np.float32(levels.foreground - levels.background)
        above = np.maximum(smoothed - np.float32(levels.background), 0) / height
        mask = above > self.global_share * (levels.otsu - levels.background) / height
        given = None if self.diameter_um is None else self.diameter_um / pixel_size_um
        mask = sharpen(mask, above, given or rough_diameter(fill_holes(mask)), self.local_window, self.local_share)
        depth = depth_inside(mask)
        diameter = given or typical_diameter(mask, depth)
        bright = np.maximum(image - np.float32(levels.background), 0) / height
        relief = self._relief(bright, mask, depth, diameter)
        return Fragments(basins_of(relief, mask, self.least_drop, self.least_share, 5), above, diameter)

    def _relief(self, bright: Image, mask: Mask, depth: Image, diameter: float) -> Image:
        width = max(self.curvature_width * diameter, 1.0)
        root = np.sqrt(bright + np.float32(0.02))
        curvature = -ndimage.laplace(smooth(root, width))
        typical = max(float(np.median(curvature[mask])), 1e-9) if mask.any() else 1.0
        height = smooth(depth, max(0.05 * diameter, 0.7)) * np.float32(2 * self.depth_weight / diameter)
        relief: Image = np.minimum(curvature / np.float32(typical), np.float32(4)) + height
        return relief

    def _outline(self, labels: Labels, above: Image) -> Labels:
        sums = label_moments(labels, above, int(labels.max(initial=0)))
        own = sums[:, 7] / np.maximum(sums[:, 6], 1e-9)
        own[0] = np.inf
        return np.where(above > (self.outline_share * own).astype(np.float32)[labels], labels, np.int32(0))
