"""The few facts this platform needs from OME-XML.

Schema: Open Microscopy Environment, OME 2016-06 (``Pixels``, ``Channel``, ``TiffData``).
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from coculture.errors import FileError

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
    except ElementTree.ParseError as error:
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
        bits = pixels.get("SignificantBits")
        significant_bits = int(bits) if bits else None
        size = pixels.get("PhysicalSizeX")
        unit = MICROMETRES.get(pixels.get("PhysicalSizeXUnit", "µm"))
        pixel_size_um = float(size) * unit if size and unit else None
        planes = _planes(pixels, size_of)
    except ValueError as error:
        raise FileError(f"the OME metadata are broken: {error}", where, "export the image again") from error
    names = tuple(channel.get("Name", "") for channel in pixels.findall("{*}Channel"))
    return OmePixels((size_of["C"], size_of["Z"], size_of["T"]), planes, names, pixel_size_um, significant_bits)


def _planes(pixels: ElementTree.Element, size_of: dict[str, int]) -> dict[int, tuple[int, int, int]]:
    """Follow the TiffData elements; without them the pages run through DimensionOrder."""
    order = pixels.get("DimensionOrder", "XYCZT")[2:]
    total = size_of["C"] * size_of["Z"] * size_of["T"]
    planes: dict[int, tuple[int, int, int]] = {}
    for entry in pixels.findall("{*}TiffData"):
        first = {axis: int(entry.get(f"First{axis}", "0")) for axis in "CZT"}
        page = int(entry.get("IFD", "0"))
        start = _rank(first, order, size_of)
        count = int(entry.get("PlaneCount", "1" if entry.get("IFD") else str(total - start)))
        for step in range(min(count, total - start)):
            planes[page + step] = _unrank(start + step, order, size_of)
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
