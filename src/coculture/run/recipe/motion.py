"""The section that says how tracks become numbers of motion."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from coculture.typed_file.section import Positive, Section

Direction = Annotated[tuple[float, float], Field(strict=False)]


class Motion(Section):
    """``[motion]``: how tracks become speeds, directions and persistence; of use where cells are tracked."""

    direction: Direction | None = Field(
        default=None, description="x and y of a flow, field or gradient, y pointing down; gives the forward-migration index"
    )
    arrest_speed_um_per_min: Positive | None = Field(default=None, description="slower steps count as arrest; none without it")
    fewest_points: int = Field(default=3, ge=2, description="tracks with fewer points enter no number of the well")
    longest_lag_min: Positive | None = Field(
        default=None, description="longest lag of the random-walk fit; a quarter of the longest track without it"
    )
    gaps: Literal["bridge", "longest piece"] = Field(
        default="bridge", description="over a gap a track goes straight; or its longest piece without one is kept"
    )
    correlation_reach_um: Positive | None = Field(
        default=None, description="distance up to which velocities are correlated; none without it"
    )
    correlation_bin_um: Positive = Field(default=20.0, description="width of the steps of that distance")
    toward_each_type: bool = Field(default=True, description="chemotactic index toward the nearest cell of each other type")

    @model_validator(mode="after")
    def _usable(self) -> Motion:
        if self.direction == (0.0, 0.0):
            raise ValueError("a direction of [0, 0] points nowhere; give x and y, as [1, 0] for to the right")
        if self.correlation_reach_um is not None and self.correlation_reach_um < self.correlation_bin_um:
            raise ValueError("correlation_reach_um is shorter than one step of it; lower correlation_bin_um")
        return self
