"""Real images: the translocation plate, a three-channel set, and a four-channel stack."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from coculture.imaging.read import open_images
from coculture.plate.layout import Layout

BBBC013 = r"Channel(?P<channel>\d)-\d+-(?P<row>[A-P])-(?P<column>\d+)\.tif"


def test_the_translocation_plate(shared_data: Path) -> None:
    folder = shared_data / "translocation_plate"
    index = open_images(folder, BBBC013, {"dna": "2", "gfp": "1"}, layout=Layout.of(96), pixel_size_um=0.65)
    assert index.plates == ["translocation_plate"]
    assert index.wells("translocation_plate") == Layout.of(96).wells()
    assert (index.shape, index.dtype, index.max_value, index.notes) == ((640, 640), "uint8", 255, ())
    field = index.read("translocation_plate", "H12", 1)
    assert field.pixels.shape == (2, 640, 640)
    means = [float(image.mean()) for image in index.images_of("gfp", at_most=12)]
    assert 5 < np.mean(means) < 30


def test_the_human_example(shared_data: Path) -> None:
    folder = shared_data / "example_images" / "ExampleHuman" / "images"
    pattern = r".*_(?P<well>[A-H]\d\d)f(?P<site>\d\d)d(?P<channel>\d)\.tif"
    channels = {"dna": "0", "ph3": "1", "membrane": "2"}
    index = open_images(folder, pattern, channels, layout=Layout.of(96), pixel_size_um=0.5)
    assert index.notes == ("the files count sites from 0; here they count from 1, so file site 0 is site 1",)
    field = index.read("images", "D03", 1)
    assert field.pixels.shape[0] == 3


def test_a_four_channel_imagej_stack(shared_data: Path, tmp_path: Path) -> None:
    shutil.copy(shared_data / "killing_coculture" / "sample_4ch.tif", tmp_path / "A01.tif")
    index = open_images(tmp_path, "plain", {"dna": "4"}, layout=Layout.of(96), pixel_size_um=0.31)
    field = index.read(tmp_path.name, "A01", 1)
    assert (field.pixels.shape, field.pixels.dtype) == ((1, 682, 660), np.uint16)
    index.verify()
