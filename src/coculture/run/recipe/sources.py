"""Sections that say where the data come from: a folder of images, or a table of wells."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coculture.typed_file.section import Positive, Section


class ImagesSource(Section):
    """``[source]`` with ``kind = "images"``: a folder of microscope images."""

    kind: Literal["images"] = Field(description="the data are images")
    images: str = Field(description="folder of the images, relative to the recipe; --images or COCULTURE_DATA override it")
    pattern: str = Field(description="a ready pattern, 'ome-zarr', or a regular expression with named groups")
    pixel_size_um: Positive | None = Field(default=None, description="width of a pixel, where the files do not say it")
    plate: str | None = Field(default=None, description="name of the plate, where the file names do not say it")
    bit_depth: int | None = Field(default=None, ge=1, le=32, description="bits the camera fills, if fewer than the files' type")
    z: Literal["max"] | int | None = Field(default=None, description="'max' or the number of a plane, where there are several")
    pages: Literal["channel", "z", "t"] | None = Field(default=None, description="what the pages of a file are")
    time_step_min: Positive | None = Field(default=None, description="minutes between two time points")
    channels: dict[str, str] = Field(min_length=1, description="our name of a channel = its name in the files")


class WellsSource(Section):
    """``[source]`` with ``kind = "wells"``: a table of wells measured elsewhere."""

    kind: Literal["wells"] = Field(description="the data are numbers of wells")
    table: str = Field(description="CSV, TSV, XLSX or Parquet file, relative to the recipe")
    columns: dict[str, str] = Field(min_length=1, description="our name of a column = its header in the table")
    keep: dict[str, str | list[str]] = Field(
        default={}, description="header = value: only rows that have it are analysed; several in [ ], * stands for any letters"
    )
