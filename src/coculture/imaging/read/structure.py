"""What one image file holds; all files of a plate hold the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from coculture.errors import FileError

Pages = Literal["channel", "z", "t"]
"""What the pages of a file without metadata are."""


@dataclass(frozen=True)
class FileStructure:
    """What one image file holds.

    Attributes
    ----------
    shape : (Y, X) of each plane.
    dtype : NumPy name of the native dtype.
    planes : per plane its (c, z, t), each counted from 0.
    lead : sizes of the axes before (Y, X) of an array; () for TIFF, whose pages are a plain list.
    channel_names : names in the file's metadata, () where there are none.
    pixel_size_um, significant_bits : None where the file does not say.
    pages : what the user said the pages are.
    """

    shape: tuple[int, int]
    dtype: str
    planes: tuple[tuple[int, int, int], ...] = ((0, 0, 0),)
    lead: tuple[int, ...] = ()
    channel_names: tuple[str, ...] = ()
    pixel_size_um: float | None = None
    significant_bits: int | None = None
    pages: Pages | None = None


def require_like(found: tuple[tuple[int, int], str], structure: FileStructure, path: Path) -> None:
    """Compare a plane's (Y, X) and dtype with the rest of the plate; FileError where they differ."""
    if found != (structure.shape, structure.dtype):
        raise FileError(
            f"the image is {describe(*found)}; the rest of the plate is {describe(structure.shape, structure.dtype)}",
            str(path),
            "export all images of a plate at one size and one bit depth",
        )


def describe(shape: tuple[int, int], dtype: str) -> str:
    """Say an image's size and type as people do: '640 x 480 pixels, uint16'."""
    return f"{shape[1]} x {shape[0]} pixels, {dtype}"
