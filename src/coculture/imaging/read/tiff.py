"""TIFF and OME-TIFF files: what a file holds, and its pixels."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import tifffile
from numpy.typing import NDArray

from coculture.errors import FileError
from coculture.imaging.read.ome_xml import MICROMETRES, OmePixels, parse_ome_xml

Pages = Literal["channel", "z", "t"]
"""What the pages of a file without metadata are."""

_NUMBER_KINDS = "uif"
_LARGEST_SIDE = 65_535


@dataclass(frozen=True)
class FileStructure:
    """What one image file holds.

    Attributes
    ----------
    shape : (Y, X) of each plane.
    dtype : NumPy name of the native dtype.
    planes : per page its (c, z, t), each counted from 0.
    channel_names : names in the file's metadata, () where there are none.
    pixel_size_um, significant_bits : None where the file does not say.
    """

    shape: tuple[int, int]
    dtype: str
    planes: tuple[tuple[int, int, int], ...] = ((0, 0, 0),)
    channel_names: tuple[str, ...] = ()
    pixel_size_um: float | None = None
    significant_bits: int | None = None


def inspect_tiff(path: Path, pages: Pages | None = None) -> FileStructure:
    """Read a file's headers.

    Parameters
    ----------
    path : the file.
    pages : what its pages are, where the file has several and no metadata say so.

    Raises
    ------
    FileError : if the file is missing, broken, in colour, of an unusable type, or has pages nobody explains.
    """
    with _opened(path) as file:
        page = file.pages.first
        shape, dtype = _plane_type(page, path)
        _check_grey(page, path)
        count = len(file.pages)
        ome = parse_ome_xml(file.ome_metadata, str(path)) if file.is_ome and file.ome_metadata else None
        planes = _planes(file, count, ome, pages, path)
        names = ome.channel_names if ome else ()
        size = ome.pixel_size_um if ome else _imagej_pixel_size(file)
        bits = ome.significant_bits if ome else _ceiling_bits(page)
        return FileStructure(shape, dtype, planes, names, size, bits)


def read_planes(path: Path, planes: Sequence[int], shape: tuple[int, int], dtype: str) -> list[NDArray[Any]]:
    """Read pages of a file as (Y, X) arrays in the machine's byte order.

    Raises
    ------
    FileError : if the file is missing, truncated or broken, has too few pages, or differs from ``shape`` and ``dtype``.
    """
    with _opened(path) as file:
        return [_read_page(file, number, shape, dtype, path) for number in planes]


def _read_page(file: tifffile.TiffFile, number: int, shape: tuple[int, int], dtype: str, path: Path) -> NDArray[Any]:
    page = _page(file, number, shape, dtype, path)
    pixels: NDArray[Any] = np.ascontiguousarray(page.asarray().reshape(shape), dtype=np.dtype(dtype))
    if pixels.dtype.kind == "f" and not np.isfinite(pixels).all():
        raise FileError("the image holds values that are not finite numbers", str(path), "export it again")
    return pixels


def _page(file: tifffile.TiffFile, number: int, shape: tuple[int, int], dtype: str, path: Path) -> Any:
    try:
        page = file.pages[number]
    except IndexError as error:
        raise FileError(
            f"page {number + 1} is asked for, the file has {len(file.pages)}",
            str(path),
            "all files of a plate need the same pages; copy or export this one again",
        ) from error
    found = _plane_type(page, path)
    if found != (shape, dtype):
        raise FileError(
            f"the image is {describe(*found)}, the rest of the plate is {describe(shape, dtype)}",
            str(path),
            "export all images of a plate at one size and one bit depth",
        )
    return page


def describe(shape: tuple[int, int], dtype: str) -> str:
    """Say an image's size and type as people do: '640 x 480 pixels, uint16'."""
    return f"{shape[1]} x {shape[0]} pixels, {dtype}"


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a file; whatever the decoding libraries raise inside becomes a FileError."""
    try:
        with tifffile.TiffFile(path, _multifile=False) as file:
            yield file
    except (FileError, MemoryError):
        raise
    except FileNotFoundError as error:
        raise FileError("the image file is gone", str(path), "was the folder moved or a file deleted?") from error
    except PermissionError as error:
        raise FileError("the image file may not be read", str(path), "ask for permission to read it") from error
    except Exception as error:  # decoders raise errors of many kinds; all mean that this file cannot be used
        size = os.path.getsize(path) if path.is_file() else 0
        state = "is empty" if size == 0 else f"is truncated or damaged ({size} bytes): {error}"
        raise FileError(f"the image file {state}", str(path), "copy it again from the microscope") from error


def _plane_type(page: Any, path: Path) -> tuple[tuple[int, int], str]:
    if page.samplesperpixel != 1:
        raise FileError(
            f"this is a colour image ({page.samplesperpixel} values a pixel)",
            str(path),
            "export each channel as a grey image; a picture made for viewing cannot be measured",
        )
    if page.imagedepth != 1 or page.dtype is None or page.dtype.kind not in _NUMBER_KINDS:
        raise FileError(f"pixels of type {page.dtype} cannot be measured", str(path), "export 8 bit, 16 bit or float images")
    height, width = int(page.imagelength), int(page.imagewidth)
    if not (0 < height <= _LARGEST_SIDE and 0 < width <= _LARGEST_SIDE):
        raise FileError(f"an image of {width} x {height} pixels cannot be used", str(path), "export single fields of view")
    return (height, width), str(page.dtype.newbyteorder("="))


def _check_grey(page: Any, path: Path) -> None:
    """Accept grey images, and palette images whose palette only brightens, so that its index is the grey level."""
    kind = page.photometric.name
    if kind == "PALETTE" and page.colormap is not None and (np.diff(page.colormap.astype(np.int64), axis=1) >= 0).all():
        return
    if kind != "MINISBLACK":
        raise FileError(
            f"the image's colour scheme is {kind}, so its numbers are not brightness",
            str(path),
            "export it as a grey image, black = 0",
        )


def _planes(
    file: tifffile.TiffFile, count: int, ome: OmePixels | None, pages: Pages | None, path: Path
) -> tuple[tuple[int, int, int], ...]:
    """Say what each page is: from OME metadata, from ImageJ's, or as the user said."""
    if count == 1:
        return ((0, 0, 0),)
    if ome is not None:
        if sorted(ome.planes) != list(range(count)):
            raise FileError(
                f"page count mismatch: the metadata describe {len(ome.planes)} planes, the file holds {count}",
                str(path),
                "copy or export the file again",
            )
        return tuple(ome.planes[page] for page in range(count))
    sizes = _sizes(file, count, pages, path)
    order = [(c, z, t) for t in range(sizes["t"]) for z in range(sizes["z"]) for c in range(sizes["channel"])]
    if len(order) != count:
        raise FileError(
            f"page count mismatch: the metadata describe {len(order)} planes, the file holds {count}",
            str(path),
            "copy or export the file again",
        )
    return tuple(order)


def _sizes(file: tifffile.TiffFile, count: int, pages: Pages | None, path: Path) -> dict[str, int]:
    sizes = {"channel": 1, "z": 1, "t": 1}
    if pages is not None:
        return sizes | {pages: count}
    if file.is_imagej and file.imagej_metadata:
        said = file.imagej_metadata
        sizes = {"channel": int(said.get("channels", 1)), "z": int(said.get("slices", 1)), "t": int(said.get("frames", 1))}
        if max(sizes.values()) > 1:
            return sizes
    raise FileError(
        f"the file has {count} pages and does not say whether they are channels, focal planes or time points",
        str(path),
        "say it with pages = 'channel', 'z' or 't'",
    )


def _imagej_pixel_size(file: tifffile.TiffFile) -> float | None:
    unit = MICROMETRES.get(str((file.imagej_metadata or {}).get("unit", "")).replace("\\u00B5", "µ")) if file.is_imagej else None
    tag = file.pages.first.tags.get("XResolution")
    if unit is None or tag is None or not tag.value[0]:
        return None
    return float(tag.value[1] / tag.value[0] * unit)


def _ceiling_bits(page: Any) -> int | None:
    """Read the tag MaxSampleValue where it names a full number of bits (4095 is 12)."""
    tag = page.tags.get("MaxSampleValue")
    value = tag.value if tag is not None else 0
    if not isinstance(value, int) or value < 255:
        return None
    return value.bit_length() if value == 2 ** value.bit_length() - 1 else None


def check_file(path: Path, last_page: int, shape: tuple[int, int], dtype: str) -> None:
    """Read a file's headers and compare them with the rest of the plate.

    Raises
    ------
    FileError : as :func:`read_planes`, and where the pixels reach beyond the end of the file.
    """
    with _opened(path) as file:
        _check_grey(file.pages.first, path)
        for number in {0, last_page}:
            page = _page(file, number, shape, dtype, path)
            end = max((o + n for o, n in zip(page.dataoffsets, page.databytecounts, strict=True)), default=0)
            if end > file.filehandle.size:
                raise FileError(
                    f"the image file is truncated: {file.filehandle.size} bytes of {end}",
                    str(path),
                    "copy it again from the microscope",
                )
