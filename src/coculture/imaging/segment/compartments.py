"""Compartments of a cell: the ring around its nucleus, and the cytoplasm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coculture.imaging.segment.base import Labels, require_number
from coculture.imaging.segment.kernels import nearest_label


@dataclass(frozen=True)
class RingSettings:
    """Where the perinuclear ring lies.

    Attributes
    ----------
    gap_um : distance between the nucleus's outline and the ring. It keeps light the optics spread across the nuclear
        envelope out of both sides of a ratio; about the resolution of the objective.
    width_um : width of the ring. It should stay within the cell on its thin side.
    """

    gap_um: float = 1.0
    width_um: float = 4.0

    def __post_init__(self) -> None:
        require_number("measure.ring.gap_um", self.gap_um, least=0)
        require_number("measure.ring.width_um", self.width_um, above=0)


def perinuclear_ring(nuclei: Labels, cells: Labels, settings: RingSettings, pixel_size_um: float) -> Labels:
    """Return the ring of every nucleus: farther from it than the gap, no farther than gap + width, within its cell.

    Distances run between pixel centres and are measured from the outline, half a pixel outside the nucleus's outermost
    pixel centres. A pixel between two nuclei belongs to the nearer one.
    """
    squared, nearest = nearest_label(nuclei)
    inner = settings.gap_um / pixel_size_um + 0.5
    outer = inner + settings.width_um / pixel_size_um
    outside = (squared < inner**2) | (squared > outer**2) | (nearest != cells) | (nuclei > 0)
    nearest[outside] = 0
    return nearest


def cytoplasm(nuclei: Labels, cells: Labels) -> Labels:
    """Return every cell without its nucleus."""
    return np.where(nuclei > 0, np.int32(0), cells)
