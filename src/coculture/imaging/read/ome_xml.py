"""The few facts this platform needs from OME-XML.

Schema: Open Microscopy Environment, OME 2016-06 (``Pixels``, ``Channel``, ``TiffData``).
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from coculture.errors import FileError
from coculture.imaging.read.sizes import require_count

MICROMETRES = {"µm": 1.0, "μm": 1.0, "um": 1.0, "micron": 1.0, "microns": 1.0, "micrometer": 1.0, "nm": 1e-3, "mm": 1e3}
"""How many µm a length unit is, as written by common software (both signs for micro)."""


@dataclass(frozen=True)
class OmePixels:
    """One image's planes.

    Attributes
    ----------
    sizes : number of channels, planes in z, time points.
    planes : per page of the file its (c, z, t), in page order.
    channel_names : '' where a channel has no name.
    pixel_size_um, significant_bits : None where the file does not say.
    """

    sizes: tuple[int, int, int]
    planes: dict[int, tuple[int, int, int]]
    channel_names: tuple[str, ...]
    pixel_size_um: float | None
    significant_bits: int | None


def parse_ome_xml(text: str, where: str) -> OmePixels:
    """Read the first image of an OME-XML text.

    Raises
    ------
    FileError : if the text is not OME-XML, holds several images, or declares entities.
    """
    if "<!ENTITY" in text or "<!DOCTYPE" in text:
        raise FileError("the OME metadata declare XML entities", where, "export the image again with another program")
    try:
        root = ElementTree.fromstring(text.encode())
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise FileError(f"the OME metadata are broken: {error}", where, "export the image again") from error
    pixels = root.findall(".//{*}Image/{*}Pixels")
    if len(pixels) != 1:
        raise FileError(
            f"the OME metadata describe {len(pixels)} images, one is needed", where, "export one file a field of view"
        )
    return _read_pixels(pixels[0], where)


def _read_pixels(pixels: ElementTree.Element, where: str) -> OmePixels:
    try:
        size_of = {axis: int(pixels.get(f"Size{axis}", "1")) for axis in "CZT"}
        require_count(tuple(size_of.values()), where)
        significant_bits = _significant_bits(pixels)
        pixel_size_um = _pixel_size_um(pixels)
        planes = _planes(pixels, size_of, where)
    except FileError:
        raise
    except ValueError as error:
        raise FileError(f"the OME metadata are broken: {error}", where, "export the image again") from error
    names = tuple(channel.get("Name", "") for channel in pixels.findall("{*}Channel"))
    return OmePixels((size_of["C"], size_of["Z"], size_of["T"]), planes, names, pixel_size_um, significant_bits)


def _significant_bits(pixels: ElementTree.Element) -> int | None:
    text = pixels.get("SignificantBits")
    bits = int(text) if text else None
    if bits is not None and not 1 <= bits <= 64:
        raise ValueError(f"SignificantBits is {bits:.6g}")
    return bits


def _pixel_size_um(pixels: ElementTree.Element) -> float | None:
    """Return the width of a pixel; None where it is not told, or is no length, as some programs write 0."""
    text, unit = pixels.get("PhysicalSizeX"), MICROMETRES.get(pixels.get("PhysicalSizeXUnit", "µm"))
    size = float(text) * unit if text and unit else math.nan
    return size if 0 < size < math.inf else None


def _planes(pixels: ElementTree.Element, size_of: dict[str, int], where: str) -> dict[int, tuple[int, int, int]]:
    """Follow the TiffData elements; without them the pages run through DimensionOrder."""
    order = pixels.get("DimensionOrder", "XYCZT")[2:]
    if sorted(order) != ["C", "T", "Z"]:
        raise ValueError(f"DimensionOrder is {order!r} after X and Y")
    total = size_of["C"] * size_of["Z"] * size_of["T"]
    planes: dict[int, tuple[int, int, int]] = {}
    told = 0
    for entry in pixels.findall("{*}TiffData"):
        first = {axis: int(entry.get(f"First{axis}", "0")) for axis in "CZT"}
        page = int(entry.get("IFD", "0"))
        if page < 0 or any(not 0 <= first[axis] < size_of[axis] for axis in "CZT"):
            raise ValueError("a TiffData element names a plane that is not there")
        start = _rank(first, order, size_of)
        count = int(entry.get("PlaneCount", "1" if entry.get("IFD") else str(total - start)))
        told += max(0, min(count, total - start))
        if told > total:
            raise ValueError("the TiffData elements tell more planes than there are")
        for step in range(min(count, total - start)):
            planes[page + step] = _unrank(start + step, order, size_of)
    if planes and len(planes) != total:
        told_of = f"the OME metadata describe {total} planes and say of {len(planes)} in which page they lie"
        raise FileError(
            told_of, where, "export each field of view as one file; a set of files that share one description is not read"
        )
    return planes or {page: _unrank(page, order, size_of) for page in range(total)}


def _rank(position: dict[str, int], order: str, size_of: dict[str, int]) -> int:
    rank, stride = 0, 1
    for axis in order:
        rank += position[axis] * stride
        stride *= size_of[axis]
    return rank


def _unrank(rank: int, order: str, size_of: dict[str, int]) -> tuple[int, int, int]:
    position = {}
    for axis in order:
        rank, position[axis] = divmod(rank, size_of[axis])
    return position["C"], position["Z"], position["T"]
