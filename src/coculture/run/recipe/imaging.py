"""Sections that say how images become cells: illumination, nuclei, cells, measurement, quality."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coculture.run.recipe.section import Fraction, Names, Positive, Section


class Illumination(Section):
    """``[illumination]``: the uneven light of each channel, estimated over the plate and divided out."""

    method: Literal["median-smooth", "basic", "none"] = "median-smooth"
    n_images: int = Field(default=96, ge=1, description="images per channel the estimate may use")


class Nuclei(Section):
    """``[nuclei]``: how nuclei are found."""

    method: Literal["watershed", "cellpose", "stardist", "instanseg"] = "watershed"
    channel: str = Field(default="dna", description="channel of the nuclear stain")
    diameter_um: Positive = Field(default=12.0, description="typical diameter of a nucleus")


class Cells(Section):
    """``[cells]``: how the outline of a cell is drawn around its nucleus."""

    method: Literal["territories", "propagation"] = "territories"
    channel: str | None = Field(default=None, description="channel the outline follows; needed by 'propagation'")


class Measure(Section):
    """``[measure]``: which families of features are measured."""

    families: Names = Field(default=("shape", "intensity"), min_length=1)


class Quality(Section):
    """``[quality]``: when a field of view is flagged."""

    max_saturated_fraction: Fraction = 0.01
    max_debris_fraction: Fraction = 0.05
