"""The section that says which cells are neighbours, and when a contact begins, ends and is long."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from coculture.typed_file.section import Positive, Section

PARAMETERS = {
    "touching": ("gap_um",),
    "edge-distance": ("gap_um",),
    "k-nearest": ("k", "ways"),
    "delaunay": ("longest_um", "longest_over_median"),
}
"""Which keys each definition of neighbours takes."""


class Contacts(Section):
    """``[contacts]``: which cells count as neighbours, and for how long."""

    neighbours: Literal["touching", "edge-distance", "k-nearest", "delaunay"] = Field(
        default="touching", description="outlines that touch; circles of the same area; the nearest centres; triangulation"
    )
    gap_um: float | None = Field(
        default=None, ge=0, description="widest gap of 'touching' and 'edge-distance'; cells.contact_gap_um without it"
    )
    k: int | None = Field(default=None, ge=1, description="how many 'k-nearest'")
    ways: Literal["either", "both"] | None = Field(
        default=None, description="'k-nearest': of two cells either names the other, or both do; either without it"
    )
    longest_um: Positive | None = Field(default=None, description="'delaunay': longer edges are no contact")
    longest_over_median: Positive | None = Field(default=None, description="'delaunay': likewise, in median edges")
    least_length_um: float = Field(default=0.0, ge=0, description="contacts that share a shorter border are none")
    bridge_frames: int = Field(default=0, ge=0, description="an absence of so many time points does not end a contact")
    long_min: Positive | None = Field(default=None, description="contacts that last at least as long count as long")
    horizon_min: Positive | None = Field(default=None, description="mean dwell times are taken up to here; none without it")

    @model_validator(mode="after")
    def _parameters_fit(self) -> Contacts:
        known = PARAMETERS[self.neighbours]
        every = dict.fromkeys(key for keys in PARAMETERS.values() for key in keys)
        foreign = [key for key in every if key not in known and getattr(self, key) is not None]
        if foreign:
            raise ValueError(f"neighbours = '{self.neighbours}' takes no {', '.join(foreign)}; it takes {', '.join(known)}")
        if self.neighbours == "k-nearest" and self.k is None:
            raise ValueError("neighbours = 'k-nearest' needs k, the number of neighbours")
        return self
