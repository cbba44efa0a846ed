"""The section that says at which distances the arrangement of cells is looked at."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from coculture.typed_file.section import Positive, Section


class Arrangement(Section):
    """``[arrangement]``: at which distances the arrangement of the types is looked at."""

    density_radius_um: Positive = Field(default=50.0, description="radius of the disc in which a cell's surroundings are counted")
    radii_um: Annotated[tuple[float, ...], Field(strict=False)] = Field(
        default=(), description="distances at which pair correlation and Ripley's K are given; none without them"
    )

    @field_validator("radii_um")
    @classmethod
    def _distances(cls, radii: tuple[float, ...]) -> tuple[float, ...]:
        if any(radius <= 0 for radius in radii) or len(set(radii)) < len(radii):
            raise ValueError("radii_um are different distances above 0")
        return radii
