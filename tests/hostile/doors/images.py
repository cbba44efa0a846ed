"""Images people bring: TIFF, the OME and ImageJ metadata in it, OME-Zarr plates, names of files and patterns for them."""

from __future__ import annotations

import base64
import io
import json
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from door import NOTHING_ASKED, Door
from numpy.typing import NDArray

from coculture.imaging.read import open_images
from coculture.imaging.read.tiff import check_file, inspect_tiff, read_planes
from coculture.plate.layout import Layout
from coculture.store.images.field import FieldImages
from coculture.store.images.plate import create_plate, plate_images_path
from coculture.store.images.writing import write_well_images

LAYOUT = Layout.of(96)
PIXELS = (np.arange(16 * 20, dtype=np.uint16) * 37 % 4096).reshape(16, 20)
SECRET = 54_321
"""The grey of an image that lies outside of the plate; nobody may ever see it."""


def tiff(pixels: NDArray[Any] = PIXELS, **options: Any) -> bytes:
    """Return pixels as a TIFF file."""
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **({"metadata": None} | options))
    return file.getvalue()


def plain_pixels(data: bytes) -> NDArray[Any] | None:
    """Read the first page by the letter of TIFF 6.0: strips, uncompressed or deflated, 8 to 32 bits; None for all else."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        return None
    (at,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, at)
    tags: dict[int, tuple[int, ...]] = {}
    for number in range(count):
        code, kind, n = struct.unpack_from(order + "HHI", data, at + 2 + 12 * number)
        letter, size = {1: ("B", 1), 3: ("H", 2), 4: ("I", 4)}.get(kind, ("", 0))
        if not letter or code in tags:
            continue
        place = at + 10 + 12 * number
        start = place if n * size <= 4 else struct.unpack_from(order + "I", data, place)[0]
        if start + n * size <= len(data):
            tags[code] = struct.unpack_from(f"{order}{n}{letter}", data, start)
    compression, bits = tags.get(259, (1,))[0], tags.get(258, (1,))[0]
    usual = (
        compression in (1, 8) and bits in (8, 16, 32) and not {317, 322, 323, 32997} & set(tags) and tags.get(266, (1,)) == (1,)
    )
    if not usual or tags.get(339, (1,))[0] != 1 or tags.get(277, (1,))[0] != 1:
        return None
    if 279 not in tags and len(tags[273]) == 1 and compression == 1:  # older than TIFF 6.0
        tags[279] = (tags[256][0] * tags[257][0] * bits // 8,)
    parts = [data[o : o + n] for o, n in zip(tags[273], tags[279], strict=True)]
    whole = b"".join(zlib.decompress(part) if compression == 8 else part for part in parts)
    (width,), (height,) = tags[256], tags[257]
    rows = min(tags.get(278, (height,))[0], height)
    if compression == 1:
        strips = [part[: rows * width * bits // 8] for part in parts]
        whole = b"".join(strips)
    return np.frombuffer(whole, f"{order}u{bits // 8}", width * height).reshape(height, width)


def tiff_account(path: Path) -> str:
    """Read every page, and compare the first with a reading of our own."""
    structure = inspect_tiff(path)
    check_file(path, structure)
    planes = read_planes(path, range(len(structure.planes)), structure)
    told = [f"{plane.shape} {plane.dtype} {zlib.crc32(plane.tobytes())}" for plane in planes]
    assert all((plane.shape, str(plane.dtype)) == (structure.shape, structure.dtype) for plane in planes)
    expected = plain_pixels(path.read_bytes())
    if expected is not None:
        np.testing.assert_array_equal(planes[0], expected, err_msg="pixels unlike those of an independent reading")
    return "\n".join(told)


def tiff_seeds() -> dict[str, bytes]:
    """Return TIFF files of many kinds."""
    stack, square = np.stack([PIXELS] * 3), np.tile(PIXELS, (4, 4))
    return {
        "plain": tiff(),
        "strips": tiff(rowsperstrip=4),
        "big-endian": tiff(byteorder=">"),
        "deflated": tiff(compression="zlib", rowsperstrip=4),
        "LZW": tiff(compression="lzw"),
        "zstd": tiff(compression="zstd"),
        "tiles": tiff(square, tile=(32, 32), compression="zlib"),
        "BigTIFF": tiff(bigtiff=True),
        "8 bit": tiff(PIXELS.astype(np.uint8)),
        "float": tiff(PIXELS.astype(np.float32)),
        "signed": tiff(PIXELS.astype(np.int16)),
        "ImageJ": tiff(stack, imagej=True, metadata={"axes": "CYX"}),
        "OME": tiff(stack, ome=True, metadata={"axes": "CYX"}),
        "predictor": tiff(compression="zlib", predictor=True),
    }


def described_account(path: Path) -> str:
    """Read six pages of which the description, this file's text, says what they are; the account is the whole index."""
    image = path.parent / "A01_s1.tif"
    with tifffile.TiffWriter(image) as writer:
        for number in range(6):
            writer.write(
                np.full((8, 8), number, np.uint16),
                description=path.read_bytes() if number == 0 else None,
                metadata=None,
                contiguous=False,
            )
    index = open_images(path.parent, "plain", {"dna": "1"}, layout=LAYOUT, z="max", pixel_size_um=1.0, time_step_min=5.0)
    index.verify()
    fields = [index.read("input", "A01", 1, t) for t in index.times("input", "A01", 1)]
    greys = [np.unique(field.pixels).tolist() for field in fields]
    assert all(0 <= grey <= 5 for grey in (one for some in greys for one in some))
    return f"{index.frame.to_csv(index=False)}\n{index.channels} {index.max_value} {greys}\n{index.notes}"


OME = """<?xml version="1.0" encoding="UTF-8"?>
<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0" Name="A01">
<Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint16" SizeX="8" SizeY="8" SizeC="2" SizeZ="3" SizeT="1" SignificantBits="12"
 PhysicalSizeX="0.65" PhysicalSizeXUnit="um"><Channel ID="Channel:0:0" Name="dna"/><Channel ID="Channel:0:1" Name="gfp"/>
<TiffData FirstC="0" FirstZ="0" FirstT="0" IFD="0" PlaneCount="3"/>
<TiffData FirstC="1" FirstZ="1" FirstT="0" IFD="3" PlaneCount="3"/>
</Pixels></Image></OME>"""
IMAGEJ = "ImageJ=1.54f\nimages=6\nchannels=2\nslices=3\nhyperstack=true\nmode=grayscale\nunit=micron\nmin=0.0\nmax=5.0\n"


def plate_files() -> dict[str, Any]:
    """Return a small plate of two wells as {path: text, or base64 of bytes}."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = plate_images_path(Path(folder), "P1")
        create_plate(path, plate="P1", wells=["A01", "A02"])
        for well in ("A01", "A02"):
            write_well_images(path, well, [FieldImages(1, 0.0, np.stack([PIXELS] * 2), ("dna", "gfp"), 0.65)])
        found: dict[str, Any] = {}
        for file in sorted(path.rglob("*")):
            if file.is_file():
                text = file.name.endswith(".json")
                content = file.read_text() if text else base64.b64encode(file.read_bytes()).decode()
                found[file.relative_to(path).as_posix()] = json.loads(content) if text else {"base64": content}
        return found


def lay_out(files: dict[str, Any], folder: Path) -> None:
    """Write the files of a plate: documents, bytes, texts as they stand, and links."""
    for name, content in files.items():
        path = folder / name
        if not isinstance(name, str) or "\0" in name or not path.resolve().is_relative_to(folder.resolve()) or len(name) > 200:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict) and set(content) == {"link"}:
            path.symlink_to(content["link"])
        elif isinstance(content, dict) and set(content) == {"base64"}:
            path.write_bytes(base64.b64decode(content["base64"]))
        elif isinstance(content, dict) and set(content) == {"text"}:
            path.write_text(content["text"])
        else:
            path.write_text(json.dumps(content))


def zarr_account(path: Path) -> str:
    """Lay the plate out beside an image that is not its own, and read it."""
    try:
        files = json.loads(path.read_bytes())
        lay_out(files, path.parent / "plate.zarr")
    except (ValueError, OSError, TypeError, AttributeError, RecursionError):
        return NOTHING_ASKED
    outside = plate_images_path(path.parent, "outside")
    create_plate(outside, plate="outside", wells=["A01"])
    write_well_images(outside, "A01", [FieldImages(1, 0.0, np.full((2, 16, 20), SECRET, np.uint16), ("dna", "gfp"), 0.65)])
    index = open_images(
        path.parent / "plate.zarr", "ome-zarr", {"dna": "1"}, layout=LAYOUT, z="max", pixel_size_um=0.65, time_step_min=1.0
    )
    index.verify()
    told = [index.frame.to_csv(index=False)]
    for plate in index.plates:
        for well in index.wells(plate)[:3]:
            for site in index.sites(plate, well)[:3]:
                pixels = index.read(plate, well, site, index.times(plate, well, site)[0]).pixels
                assert not (pixels == SECRET).any(), "an image from outside of the plate was read"
                told.append(f"{pixels.shape} {pixels.dtype} {zlib.crc32(pixels.tobytes())}")
    return "\n".join(told)


def names_account(path: Path) -> str:
    """Make files of the asked names and open them with the asked pattern."""
    try:
        asked = json.loads(path.read_bytes())
        pattern, names = str(asked["pattern"]), [str(name).encode("utf-8", "surrogateescape") for name in asked["names"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return NOTHING_ASKED
    folder = os.fsencode(path.parent / "images")
    os.mkdir(folder)
    for name in names[:50]:
        if name and b"\0" not in name and b".." not in name and len(name) <= 255 and not name.startswith(b"/"):
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            if not os.path.isdir(os.path.join(folder, name)):
                Path(os.fsdecode(os.path.join(folder, name))).write_bytes(SMALL)
    index = open_images(
        path.parent / "images", pattern, {"dna": "dna"}, layout=LAYOUT, z="max", pixel_size_um=1.0, time_step_min=1.0
    )
    for plate in index.plates:
        assert plate
        for well in index.wells(plate):
            index.read(plate, well, index.sites(plate, well)[0], index.times(plate, well, index.sites(plate, well)[0])[0])
    return index.frame.to_csv(index=False)


SMALL = tiff(PIXELS[:4, :4])


def names_of(pattern: str, *names: str) -> bytes:
    """Return an order for the door of names."""
    return json.dumps({"pattern": pattern, "names": names}).encode()


OWN = r"(?P<plate>[^_]+)_(?P<row>[A-H])(?P<column>\d+)_(?P<site>\d+)_(?P<channel>\w+)\.tif"
_XML = (
    b"&x;",
    b"<Pixels>",
    b"</Pixels>",
    b"SizeC=",
    b"TiffData",
    b'FirstC="-1"',
    b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    b"<a>" * 3000,
    b"XYTZC",
    b"<!-- -->",
    b"<![CDATA[",
    b'IFD="9"',
)
_JSON = (
    b"null",
    b"[]",
    b"{}",
    b'"../.."',
    b'"/etc"',
    b'".."',
    b"1e999",
    b"4000000000",
    b'"blosc"',
    b'"\\u0000"',
    b"true",
    b'"float16"',
    b'"gzip"',
    b'{"link": "/"}',
    b'{"link": "."}',
)
_REGEX = (
    b".*",
    b"(a|a)",
    b"(?:x?)",
    b"(?=",
    b"\\\\1",
    b"[",
    b"{99}",
    b"(?P<t>.*)",
    b"(?i)",
    b"(?x)#)",
    b"\\\\d+",
    b"\\udc80",
    b"\\n",
    b"\\u202e",
    b"<script>",
    b"a" * 240,
)

DOORS = (
    Door(
        "TIFF",
        "A01_s1_dna.tif",
        tiff_account,
        tiff_seeds,
        (b"\0" * 4, b"\xff" * 4, b"\xff\xff", b"\0\0", b"\1\0", b"\x08\0\0\0"),
        3.0,
    ),
    Door("OME-XML", "description.xml", described_account, lambda: {"OME": OME.encode()}, _XML),
    Door(
        "ImageJ",
        "description.txt",
        described_account,
        lambda: {"ImageJ": IMAGEJ.encode()},
        (b"images=", b"channels=0", b"slices=1e9"),
    ),
    Door("OME-Zarr", "plate.json", zarr_account, lambda: {"plate": json.dumps(plate_files()).encode()}, _JSON, 1.5),
    Door(
        "file names",
        "names.json",
        names_account,
        lambda: {
            "own": names_of(OWN, "P1_A01_1_dna.tif", "P1_A02_1_dna.tif", "P 2_B01_1_dna.tif"),
            "plain": names_of("plain", "A01_s1_dna.tif", "A02_s1_dna.tif", "B/A03_s1_dna.tif"),
        },
        _REGEX,
    ),
)
