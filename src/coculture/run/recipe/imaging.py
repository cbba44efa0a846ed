"""Sections that say how images become cells: illumination, nuclei, cells, measurement, quality."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coculture.typed_file.section import Fraction, Names, Options, Positive, Section


class Illumination(Section):
    """``[illumination]``: the uneven light of each channel, estimated over the plate and divided out."""

    method: Literal["median-smooth", "basic", "none"] = Field(
        default="median-smooth", description="median of many images, smoothed; BaSiC; or no correction"
    )
    n_images: int = Field(default=96, ge=1, description="images per channel the estimate may use")
    camera_offset: float = Field(default=0.0, ge=0, description="grey level of a dark image; subtracted before division")


class Nuclei(Section):
    """``[nuclei]``: how nuclei are found."""

    method: Literal["watershed", "phase-contrast", "cellpose", "stardist", "instanseg"] = Field(
        default="watershed",
        description="watershed of a nuclear stain; phase-contrast finds whole unstained cells; the others need an extra and "
        "your own weights",
    )
    channel: str = Field(default="dna", description="channel of the nuclear stain")
    diameter_um: Positive | None = Field(default=None, description="typical diameter of a nucleus; estimated without it")
    minimum_area_um2: Positive | None = Field(default=None, description="smaller nuclei are left out")
    maximum_area_um2: Positive | None = Field(default=None, description="larger nuclei are left out")
    touching_border: Literal["keep", "drop"] = Field(default="keep", description="nuclei cut by the edge of the image")
    options: Options = Field(default_factory=dict, description="the method's own options by name")


class Cells(Section):
    """``[cells]``: how the outline of a cell is drawn around its nucleus."""

    method: Literal["territories", "propagation"] = Field(
        default="territories", description="territories rest on the nuclei alone; propagation follows a stain"
    )
    channel: str | None = Field(default=None, description="channel the outline follows; needed by 'propagation'")
    contact_gap_um: float = Field(default=0.0, ge=0, description="widest gap between two outlines that still is a contact")
    options: Options = Field(default_factory=dict, description="the method's own options by name")


class Measure(Section):
    """``[measure]``: which families of features are measured."""

    families: Names = Field(default=("shape", "intensity"), min_length=1, description="families of features that are measured")
    ring_gap_um: float = Field(default=1.0, ge=0, description="from the nucleus to the ring in which its cytoplasm is read")
    ring_width_um: Positive = Field(default=4.0, description="width of that ring")


class Quality(Section):
    """``[quality]``: when a field of view is flagged."""

    max_saturated_fraction: Fraction = Field(default=0.01, description="more pixels at the camera's ceiling: saturated")
    max_debris_fraction: Fraction = Field(default=0.05, description="more of the image under debris: debris")
