"""OME-Zarr plates of both versions, and what may be wrong with them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr

from coculture.errors import FileError, InputError
from coculture.imaging.read import ImageIndex, open_images
from coculture.plate.layout import Layout
from coculture.store.images.field import FieldImages
from coculture.store.images.plate import create_plate
from coculture.store.images.writing import write_well_images


def attach(place: Path, version: str, attributes: dict[str, Any]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    if version == "0.4":
        (place / ".zgroup").write_text('{"zarr_format": 2}')
        (place / ".zattrs").write_text(json.dumps(attributes))
    else:
        document = {"zarr_format": 3, "node_type": "group", "attributes": {"ome": {"version": version} | attributes}}
        (place / "zarr.json").write_text(json.dumps(document))


def make_plate(
    place: Path, version: str = "0.5", wells: tuple[str, ...] = ("A/1", "B/12"), axes: str = "tcyx", sites: int = 2
) -> Path:
    """Write a plate whose every plane holds its own number: 100 per well, 10 per site, 1 per plane."""
    attach(place, version, {"plate": {"name": "screen 1", "wells": [{"path": path} for path in wells]}})
    shape = tuple({"t": 2, "c": 2, "z": 3, "y": 6, "x": 8}[axis] for axis in axes)
    units = {"t": {"unit": "minute"}, "y": {"unit": "micrometer"}, "x": {"unit": "micrometer"}}
    multiscales = {
        "axes": [{"name": axis} | units.get(axis, {}) for axis in axes],
        "datasets": [
            {
                "path": "s0",
                "coordinateTransformations": [{"type": "scale", "scale": [{"t": 7.5}.get(axis, 0.65) for axis in axes]}],
            }
        ],
    }
    for w, well in enumerate(wells):
        attach(place / well, version, {"well": {"images": [{"path": str(site)} for site in range(sites)]}})
        for site in range(sites):
            image = place / well / str(site)
            attach(image, version, {"multiscales": [multiscales], "omero": {"channels": [{"label": "DAPI"}, {"label": "GFP"}]}})
            lead = shape[:-2]
            data = (
                np.arange(int(np.prod(lead)), dtype="uint16").reshape(*lead, 1, 1)
                + 100 * w
                + 10 * site
                + np.zeros(shape, "uint16")
            )
            zarr.create_array(
                str(image / "s0"),
                shape=shape,
                dtype="uint16",
                chunks=shape,
                zarr_format=2 if version == "0.4" else 3,
                overwrite=True,
            )[...] = data
    return place


def opened(folder: Path, channels: dict[str, str] | None = None, **more: Any) -> ImageIndex:
    return open_images(folder, "ome-zarr", channels or {"gfp": "GFP", "dna": "1"}, **({"layout": Layout.of(96)} | more))


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_both_versions_read_alike(tmp_path: Path, version: str) -> None:
    index = opened(make_plate(tmp_path / "one.zarr", version))
    assert (index.plates, index.wells("screen 1"), index.sites("screen 1", "B12")) == (["screen 1"], ["A01", "B12"], [1, 2])
    field = index.read("screen 1", "B12", 2, 1)
    assert field.pixels[:, 0, 0].tolist() == [113, 112]
    assert (field.t_min, field.pixel_size_um, field.max_value, field.pixels.dtype) == (7.5, 0.65, 65535, np.uint16)
    assert opened(tmp_path).read("screen 1", "A01", 1).pixels[:, 0, 0].tolist() == [1, 0]  # a folder of plates
    index.verify()


def test_one_channel_of_several_and_a_projection(tmp_path: Path) -> None:
    plate = make_plate(tmp_path / "one.zarr", axes="czyx", sites=1)
    assert opened(plate, {"gfp": "GFP"}, z="max").read("screen 1", "A01", 1).pixels[0, 0, 0] == 5
    assert opened(plate, {"gfp": "2"}, z=0).read("screen 1", "A01", 1).pixels[0, 0, 0] == 3
    plain = make_plate(tmp_path / "two.zarr", axes="yx", sites=1)
    assert opened(plain, {"dna": "DAPI"}, plate_name="mine").read("mine", "B12", 1).pixels[0, 0, 0] == 100


def test_what_the_store_writes_is_read(tmp_path: Path) -> None:
    pixels = np.random.default_rng(3).integers(0, 4000, (2, 40, 50), dtype=np.uint16)
    plate = tmp_path / "P.zarr"
    create_plate(plate, plate="P", layout_rows=8, layout_columns=12, wells=["C05"])
    fields = [FieldImages(site, t, pixels + site + int(t), ("dna", "gfp"), 0.65) for site in (1, 3) for t in (0.0, 20.0)]
    write_well_images(plate, "C05", fields)
    index = opened(plate, {"dna": "dna", "gfp": "gfp"})
    assert index.sites("P", "C05") == [1, 3]
    field = index.read("P", "C05", 3, 1)
    np.testing.assert_array_equal(field.pixels, pixels + 23)
    assert (field.t_min, field.pixel_size_um) == (20.0, 0.65)


def rewrite(place: Path, **changes: Any) -> None:
    document = json.loads((place / "zarr.json").read_text())
    document["attributes"]["ome"] |= changes
    (place / "zarr.json").write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("where", "changes", "message"),
    [
        (".", {"version": "0.6"}, "OME-Zarr version 0.6 is not read"),
        (".", {"plate": None}, "this Zarr group is no plate"),
        (".", {"plate": {"wells": []}}, "the plate has no images"),
        (".", {"plate": {"wells": [{"row": 1}]}}, r"the plate's metadata are broken: KeyError\('path'\)"),
        (".", {"plate": {"wells": [{"path": "Q/1"}]}}, "outside the layout"),
        ("A/1", {"well": {"images": [{"path": "0", "acquisition": 1}, {"path": "1", "acquisition": 2}]}}, "several acquisitions"),
        ("A/1/0", {"multiscales": []}, "the image's metadata lack"),
        (
            "A/1/0",
            {"multiscales": [{"axes": [{"name": "x"}, {"name": "y"}], "datasets": [{"coordinateTransformations": []}]}]},
            "axes x, y",
        ),
        (
            "A/1/0",
            {
                "multiscales": [
                    {"axes": [{"name": "y"}, {"name": "x"}], "datasets": [{"path": "s0", "coordinateTransformations": []}]}
                ]
            },
            "the metadata name 2 axes, the array has 4",
        ),
    ],
)
def test_broken_metadata(tmp_path: Path, where: str, changes: dict[str, Any], message: str) -> None:
    plate = make_plate(tmp_path / "one.zarr")
    rewrite(plate / where, **changes)
    with pytest.raises(FileError, match=message):
        opened(plate)


def test_missing_and_unreadable_parts(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="the image folder does not exist"):
        opened(tmp_path / "nowhere")
    with pytest.raises(FileError, match="no OME-Zarr plate lies here"):
        opened(tmp_path)
    plate = make_plate(tmp_path / "one.zarr")
    (plate / "zarr.json").write_text("{")
    with pytest.raises(FileError, match="the metadata are broken"):
        opened(plate)
    plate = make_plate(tmp_path / "one.zarr")
    (plate / "A/1/zarr.json").unlink()
    with pytest.raises(FileError, match=r"there is no zarr.json and no .zattrs"):
        opened(plate)


def test_one_name_for_two_plates(tmp_path: Path) -> None:
    make_plate(tmp_path / "one.zarr")
    make_plate(tmp_path / "two.zarr")
    with pytest.raises(InputError, match="2 plates lie here, and one name 'mine' is given"):
        opened(tmp_path, plate_name="mine")


def test_unlike_and_damaged_arrays(tmp_path: Path) -> None:
    plate = make_plate(tmp_path / "one.zarr")
    index = opened(plate)
    place = plate / "A/1/1/s0"
    shutil.rmtree(place)
    with pytest.raises(FileError, match="the image array cannot be opened"):
        index.read("screen 1", "A01", 2)
    for shape, dtype, message in (
        ((2, 2, 6, 9), "uint16", "the image is 9 x 6 pixels, uint16"),
        ((2, 2, 6, 8), "uint8", "the image is 8 x 6 pixels, uint8"),
        ((4, 1, 6, 8), "uint16", r"the image has \(4, 1\) time points, channels and planes, the others have \(2, 2\)"),
        ((4,), "uint16", "the array has 1 axes"),
    ):
        zarr.create_array(str(place), shape=shape, dtype=dtype, overwrite=True)
        with pytest.raises(FileError, match=message):
            index.read("screen 1", "A01", 2)
        with pytest.raises(FileError, match=message):
            index.verify()
        with pytest.raises(FileError, match=message):
            opened(plate)


def test_a_damaged_chunk(tmp_path: Path) -> None:
    plate = make_plate(tmp_path / "one.zarr")
    index = opened(plate)
    chunk = next(path for path in (plate / "A/1/0/s0/c").rglob("*") if path.is_file())
    chunk.write_bytes(chunk.read_bytes()[:5])
    with pytest.raises(FileError, match="the image array is damaged"):
        index.read("screen 1", "A01", 1)
