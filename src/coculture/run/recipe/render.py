"""The section that says how virtual wells are photographed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from coculture.typed_file.section import Names, Positive, Section

Levels = Annotated[tuple[float, ...], Field(strict=False, min_length=3, max_length=3)]


class Render(Section):
    """``[source.render]``: images of every well at every read-out, as TIFF files and OME-Zarr, with known truth."""

    pixel_size_um: Positive = Field(default=0.65, description="width of a pixel")
    channels: Names = Field(default=("dna", "gfp", "rfp"), min_length=1, description="channels, in order")
    nucleus_fraction: Positive = Field(default=0.55, description="radius of the nucleus over that of the cell")
    markers: dict[str, dict[str, Levels]] = Field(
        default_factory=dict,
        description="by type and channel: grey levels of nucleus, cytoplasm, membrane; without it nuclei in the first channel",
    )
    variation: float = Field(default=0.1, ge=0, description="standard deviation of a cell's brightness, on the log scale")
    psf_sigma_um: float = Field(default=0.3, ge=0, description="blur of the objective")
    vignetting: float = Field(default=0.15, ge=0, lt=1, description="light lost at the corners")
    read_noise: float = Field(default=2.0, ge=0, description="the camera's noise, grey levels")
    photons_per_grey: Positive = Field(default=0.5, description="photons behind a grey level; fewer are noisier")
    focus_offset_um: float = Field(default=0.0, description="distance from the focal plane")
    bleed_through: dict[str, dict[str, float]] = Field(
        default_factory=dict, description="channel: other channel = share of its light that shows here"
    )
    tiff: bool = Field(default=True, description="write TIFF files and the table of the truth, beside OME-Zarr")
