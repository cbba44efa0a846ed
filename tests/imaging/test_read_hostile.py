"""What headers and metadata may not claim, and how long a person's own pattern may take."""

from __future__ import annotations

import bz2
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile

from coculture.errors import FileError, InputError
from coculture.imaging.read import matching
from coculture.imaging.read.folder import scan_folder
from coculture.imaging.read.matching import matched_in_time
from coculture.imaging.read.ome_xml import parse_ome_xml
from coculture.imaging.read.patterns import file_pattern
from coculture.imaging.read.sizes import MOST_PLANES, require_count, require_size
from coculture.imaging.read.tiff import inspect_tiff, read_planes
from coculture.imaging.read.zarr_trust import _becomes_more, inside, read_document


def test_a_plane_may_be_268_megabytes_and_no_more() -> None:
    require_size((8192, 16_384), 2, Path("a.tif"))
    with pytest.raises(FileError, match=r"16384 x 8193 pixels \(268 MB\) is larger than the 268 MB"):
        require_size((8193, 16_384), 2, Path("a.tif"))
    with pytest.raises(FileError, match="0 x 5 pixels cannot be used"):
        require_size((5, 0), 1, Path("a.tif"))


def test_planes_are_counted_before_they_are_listed() -> None:
    assert require_count((2, 3, 5), "a") == 30
    assert require_count((), "a") == 1
    for lead in ((0, 1), (MOST_PLANES + 1,), (10**5, 10**5), (-2, -3)):
        with pytest.raises(FileError, match="1 to 100000 planes"):
            require_count(lead, "a")


def test_a_strip_that_was_never_written_is_not_black(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.ones((16, 16), np.uint16), rowsperstrip=4, metadata=None)
    structure = inspect_tiff(path)
    with tifffile.TiffFile(path, mode="r+") as file:
        file.pages.first.tags["StripByteCounts"].overwrite((128, 0, 128, 128))
    with pytest.raises(FileError, match="1 of 4 parts of the image were never written"):
        read_planes(path, [0], structure)


OME = '<OME><Image><Pixels DimensionOrder="XYCZT" SizeC="2" SizeZ="1" SizeT="1" {}>{}</Pixels></Image></OME>'


@pytest.mark.parametrize(
    ("attributes", "inner", "told"),
    [
        ('SignificantBits="999999999"', "", "SignificantBits"),
        ("", '<TiffData IFD="0"/>', "2 planes and say of 1"),
        ("", '<TiffData IFD="0" PlaneCount="2"/><TiffData IFD="0" PlaneCount="2"/>', "more planes than there are"),
        ("", '<TiffData IFD="-1"/>', "not there"),
    ],
)
def test_metadata_that_lie_are_refused(attributes: str, inner: str, told: str) -> None:
    with pytest.raises(FileError, match=told):
        parse_ome_xml(OME.format(attributes, inner), "a.tif")


@pytest.mark.parametrize("size", ["0", "-1", "nan", "inf"])
def test_a_size_that_is_none_is_not_told(size: str) -> None:
    assert parse_ome_xml(OME.format(f'PhysicalSizeX="{size}"', ""), "a.tif").pixel_size_um is None


def test_a_pattern_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert matched_in_time(r"(?P<well>[A-P]\d+)\.tif", ["A1.tif", "x"]) == [{"well": "A1"}, None]
    monkeypatch.setattr(matching, "SECONDS", 0.5)
    with pytest.raises(InputError, match=r"takes more than 1 s on 1 file names|takes more than 0 s on 1 file names"):
        matched_in_time("a?" * 40 + "a" * 40 + "(?P<well>A1)", ["a" * 60])


def test_brackets_in_a_comment_are_not_followed() -> None:
    with pytest.raises(InputError, match="brackets cannot be followed"):
        file_pattern(r"(?x)(?P<well>A01) # ))")


def test_names_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "A01_\udcff.tif").write_bytes(b"")
    with pytest.raises(FileError, match=r"1 file names are not UTF-8, as 'A01_.udcff.tif'"):
        scan_folder(tmp_path, file_pattern("plain"))


@pytest.mark.parametrize("name", ["..", "../x", "/etc", "a//b", "", ".", "a\0", "a\\b"])
def test_a_path_stays_in_its_plate(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match="leads out of the plate"):
        inside(tmp_path, tmp_path, name)


def test_a_link_stays_in_its_plate(tmp_path: Path) -> None:
    plate = tmp_path / "plate"
    plate.mkdir()
    (plate / "here").mkdir()
    (plate / "alike").symlink_to("here")
    (plate / "out").symlink_to(tmp_path)
    assert inside(plate, plate, "alike") == plate / "alike"
    with pytest.raises(FileError, match="a link in it leads out"):
        inside(plate, plate, "out")


@pytest.mark.parametrize("compress", [zlib.compress, bz2.compress])
def test_a_bomb_is_counted_not_kept(tmp_path: Path, compress) -> None:
    (tmp_path / "0.0").write_bytes(compress(bytes(3_000_000)))
    assert _becomes_more(tmp_path / "0.0", 2_900_000)
    assert not _becomes_more(tmp_path / "0.0", 3_000_000)


def test_a_document_nested_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "zarr.json").write_text("[" * 100_000)
    with pytest.raises(ValueError, match="nested too deeply"):
        read_document(tmp_path / "zarr.json")
