"""Files an enemy would make by hand: TIFF headers that claim what they like, plates that point elsewhere, bombs."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import struct
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import tifffile
from doors.images import OME, PIXELS, plate_files, tiff

_ZEROS = bytes(2**26)
"""Zeros, which every compression makes next to nothing of."""


def header(change: dict[int, tuple[str, Any]] | None = None, *, pixels: bytes = PIXELS.tobytes(), following: int = 0) -> bytes:
    """Return a little-endian TIFF of one strip whose tags are changed: code -> (format, value or values); None leaves a tag out.

    ``following`` is where the next page is said to be.
    """
    tags: dict[int, Any] = {256: ("I", 20), 257: ("I", 16), 258: ("H", 16), 259: ("H", 1), 262: ("H", 1), 273: ("I", 8)}
    tags |= {277: ("H", 1), 278: ("I", 16), 279: ("I", len(pixels)), **(change or {})}
    tags = {code: told for code, told in tags.items() if told is not None}
    start = 8 + len(pixels)
    extra, entries = b"", b""
    for code, (letter, value) in sorted(tags.items()):
        values = value if isinstance(value, tuple) else (value,)
        data = struct.pack(f"<{len(values)}{letter}", *values)
        if len(data) > 4:
            place = start + 2 + 12 * len(tags) + 4 + len(extra)
            extra, data = extra + data, struct.pack("<I", place)
        entries += struct.pack("<HHI", code, {"B": 1, "H": 3, "I": 4, "i": 9}[letter], len(values)) + data.ljust(4, b"\0")
    return (
        b"II*\0"
        + struct.pack("<I", start)
        + pixels
        + struct.pack("<H", len(tags))
        + entries
        + struct.pack("<I", following)
        + extra
    )


def compressed(kind: int, content: bytes, side: int = 16_000) -> bytes:
    """Return a TIFF of side x side 8-bit pixels in one compressed strip."""
    change = {256: ("I", side), 257: ("I", side), 258: ("H", 8), 259: ("H", kind), 278: ("I", side)}
    return header({**change, 279: ("I", len(content))}, pixels=content)


def chain(*, back: int) -> bytes:
    """Return a TIFF whose page says the next one is at ``back``: at itself, or outside of the file."""
    data = header()
    own = struct.unpack_from("<I", data, 4)[0]
    return header(following=own if back == 0 else back)


@cache
def TIFFS() -> dict[str, tuple[bytes, str]]:
    """Return the headers, by name, with what the refusal has to say."""
    import imagecodecs

    long = 4_000_000_000
    return {
        "4 billion wide": (header({256: ("I", long)}), "4000000000 x 16"),
        "4 billion each way": (header({256: ("I", long), 257: ("I", long)}), "cannot be used"),
        "60 000 each way": (header({256: ("I", 60_000), 257: ("I", 60_000)}), "larger than"),
        "no width": (header({256: ("I", 0)}), "0 x 16"),
        "width left out": (header({256: None}), "image"),
        "17 bits": (header({258: ("H", 17)}), "A01_s1_dna.tif"),
        "64 bits": (header({258: ("H", 64)}), "A01_s1_dna.tif"),
        "no bits": (header({258: ("H", 0)}), "image"),
        "colour": (header({277: ("H", 3), 258: ("H", (8, 8, 8)), 262: ("H", 2)}), "colour"),
        "65535 colours": (header({277: ("H", 65_535)}), "image"),
        "planes apart": (header({277: ("H", 3), 284: ("H", 2)}), "colour"),
        "white is zero": (header({262: ("H", 0)}), "MINISWHITE"),
        "complex": (tiff(PIXELS.astype(np.complex64)), "complex64"),
        "strip of 4 GB": (header({279: ("I", 2**32 - 1)}), "truncated"),
        "strip of none": (header({279: ("I", 0)}), "never written"),
        "strip too short": (header({279: ("I", 100)}), "truncated"),
        "strip outside": (header({273: ("I", 2**31)}), "truncated"),
        "strip at a negative place": (header({273: ("i", -8)}), "image"),
        "rows a strip none": (header({278: ("I", 0)}), "image"),
        "tiles without place": (header({322: ("I", 16), 323: ("I", 16), 273: None, 279: None}), "image"),
        "compression nobody knows": (header({259: ("H", 34_999)}), "image"),
        "page outside the file": (header()[:4] + struct.pack("<I", 2**31) + header()[8:], "image"),
        "deflate bomb": (compressed(8, zlib.compress(_ZEROS, 1), 60_000), "larger than"),
        "half a strip deflated": (compressed(8, zlib.compress(b"\1" * 1000)), "image"),
        "half a strip LZW": (compressed(5, imagecodecs.lzw_encode(b"\1" * 1000)), "image"),
        "half a strip zstd": (compressed(50_000, imagecodecs.zstd_encode(b"\1" * 1000)), "image"),
        "not a number": (tiff(np.where(PIXELS > 9, np.nan, PIXELS).astype(np.float32)), "not finite"),
        "infinite": (tiff(np.where(PIXELS > 9, np.inf, PIXELS).astype(np.float32)), "not finite"),
        "unlike pages": (unlike_pages(), "pages"),
        "empty": (b"", "empty"),
        "a header alone": (b"II*\0", "image"),
        "text": (b"This is no image.\n" * 9, "image"),
        "lying ImageJ": (
            tiff(np.stack([PIXELS] * 3), imagej=True, metadata={"axes": "CYX"}).replace(b"channels=3", b"channels=9"),
            "page",
        ),
    }


def unlike_pages() -> bytes:
    """Return two pages of different sizes."""
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(PIXELS, metadata=None)
        writer.write(PIXELS[:4], metadata=None)
    return file.getvalue()


@cache
def bombs() -> dict[str, bytes]:
    """Return compressed strips that become far more than is declared, or as much: read or refused."""
    return {
        "deflate, 1000 times too much": compressed(8, zlib.compress(_ZEROS, 1), 500),
        "deflate, twice, as told": compressed(8, zlib.compress(bytes(8_000**2), 1), 8_000),
    }


ENTITIES = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
OUTSIDE = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE l [<!ENTITY % x SYSTEM "http://localhost/x.dtd"> %x;]>'


@cache
def metadata() -> dict[str, tuple[str, str]]:
    """Return OME-XML of an enemy, by name, with what the refusal has to say."""
    body = OME.partition("?>")[2]
    other = '<TiffData FirstT="1" IFD="0" PlaneCount="6"><UUID FileName="../../x.tif"/></TiffData><TiffData'
    return {
        "billion laughs": (ENTITIES + "]>" + body.replace('Name="dna"', 'Name="&j;"'), "entities"),
        "a file outside": (OUTSIDE + body.replace('Name="dna"', 'Name="&x;"'), "entities"),
        "parameter entity": (PARAMETER + body, "entities"),
        "entity nobody declared": (body.replace('Name="dna"', 'Name="&x;"'), "broken"),
        "UTF-16 that is none": ('<?xml version="1.0" encoding="UTF-16"?>' + body, "broken"),
        "UTF-7": ('<?xml version="1.0" encoding="UTF-7"?>' + body, "broken"),
        "deep": ("<a>" * 100_000 + "</a>" * 100_000 + body + "</OME>", "broken"),
        "no pixels": (body.replace("Pixels", "Dots"), "0 images"),
        "two images": (body.replace("</Pixels>", '</Pixels><Pixels SizeX="1"/>'), "2 images"),
        "a billion channels": (body.replace('SizeC="2"', 'SizeC="1000000000"'), "100000 planes"),
        "10^27 planes": (body.replace('SizeC="2" SizeZ="3"', 'SizeC="999999999" SizeZ="999999999"'), "100000 planes"),
        "no channel": (body.replace('SizeC="2"', 'SizeC="0"'), "100000 planes"),
        "9 of 6 planes": (body.replace('SizeZ="3"', 'SizeZ="9"'), "18 planes and say of 6"),
        "bits without end": (body.replace('SignificantBits="12"', 'SignificantBits="999999999999"'), "SignificantBits"),
        "negative bits": (body.replace('SignificantBits="12"', 'SignificantBits="-5"'), "SignificantBits"),
        "an order of four": (body.replace("XYCZT", "XYCCC"), "DimensionOrder"),
        "pages outside": (body.replace('IFD="3"', 'IFD="-3"'), "not there"),
        "planes twice": (body.replace('PlaneCount="3"', 'PlaneCount="6"'), "more planes"),
        "in other files": (body.replace('SizeT="1"', 'SizeT="2"').replace("<TiffData", other, 1), "12 planes and say of 6"),
    }  # fmt: skip


def _array(change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return the plate with the metadata of one full-size image changed."""
    files = plate_files()
    change(files["A/01/1/0/zarr.json"])
    return json.dumps(files).encode()


def _group(place: str, change: Callable[[dict[str, Any]], None]) -> bytes:
    files = plate_files()
    change(files[f"{place}/zarr.json".lstrip("/")]["attributes"]["ome"])
    return json.dumps(files).encode()


def old_array(codec: str | None, chunk: bytes, shape: tuple[int, ...] = (16, 20)) -> bytes:
    """Return a plate of one image in Zarr 2, where each chunk is one compressed text."""
    axes = [{"name": name, "type": "space", "unit": "micrometer"} for name in "yx"]
    transform = [{"type": "scale", "scale": [0.65, 0.65]}]
    scales = [{"version": "0.4", "axes": axes, "datasets": [{"path": "0", "coordinateTransformations": transform}]}]
    array = {"zarr_format": 2, "shape": shape, "chunks": shape, "dtype": "<u2", "order": "C", "fill_value": 0, "filters": None}
    array["compressor"] = None if codec is None else {"id": codec}
    wells = [{"path": "A/01", "rowIndex": 0, "columnIndex": 0}]
    files: dict[str, Any] = {
        ".zgroup": {"zarr_format": 2},
        ".zattrs": {
            "plate": {"name": "P1", "version": "0.4", "wells": wells, "rows": [{"name": "A"}], "columns": [{"name": "01"}]}
        },
        "A/01/.zattrs": {"well": {"version": "0.4", "images": [{"path": "0"}]}},
        "A/01/0/.zattrs": {"multiscales": scales},
        "A/01/0/0/.zarray": array,
        "A/01/0/0/0.0": {"base64": base64.b64encode(chunk).decode()},
    }
    return json.dumps(files).encode()


@cache
def PLATES() -> dict[str, tuple[bytes, str]]:
    """Return plates of an enemy, by name, with what the refusal has to say."""
    import imagecodecs

    def image(path: object) -> bytes:
        return _group("A/01", lambda ome: ome["well"]["images"][0].update(path=path))

    def level(path: object) -> bytes:
        return _group("A/01/1", lambda ome: ome["multiscales"][0]["datasets"][0].update(path=path))

    def well(path: object) -> bytes:
        return _group("", lambda ome: ome["plate"]["wells"][0].update(path=path))

    def wordy(ome: dict[str, Any]) -> None:
        ome["multiscales"][0]["datasets"][0]["coordinateTransformations"][0].update(scale=["a"] * 3)

    whole = plate_files()
    elsewhere = "../../../images/outside.zarr/A/01/1"
    linked = {name: content for name, content in plate_files().items() if not name.startswith("A/01/1/")}
    deep = "[" * 100_000
    many = [{"path": "1"}] * 20_000
    return {
        "image above": (image(elsewhere), "leads out"),
        "absolute image": (image("/etc"), "leads out"),
        "level above": (level("../../../" + elsewhere + "/0"), "leads out"),
        "absolute level": (level("/proc/self"), "leads out"),
        "level of nothing": (level(""), "leads out"),
        "NUL in a path": (image("1\0"), "leads out"),
        "well above": (well("../A/01"), "leads out"),
        "well absolute": (well("//A/01/.."), "leads out"),
        "link to another plate": (json.dumps(linked | {"A/01/1": {"link": elsewhere}}).encode(), "leads out"),
        "link to itself": (json.dumps(linked | {"A/01/1": {"link": "1"}}).encode(), "A/01/1"),
        "4 billion pixels": (_array(lambda a: a.update(shape=[2, 4_000_000_000, 4_000_000_000])), "cannot be"),
        "a billion channels": (_array(lambda a: a.update(shape=[1_000_000_000, 16, 20])), "planes"),
        "no axes": (_array(lambda a: a.update(shape=[])), "image"),
        "negative shape": (_array(lambda a: a.update(shape=[2, -16, 20])), "image"),
        "codec nobody knows": (_array(lambda a: a.update(codecs=[{"name": "evil"}])), "cannot be opened"),
        "text as pixels": (_array(lambda a: a.update(data_type="string")), "image"),
        "array of no format": (_array(lambda a: a.update(zarr_format=9)), "image"),
        "many images": (_group("A/01", lambda ome: ome["well"].update(images=many)), "20000 wells or images"),
        "metadata left out": (json.dumps({n: c for n, c in whole.items() if n != "A/01/zarr.json"}).encode(), "no zarr.json"),
        "deep metadata": (json.dumps(plate_files() | {"A/01/zarr.json": {"text": deep}}).encode(), "too deeply"),
        "a list as metadata": (json.dumps(plate_files() | {"A/01/zarr.json": [1]}).encode(), "broken"),
        "scale of words": (_group("A/01/1", wordy), "metadata"),
        "gzip bomb": (old_array("gzip", gzip.compress(_ZEROS, 1)), "more than it may"),
        "zlib bomb": (old_array("zlib", zlib.compress(_ZEROS, 1)), "more than it may"),
        "bz2 bomb": (old_array("bz2", bz2.compress(_ZEROS, 1)), "more than it may"),
        "lzma bomb": (old_array("lzma", lzma.compress(_ZEROS, preset=0)), "more than it may"),
        "zstd bomb": (old_array("zstd", imagecodecs.zstd_encode(_ZEROS)), "more than it may"),
        "blosc bomb": (old_array("blosc", imagecodecs.blosc_encode(_ZEROS)), "more than it may"),
        "chunk of 8 GB": (old_array("zlib", b"", (65_000, 65_000)), "larger than"),
        "chunk cut short": (old_array("zlib", zlib.compress(PIXELS.tobytes())[:50]), "damaged"),
    }  # fmt: skip
