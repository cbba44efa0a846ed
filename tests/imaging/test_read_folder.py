"""From a folder of files to an index: every way to be right and every way to be wrong."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
import tifffile

from coculture.errors import DataError, FileError, InputError
from coculture.imaging.read import ImageIndex, open_images
from coculture.imaging.read.folder import LONGEST_NAME
from coculture.plate.layout import Layout

NINETY_SIX = Layout.of(96)
TWO = {"dna": "1", "gfp": "2"}


def put(folder: Path, *names: str, shape: tuple[int, int] = (6, 8), dtype: str = "uint16") -> Path:
    """Write images whose pixels all hold the file's number, from 1."""
    for number, name in enumerate(names, 1):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        tifffile.imwrite(folder / name, np.full(shape, number, dtype=dtype), metadata=None)
    return folder


def opened(folder: Path, pattern: str = "imagexpress", channels: dict[str, str] | None = None, **more: object) -> ImageIndex:
    return open_images(folder, pattern, channels or TWO, **({"layout": NINETY_SIX, "pixel_size_um": 0.5} | more))  # type: ignore[arg-type]


def test_a_field_holds_the_right_pixels_in_the_order_of_the_channels(tmp_path: Path) -> None:
    put(
        tmp_path, "P_A01_s1_w1.TIF", "P_A01_s1_w2.TIF", "P_A01_s2_w1.TIF", "P_A01_s2_w2.TIF", "P_B12_s1_w1.TIF", "P_B12_s1_w2.TIF"
    )
    index = opened(tmp_path, channels={"gfp": "w2", "dna": "w1"})
    assert (index.plates, index.wells("P"), index.sites("P", "A01"), index.times("P", "A01", 1)) == (
        ["P"],
        ["A01", "B12"],
        [1, 2],
        [0],
    )
    field = index.read("P", "A01", 2)
    assert field.channels == ("gfp", "dna")
    assert (field.pixels.shape, field.pixels.dtype) == ((2, 6, 8), np.uint16)
    assert (field.pixels[0] == 4).all()
    assert (field.channel("dna") == 3).all()
    assert (field.pixel_size_um, field.t_min, field.max_value) == (0.5, 0.0, 65535)
    with pytest.raises(KeyError, match="the field has gfp, dna"):
        field.channel("actin")
    assert list(index.frame.columns) == ["plate", "well", "site", "t_index", "t_min", "z", "channel", "path", "plane"]


def test_unknown_places_are_empty_and_cannot_be_read(tmp_path: Path) -> None:
    index = opened(put(tmp_path, "P_A01_w1.TIF", "P_A01_w2.TIF"))
    assert (index.wells("Q"), index.sites("P", "B01"), index.times("P", "A01", 7)) == ([], [], [])
    with pytest.raises(InputError, match=r"plate P, well A01: there is no image of site 2, time point 0\n.*the well has sites 1"):
        index.read("P", "A01", 2)


def test_images_of_a_channel_come_evenly_spread(tmp_path: Path) -> None:
    index = opened(put(tmp_path, *[f"P_A{column:02d}_w1.tif" for column in range(1, 13)]), channels={"dna": "1"})
    assert [int(image[0, 0]) for image in index.images_of("dna")] == list(range(1, 13))
    assert [int(image[0, 0]) for image in index.images_of("dna", at_most=3)] == [1, 7, 12]
    assert list(index.images_of("dna", plate="Q")) == []
    with pytest.raises(InputError, match="there is no channel 'gfp'"):
        list(index.images_of("gfp"))


def test_an_index_is_pickled_small_and_cut_to_a_few_wells(tmp_path: Path) -> None:
    index = opened(put(tmp_path, "P_A01_w1.TIF", "P_A01_w2.TIF", "P_A02_w1.TIF", "P_A02_w2.TIF"))
    index.read("P", "A01", 1)
    copy = pickle.loads(pickle.dumps(index))
    assert "_rows" not in copy.__dict__
    assert (copy.read("P", "A02", 1).pixels == index.read("P", "A02", 1).pixels).all()
    assert index.only("P", ["A02"]).wells("P") == ["A02"]


def test_without_a_plate_in_the_name_the_folder_names_it(tmp_path: Path) -> None:
    folder = put(tmp_path / "run 7", "A01.tif")
    assert opened(folder, "plain", {"dna": "1"}).plates == ["run 7"]
    assert opened(folder, "plain", {"dna": "1"}, plate_name="mine").plates == ["mine"]


def test_one_name_for_several_plates_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "P_A01_w1.TIF", "P_A01_w2.TIF", "Q_A01_w1.TIF", "Q_A01_w2.TIF")
    assert opened(tmp_path).plates == ["P", "Q"]
    with pytest.raises(InputError, match=r"the files name 2 plates \(P, Q\), one name is given: 'mine'"):
        opened(tmp_path, plate_name="mine")


def test_sites_counted_from_zero_are_counted_from_one_and_this_is_said(tmp_path: Path) -> None:
    index = opened(put(tmp_path, "r01c02f00p01-ch1.tiff", "r01c02f01p01-ch1.tiff"), "opera", {"dna": "ch1"})
    assert index.sites(tmp_path.name, "A02") == [1, 2]
    assert index.notes == ("the files count sites from 0; here they count from 1, so file site 0 is site 1",)


def test_left_out_files_and_uneven_sites_are_said(tmp_path: Path) -> None:
    names = ["P_A01_s1_w1.TIF", "P_A02_s1_w1.TIF", "P_A03_s1_w1.TIF", "P_A03_s2_w1.TIF", "overview.tif"]
    index = opened(put(tmp_path, *names), channels={"dna": "1"})
    assert index.notes == (
        "1 image files do not match the pattern and are left out, as overview.tif",
        "1 wells do not have 1 sites as the others, as plate P well A03 with 2",
    )


def test_time_from_folders_needs_the_step(tmp_path: Path) -> None:
    put(tmp_path, *[f"TimePoint_{t}/P_A01_w1.TIF" for t in (1, 2, 4)])
    index = opened(tmp_path, channels={"dna": "1"}, time_step_min=10)
    assert index.times("P", "A01", 1) == [0, 1, 2]
    assert [index.read("P", "A01", 1, t).t_min for t in range(3)] == [0, 10, 30]
    with pytest.raises(InputError, match="time_step_min: the images are a time series and do not say how long a step is"):
        opened(tmp_path, channels={"dna": "1"})


def test_time_from_stamps(tmp_path: Path) -> None:
    put(tmp_path, "VID1_A1_1_2020y01m31d_23h30m.tif", "VID1_A1_1_2020y02m01d_01h00m.tif", "VID2_A1_1_2020y03m01d_00h00m.tif")
    index = opened(tmp_path, "incucyte", {"phase": "1"})
    assert [index.read("VID1", "A01", 1, t).t_min for t in (0, 1)] == [0, 90]
    assert index.read("VID2", "A01", 1).t_min == 0  # each plate starts its own clock


@pytest.mark.parametrize(
    ("stamp", "message"),
    [("2020y13m01d_00h00m", "is no date: month must be in 1..12"), ("2020y", "the time stamp '2020y' is not understood")],
)
def test_a_stamp_that_is_no_time(tmp_path: Path, stamp: str, message: str) -> None:
    put(tmp_path, f"VID1_A1_1_{stamp}.tif")
    with pytest.raises(FileError, match=message):
        opened(tmp_path, "incucyte", {"phase": "1"})


def test_time_passed_in_the_name(tmp_path: Path) -> None:
    put(tmp_path, "green_A1_1_00d00h00m.tif", "green_A1_1_01d02h30m.tif")
    assert opened(tmp_path, "incucyte", {"phase": "green"}).frame["t_min"].tolist() == [0, 26.5 * 60]


def test_focal_planes_are_chosen_or_projected(tmp_path: Path) -> None:
    put(tmp_path, "r01c01f01p01-ch1.tiff", "r01c01f01p02-ch1.tiff", "r01c01f01p03-ch1.tiff")
    with pytest.raises(InputError, match=r"z: the images have 3 focal planes \(1 to 3\)"):
        opened(tmp_path, "opera", {"dna": "1"})
    plate = tmp_path.name
    assert opened(tmp_path, "opera", {"dna": "1"}, z="max").read(plate, "A01", 1).pixels.max() == 3
    assert (opened(tmp_path, "opera", {"dna": "1"}, z=2).read(plate, "A01", 1).pixels == 2).all()
    with pytest.raises(InputError, match=r"there is no focal plane 9\n.*the planes are 1, 2, 3"):
        opened(tmp_path, "opera", {"dna": "1"}, z=9)


def test_images_of_a_channel_are_projected_too(tmp_path: Path) -> None:
    put(tmp_path, *[f"r01c{c:02d}f01p{z:02d}-ch1.tiff" for c in (1, 2, 3) for z in (1, 2)])
    index = opened(tmp_path, "opera", {"dna": "1"}, z="max")
    assert [int(image[0, 0]) for image in index.images_of("dna")] == [2, 4, 6]
    assert [int(image[0, 0]) for image in index.images_of("dna", at_most=2)] == [2, 6]


def test_planes_in_folders(tmp_path: Path) -> None:
    put(tmp_path, "TimePoint_1/ZStep_1/P_A01_w1.TIF", "TimePoint_1/ZStep_2/P_A01_w1.TIF")
    assert (opened(tmp_path, channels={"dna": "1"}, z=2).read("P", "A01", 1).pixels == 2).all()


def test_a_missing_focal_plane_is_refused(tmp_path: Path) -> None:
    put(tmp_path, *[f"r01c{c:02d}f01p{z:02d}-ch1.tiff" for c in (1, 2, 3) for z in (1, 2)], "r01c04f01p01-ch1.tiff")
    with pytest.raises(DataError, match=r"well A04: 1 focal planes per channel at site 1, time point 0; elsewhere 2"):
        opened(tmp_path, "opera", {"dna": "1"}, z="max")


def test_chip_units_are_wells(tmp_path: Path) -> None:
    put(tmp_path, "C01U03_dna.tif", "c02u8_dna.tif")
    index = opened(tmp_path, r"(?P<well>[Cc]\d+[Uu]\d+)_(?P<channel>\w+)\.tif", {"dna": "dna"}, layout=Layout.of("chip 4x8"))
    assert index.wells(tmp_path.name) == ["C01U03", "C02U08"]
    assert opened(tmp_path, "plain", {"dna": "dna"}, layout=Layout.of("chip 4x8")).wells(tmp_path.name) == ["C01U03", "C02U08"]


def test_rows_as_numbers_and_letters(tmp_path: Path) -> None:
    put(tmp_path, "2-3.tif", "B-4.tif")
    index = opened(tmp_path, r"(?P<row>\w)-(?P<column>\d)\.tif", {"dna": "1"})
    assert index.wells(tmp_path.name) == ["B03", "B04"]


def test_no_name_matches_shows_names_and_pattern(tmp_path: Path) -> None:
    put(tmp_path, "x1.tif", "x2.tif", "sub/x3.tif", "x4.tif")
    with pytest.raises(FileError) as caught:
        opened(tmp_path)
    text = str(caught.value)
    assert "none of 4 image files matches the ready pattern 'imagexpress', as in Experiment_A01_s1_w1.TIF" in text
    assert "sub/x3.tif, x1.tif, x2.tif" in text
    with pytest.raises(FileError, match=r"none of 4 image files matches the pattern \(\?P<well>q\)"):
        opened(tmp_path, "(?P<well>q)")


def test_folders_without_images(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="the image folder does not exist"):
        opened(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("no image")
    with pytest.raises(FileError, match="this is a file, not a folder of images"):
        opened(tmp_path / "notes.txt")
    (tmp_path / ".hidden").mkdir()
    put(tmp_path / ".hidden", "P_A01_w1.TIF")
    with pytest.raises(FileError, match=r"no image file \(.tif, .tiff\) lies in the folder or below it"):
        opened(tmp_path)


def test_linked_folders_are_entered_once(tmp_path: Path) -> None:
    plate = put(tmp_path / "elsewhere", "A01.tif")
    folder = put(tmp_path / "here", "A02.tif")
    (folder / "linked").symlink_to(plate)
    (folder / "back").symlink_to(folder)
    assert opened(folder, "plain", {"dna": "1"}).wells("here") == ["A01", "A02"]


def test_a_folder_that_cannot_be_listed_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "A01.tif", "closed/A02.tif")
    listed = os.scandir

    def scandir(place: str) -> object:
        if str(place).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(place))
        return listed(place)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(FileError, match="closed: a folder cannot be listed"):
        opened(tmp_path, "plain", {"dna": "1"})


def test_a_very_long_name_is_never_matched(tmp_path: Path) -> None:
    put(tmp_path, "A01.tif")
    put(tmp_path, "/".join(["d" * 200] * 6) + "/A02.tif")
    assert LONGEST_NAME == 255
    assert opened(tmp_path, "plain", {"dna": "1"}).wells(tmp_path.name) == ["A01"]


def test_channels_that_cannot_be_found_are_reported_together(tmp_path: Path) -> None:
    put(tmp_path, "A01_dna.tif", "A02_dna.tif", "A01_gfp.tif", "A02_gfp.tif")
    with pytest.raises(InputError) as caught:
        opened(tmp_path, "plain", {"nuclei": "hoechst", "one": "DNA", "two": "dna"})
    assert [str(problem) for problem in caught.value.problems] == [
        "channel 'nuclei': no image has the channel 'hoechst'\n  → the images have 'dna': 2, 'gfp': 2",
        "channel 'two': it is the same channel as 'one'\n  → give each channel its own value",
    ]
    put(tmp_path, "A01_w1.tif", "A01_c1.tif")
    with pytest.raises(InputError, match="'1' may mean 'c1' or 'w1'"):
        opened(tmp_path, "plain", {"dna": "1"})
    with pytest.raises(InputError, match="channels: no channel is named"):
        open_images(tmp_path, "plain", {}, layout=NINETY_SIX)


def test_missing_channels_are_reported_well_by_well(tmp_path: Path) -> None:
    put(
        tmp_path,
        *[f"P_A{c:02d}_s{s}_w1.TIF" for c in range(1, 13) for s in (1, 2)],
        "P_A01_s1_w2.TIF",
        "P_A01_s2_w2.TIF",
        "P_A02_s1_w2.TIF",
    )
    with pytest.raises(DataError) as caught:
        opened(tmp_path)
    problems = [str(problem).split("\n")[0] for problem in caught.value.problems]
    assert len(problems) == 11
    assert problems[0] == "plate P, well A02: channel 'gfp' has no image (site 2 time point 0)"
    assert problems[1] == "plate P, well A03: channel 'gfp' has no image (site 1 time point 0, site 2 time point 0)"


def test_many_problems_are_cut_short(tmp_path: Path) -> None:
    put(tmp_path, *[f"P_{row}{c:02d}_w1.TIF" for row in "ABC" for c in range(1, 13)], "P_D01_w2.TIF")
    with pytest.raises(DataError, match="and 17 more wells"):
        opened(tmp_path)


def test_two_files_for_one_image_are_both_named(tmp_path: Path) -> None:
    put(tmp_path, "a/P_A01_w1.TIF", "b/P_A01_w1.TIF", "a/P_A01_w2.TIF")
    with pytest.raises(FileError, match=r"plate P, well A01: 2 files claim .* a/P_A01_w1.TIF page 1 and b/P_A01_w1.TIF page 1"):
        opened(tmp_path)


def test_wells_outside_the_layout_are_all_named(tmp_path: Path) -> None:
    put(tmp_path, "P_A01_w1.TIF", "P_A13_w1.TIF", "P_J01_w1.TIF")
    with pytest.raises(FileError) as caught:
        opened(tmp_path, channels={"dna": "1"})
    assert [Path(problem.where).name for problem in caught.value.problems] == ["P_A13_w1.TIF", "P_J01_w1.TIF"]
    assert "outside the layout (96 wells)" in str(caught.value)


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        ({"shape": (6, 9)}, r"A03.*the image is 9 x 6 pixels, uint16, 1 pages; most are 8 x 6 pixels, uint16, 1 pages"),
        ({"dtype": "uint8"}, r"A03.*the image is 8 x 6 pixels, uint8, 1 pages; most are 8 x 6 pixels, uint16, 1 pages"),
    ],
)
def test_unlike_images_are_refused(tmp_path: Path, odd: dict[str, object], message: str) -> None:
    put(tmp_path, "A01.tif", "A02.tif", "A04.tif")
    put(tmp_path, "A03.tif", **odd)  # type: ignore[arg-type]
    with pytest.raises(FileError, match=message):
        opened(tmp_path, "plain", {"dna": "1"})


def test_an_unlike_image_that_was_not_sampled_is_found_when_read_and_by_verify(tmp_path: Path) -> None:
    layout = Layout.of(384)
    put(tmp_path, *[f"{well}.tif" for well in layout.wells()[:200]])
    index = opened(tmp_path, "plain", {"dna": "1"}, layout=layout)
    put(tmp_path, "A02.tif", shape=(5, 8))
    (tmp_path / "A03.tif").unlink()
    (tmp_path / "A04.tif").write_bytes(b"")
    with pytest.raises(FileError, match=r"the image is 8 x 5 pixels, uint16; the rest of the plate is 8 x 6 pixels, uint16"):
        index.read(tmp_path.name, "A02", 1)
    with pytest.raises(FileError, match="the image file is gone"):
        index.read(tmp_path.name, "A03", 1)
    with pytest.raises(FileError) as caught:
        index.verify()
    assert [Path(problem.where).name for problem in caught.value.problems] == ["A02.tif", "A03.tif", "A04.tif"]


def test_a_site_that_is_no_number(tmp_path: Path) -> None:
    put(tmp_path, "A01_x.tif")
    with pytest.raises(FileError, match="the site 'x' is no whole number"):
        opened(tmp_path, r"(?P<well>A\d+)_(?P<site>\w)\.tif", {"dna": "1"})


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"pixel_size_um": None}, "pixel_size_um: the files do not say how wide a pixel is"),
        ({"pixel_size_um": 0}, "a pixel of 0 µm cannot be"),
        ({"bit_depth": 0}, "a bit depth of 0 cannot be"),
        ({"bit_depth": 24}, "the files are uint16, too small for 24 bits"),
        ({"time_step_min": -1}, "a time step of -1 min cannot be"),
    ],
)
def test_unusable_arguments(tmp_path: Path, argument: dict[str, object], message: str) -> None:
    put(tmp_path, "A01.tif")
    with pytest.raises(InputError, match=message):
        opened(tmp_path, "plain", {"dna": "1"}, **argument)


def test_the_ceiling_follows_the_stated_bit_depth(tmp_path: Path) -> None:
    put(tmp_path, "A01.tif")
    assert opened(tmp_path, "plain", {"dna": "1"}, bit_depth=12).max_value == 4095
