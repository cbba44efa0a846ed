"""TIFF files of every kind: types, pages, metadata, and damage."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from coculture.errors import FileError, InputError
from coculture.imaging.read import ImageIndex, open_images
from coculture.imaging.read.ome_xml import parse_ome_xml
from coculture.imaging.read.tiff import inspect_tiff
from coculture.plate.layout import Layout


def opened(folder: Path, channels: dict[str, str] | None = None, **more: Any) -> ImageIndex:
    return open_images(folder, "plain", channels or {"dna": "1"}, **({"layout": Layout.of(96), "pixel_size_um": 1.0} | more))


def only_field(folder: Path, channels: dict[str, str] | None = None, **more: Any) -> Any:
    index = opened(folder, channels, **more)
    return index.read(index.plates[0], "A01", 1)


def stack(*lead: int) -> np.ndarray[Any, np.dtype[np.uint16]]:
    """Planes of 6 x 8 pixels, each filled with its own number."""
    numbers = np.arange(math.prod(lead), dtype=np.uint16).reshape(*lead, 1, 1)
    return np.ascontiguousarray(np.broadcast_to(numbers, (*lead, 6, 8)))


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "uint32", "float32", "float64"])
@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_every_pixel_reads_back(tmp_path: Path, dtype: str, byteorder: Any, compression: str | None) -> None:
    image = np.random.default_rng(1).uniform(0, 100, (33, 70)).astype(dtype)
    tifffile.imwrite(tmp_path / "A01.tif", image, byteorder=byteorder, compression=compression, tile=(16, 32), metadata=None)
    field = only_field(tmp_path)
    assert field.pixels.dtype == np.dtype(dtype)
    assert field.pixels.dtype.isnative
    np.testing.assert_array_equal(field.pixels[0], image)
    opened(tmp_path).verify()


@pytest.mark.parametrize(
    ("dtype", "bit_depth", "ceiling"),
    [("uint8", None, 255), ("uint16", None, 65535), ("uint16", 14, 16383), ("float32", None, math.inf), ("float32", 8, 255)],
)
def test_the_ceiling(tmp_path: Path, dtype: str, bit_depth: int | None, ceiling: float) -> None:
    tifffile.imwrite(tmp_path / "A01.tif", np.ones((6, 8), dtype), metadata=None)
    assert only_field(tmp_path, bit_depth=bit_depth).max_value == ceiling


@pytest.mark.parametrize(("value", "ceiling"), [(4095, 4095), (4000, 65535), (16383, 16383)])
def test_the_ceiling_from_the_tag_max_sample_value(tmp_path: Path, value: int, ceiling: int) -> None:
    tifffile.imwrite(tmp_path / "A01.tif", stack(), metadata=None, extratags=[(281, "H", 1, value, True)])
    assert only_field(tmp_path).max_value == ceiling


def test_ome_tiff_tells_channels_planes_and_times(tmp_path: Path) -> None:
    metadata = {
        "axes": "TCZYX",
        "Channel": {"Name": ["Hoechst", "GFP"]},
        "PhysicalSizeX": 325,
        "PhysicalSizeXUnit": "nm",
        "SignificantBits": 12,
    }
    tifffile.imwrite(tmp_path / "A01.ome.tif", stack(2, 2, 3), ome=True, metadata=metadata)
    index = opened(tmp_path, {"gfp": "gfp", "dna": "1"}, z="max", pixel_size_um=None, time_step_min=5)
    assert (index.pixel_size_um, index.max_value) == (0.325, 4095)
    second = index.read(tmp_path.name, "A01", 1, 1)
    assert second.t_min == 5
    assert second.pixels[:, 0, 0].tolist() == [11, 8]  # highest plane of: time 1, GFP 9..11; Hoechst 6..8
    assert opened(tmp_path, {"gfp": "2"}, z=1, time_step_min=5).read(tmp_path.name, "A01", 1).pixels[0, 0, 0] == 4
    assert opened(tmp_path, {"gfp": "2"}, z="max", time_step_min=5, pixel_size_um=0.65).notes == (
        "the files say a pixel is 0.325 µm wide; the stated 0.65 µm is used",
    )
    with pytest.raises(InputError, match=r"no image has the channel 'RFP'\n.*'1' \(Hoechst\): 6, '2' \(GFP\): 6"):
        opened(tmp_path, {"rfp": "RFP"})


def test_imagej_stacks(tmp_path: Path) -> None:
    metadata = {"axes": "ZCYX", "unit": "um"}
    tifffile.imwrite(tmp_path / "A01.tif", stack(3, 2), imagej=True, metadata=metadata, resolution=(4, 4))
    index = opened(tmp_path, {"dna": "1", "gfp": "2"}, z=2, pixel_size_um=None)
    assert index.pixel_size_um == 0.25
    assert index.read(tmp_path.name, "A01", 1).pixels[:, 0, 0].tolist() == [4, 5]


def test_pages_without_metadata_must_be_explained(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "A01.tif") as file:
        for plane in stack(3):
            file.write(plane, metadata=None)
    with pytest.raises(FileError, match="the file has 3 pages and does not say whether they are channels"):
        opened(tmp_path)
    assert only_field(tmp_path, {"gfp": "3", "dna": "1"}, pages="channel").pixels[:, 0, 0].tolist() == [2, 0]
    assert only_field(tmp_path, z="max", pages="z").pixels[0, 0, 0] == 2
    index = opened(tmp_path, pages="t", time_step_min=2)
    assert index.read(tmp_path.name, "A01", 1, 2).pixels[0, 0, 0] == 2
    index.verify()


def test_pages_and_names_may_not_tell_the_same_thing(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "A01_dna.tif") as file:
        for plane in stack(2):
            file.write(plane, metadata=None)
    with pytest.raises(FileError, match="the names tell channel and the files' pages hold several of it too"):
        opened(tmp_path, {"dna": "dna"}, pages="channel")
    assert only_field(tmp_path, {"dna": "dna"}, pages="z", z="max").pixels[0, 0, 0] == 1


def test_files_with_other_pages_are_refused(tmp_path: Path) -> None:
    for name, planes in (("A01", 2), ("A02", 2), ("A03", 3)):
        tifffile.imwrite(tmp_path / f"{name}.tif", stack(planes), imagej=True, metadata={"axes": "CYX"})
    with pytest.raises(FileError, match=r"A03.*uint16, 3 pages; most are .* 2 pages"):
        opened(tmp_path, {"dna": "1"})
    (tmp_path / "A03.tif").unlink()
    index = opened(tmp_path, {"dna": "1"})
    tifffile.imwrite(tmp_path / "A02.tif", stack(1)[0], metadata=None)
    with pytest.raises(FileError, match="page count mismatch: the file has 1, the others have 2"):
        index.read(tmp_path.name, "A02", 1)
    tifffile.imwrite(tmp_path / "A02.tif", stack(2), imagej=True, metadata={"axes": "ZYX"})
    with pytest.raises(FileError, match="its pages are arranged unlike the other files'"):
        index.verify()


def test_channels_named_in_another_order_are_refused(tmp_path: Path) -> None:
    for name, order in (("A01", ["a", "b"]), ("A02", ["a", "b"]), ("A03", ["b", "a"])):
        tifffile.imwrite(tmp_path / f"{name}.ome.tif", stack(2), ome=True, metadata={"axes": "CYX", "Channel": {"Name": order}})
    with pytest.raises(FileError, match=r"A03.*2 pages \(b, a\); most are .*2 pages \(a, b\)"):
        opened(tmp_path, {"dna": "a"})


def test_metadata_that_promise_more_pages(tmp_path: Path) -> None:
    path = tmp_path / "A01.ome.tif"
    tifffile.imwrite(path, stack(3), ome=True, metadata={"axes": "CYX"})
    path.write_bytes(path.read_bytes().replace(b'SizeC="3"', b'SizeC="9"').replace(b'PlaneCount="3"', b'PlaneCount="9"'))
    with pytest.raises(FileError, match="page count mismatch: the metadata describe 9 planes, the file holds 3"):
        opened(tmp_path)


@pytest.mark.parametrize(
    ("writing", "message"),
    [
        ({"data": np.zeros((6, 8, 3), np.uint8), "photometric": "rgb"}, r"this is a colour image \(3 values a pixel\)"),
        ({"data": np.zeros((6, 8), np.uint8), "photometric": "miniswhite"}, "the image's colour scheme is MINISWHITE"),
        ({"data": np.zeros((6, 8), np.complex64)}, "pixels of type complex64 cannot be measured"),
        ({"data": np.full((6, 8), np.nan, np.float32)}, "the image holds values that are not finite numbers"),
        (
            {
                "data": np.zeros((6, 8), np.uint8),
                "photometric": "palette",
                "colormap": np.random.default_rng(0).integers(0, 65535, (3, 256)).astype(np.uint16),
            },
            "the image's colour scheme is PALETTE, so its numbers are not brightness",
        ),
    ],
)
def test_pictures_that_cannot_be_measured(tmp_path: Path, writing: dict[str, Any], message: str) -> None:
    tifffile.imwrite(tmp_path / "A01.tif", metadata=None, **writing)
    with pytest.raises(FileError, match=message) as caught:
        only_field(tmp_path)
    assert "A01.tif" in caught.value.problems[0].where


def test_a_palette_that_only_brightens_is_grey(tmp_path: Path) -> None:
    image = np.arange(48, dtype=np.uint8).reshape(6, 8)
    ramp = np.tile(np.arange(256, dtype=np.uint16) * 257, (3, 1))
    tifffile.imwrite(tmp_path / "A01.tif", image, photometric="palette", colormap=ramp, metadata=None)
    np.testing.assert_array_equal(only_field(tmp_path).pixels[0], image)


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("keep", [0, 3, 60, 0.4, 0.999])
def test_a_cut_file_is_refused_and_never_read_in_part(tmp_path: Path, compression: str | None, keep: float) -> None:
    image = np.random.default_rng(2).integers(0, 4000, (64, 64), dtype=np.uint16)
    path = tmp_path / "A01.tif"
    tifffile.imwrite(path, image, compression=compression, metadata=None)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep if keep > 1 or keep == 0 else keep * len(whole))])
    with pytest.raises(FileError, match=r"A01.tif: the image file is (empty|truncated or damaged)"):
        only_field(tmp_path)
    with pytest.raises(FileError, match=r"is empty|truncated"):
        opened(tmp_path).verify()


def test_a_file_that_is_no_tiff(tmp_path: Path) -> None:
    (tmp_path / "A01.tif").write_text("this is a letter, not an image")
    with pytest.raises(FileError, match=r"is truncated or damaged \(30 bytes\): not a TIFF file"):
        opened(tmp_path)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(tifffile, "TiffFile", refuse)
    with pytest.raises(FileError, match="the image file may not be read"):
        inspect_tiff(tmp_path / "A01.tif")


def ome(pixels: str) -> str:
    return f'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image><Pixels {pixels}</Pixels></Image></OME>'


def test_ome_planes_follow_the_order_or_the_data_blocks() -> None:
    ordered = parse_ome_xml(ome('DimensionOrder="XYCZT" SizeC="2" SizeZ="1" SizeT="2">'), "x")
    assert ordered.planes == {0: (0, 0, 0), 1: (1, 0, 0), 2: (0, 0, 1), 3: (1, 0, 1)}
    swapped = parse_ome_xml(
        ome('DimensionOrder="XYCZT" SizeC="2"><TiffData IFD="0" FirstC="1" PlaneCount="1"/><TiffData IFD="1" FirstC="0"/>'), "x"
    )
    assert swapped.planes == {0: (1, 0, 0), 1: (0, 0, 0)}
    assert swapped.pixel_size_um is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<OME><Image>", "the OME metadata are broken: no element found"),
        ("<OME></OME>", "the OME metadata describe 0 images, one is needed"),
        (ome('SizeC="two">'), "the OME metadata are broken: invalid literal"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><OME>&a;</OME>', "the OME metadata declare XML entities"),
    ],
)
def test_broken_ome_metadata(text: str, message: str) -> None:
    with pytest.raises(FileError, match=message):
        parse_ome_xml(text, "x.tif")
