"""The section that says how cells are followed over time."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coculture.typed_file.section import Fraction, Names, Positive, Section


class Tracking(Section):
    """``[tracking]``: how cells are linked over time; wells with one time point are not tracked."""

    method: Literal["likelihood", "nearest", "none"] = Field(
        default="likelihood", description="links by what the film itself teaches; by the nearest place; or no links"
    )
    search_radius_um: Positive | None = Field(default=None, description="no link is longer; learnt from the film without it")
    maximum_gap_frames: int = Field(default=12, ge=1, description="time points until a lost cell may come back; 1 closes no gap")
    divisions: bool = Field(default=True, description="a track may end in two daughters")
    drift: bool = Field(default=True, description="shifts of the whole field are taken out for linking; places stay as they were")
    features: Names | None = Field(
        default=None, description="positive features that a cell keeps from time to time; area_um2 without it, [] for none"
    )
    feature_weight: Fraction = Field(default=0.5, description="weight of their evidence beside that of places")
    persistence: Fraction | None = Field(
        default=None, description="part of its last step a cell is expected to repeat; learnt from the film without it"
    )
