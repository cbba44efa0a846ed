"""Cells as the ground nearest to their nucleus, up to a distance. No stain can move these outlines."""

from __future__ import annotations

from dataclasses import dataclass

from coculture.imaging.segment.base import Image, Labels, require_number
from coculture.imaging.segment.kernels import nearest_label


@dataclass(frozen=True)
class Territories:
    """Distance-limited Voronoi tessellation of the nuclei's outlines.

    A pixel belongs to the nucleus whose nearest pixel is nearest to it, if its centre lies no farther than ``reach_um`` from
    that nucleus's outline, half a pixel outside the outermost pixel centres. Two cells touch where their nuclei's outlines
    are less than twice the reach apart: the contacts are those of the nuclei's arrangement, whatever a treatment does to a
    stain.

    Attributes
    ----------
    reach_um : how far a cell extends beyond its nucleus. The default suits adherent cells of 30 to 40 µm.
    """

    reach_um: float = 10.0

    def __post_init__(self) -> None:
        require_number("cells.options.reach_um", self.reach_um, above=0)

    @property
    def needs_stain(self) -> bool:
        """These outlines look at nothing but the nuclei."""
        return False

    def segment(self, nuclei: Labels, image: Image | None, pixel_size_um: float) -> Labels:
        """Return (Y, X) territories; ``image`` is not looked at."""
        squared, nearest = nearest_label(nuclei)
        nearest[squared > (self.reach_um / pixel_size_um + 0.5) ** 2] = 0
        return nearest
