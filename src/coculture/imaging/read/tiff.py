"""TIFF and OME-TIFF files: what a file holds, and its pixels."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from coculture.errors import FileError
from coculture.imaging.read.ome_xml import MICROMETRES, OmePixels, parse_ome_xml
from coculture.imaging.read.sizes import require_size
from coculture.imaging.read.structure import FileStructure, Pages, require_like

_NUMBER_KINDS = "uif"


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
        return FileStructure(shape, dtype, planes, (), names, size, bits, pages)


def read_planes(path: Path, planes: Sequence[int], structure: FileStructure) -> list[NDArray[Any]]:
    """Read pages of a file as (Y, X) arrays in the machine's byte order.

    Raises
    ------
    FileError : if the file is missing, truncated or broken, or is not of the given structure.
    """
    with _opened(path) as file:
        _check_pages(file, structure, path)
        return [_pixels(file.pages[number], structure, path) for number in planes]


def check_file(path: Path, structure: FileStructure) -> None:
    """Read a file's headers and compare them with the rest of the plate.

    Raises
    ------
    FileError : as :func:`read_planes` without reading pixels, and where the pixels reach beyond the end of the file.
    """
    found = inspect_tiff(path, structure.pages)
    with _opened(path) as file:
        _check_pages(file, structure, path)
        if (found.planes, found.channel_names) != (structure.planes, structure.channel_names):
            raise FileError("its pages are arranged unlike the other files'", str(path), "export all files in one way")
        for number in range(len(structure.planes)):
            page = file.pages[number]
            end = max((o + n for o, n in zip(page.dataoffsets, page.databytecounts, strict=True)), default=0)
            if end > file.filehandle.size:
                raise FileError(
                    f"truncated: {file.filehandle.size} bytes of {end}", str(path), "copy it again from the microscope"
                )


def _pixels(page: Any, structure: FileStructure, path: Path) -> NDArray[Any]:
    require_like(_plane_type(page, path), structure, path)
    _require_all_parts(page, path)
    pixels: NDArray[Any] = np.ascontiguousarray(page.asarray().reshape(structure.shape), dtype=np.dtype(structure.dtype))
    if pixels.dtype.kind == "f" and not np.isfinite(pixels).all():
        raise FileError("the image holds values that are not finite numbers", str(path), "export it again")
    return pixels


def _require_all_parts(page: Any, path: Path) -> None:
    """Refuse an image of which strips or tiles were never written: they would be read as black."""
    across = -(-page.imagewidth // page.tilewidth) if page.is_tiled else 1
    down = -(-page.imagelength // (page.tilelength if page.is_tiled else page.rowsperstrip))
    empty = sum(not (offset and count) for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True))
    if empty or len(page.dataoffsets) < across * down:
        raise FileError(
            f"{empty + max(0, across * down - len(page.dataoffsets))} of {across * down} parts of the image were never written",
            str(path),
            "copy it again from the microscope",
        )
    whole = page.imagewidth * page.imagelength * page.bitspersample // 8
    if page.compression == 1 and sum(page.databytecounts) < whole:
        raise FileError(f"truncated: {sum(page.databytecounts)} bytes of {whole}", str(path), "copy it again from the microscope")


def _check_pages(file: tifffile.TiffFile, structure: FileStructure, path: Path) -> None:
    require_like(_plane_type(file.pages.first, path), structure, path)
    if len(file.pages) != len(structure.planes):
        raise FileError(
            f"page count mismatch: the file has {len(file.pages)}, the others have {len(structure.planes)}",
            str(path),
            "all files of a plate need the same pages; copy or export this one again",
        )


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
    require_size((height, width), page.dtype.itemsize, path)
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
    if math.prod(sizes.values()) != count:
        raise FileError(
            f"page count mismatch: the metadata describe {math.prod(sizes.values()):.6g} planes, the file holds {count}",
            str(path),
            "copy or export the file again",
        )
    order = [(c, z, t) for t in range(sizes["t"]) for z in range(sizes["z"]) for c in range(sizes["channel"])]
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
