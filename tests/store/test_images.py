"""OME-Zarr plates: every pixel comes back, two independent validators accept, a well is whole or absent."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import ome_zarr_io
import pytest
import yaozarrs
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from coculture.errors import FileError, InputError
from coculture.store.images.documents import sites
from coculture.store.images.field import FieldImages, FieldOnDemand
from coculture.store.images.illumination import read_illumination, write_illumination
from coculture.store.images.plate import create_plate, finish_plate, plate_images_path, plate_wells
from coculture.store.images.reading import read_field, read_labels, read_pixels
from coculture.store.images.writing import write_well_images
from coculture.store.ngff import split_well
from coculture.store.pyramids import intensity_pyramid, label_pyramid
from coculture.store.shards import write_array


def _field(site: int = 1, t_min: float = 0.0, shape: tuple[int, int] = (300, 280), seed: int = 0) -> FieldImages:
    rng = np.random.default_rng(seed + 10 * site + int(t_min))
    pixels = rng.integers(0, 4096, (2, *shape), dtype=np.uint16)
    nuclei = rng.integers(0, 300, shape, dtype=np.int32) * 1000
    return FieldImages(site, t_min, pixels, ("dna", "gfp"), 0.65, {"nuclei": nuclei, "cells": np.zeros(shape, np.int32)})


def _assert_valid(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yaozarrs.validate_zarr_store(str(path))
        reports = [ome_zarr_io.validate(path, strict=strict) for strict in (False, True)]
    assert all(report.is_valid for report in reports), str(reports)


def _same(one: FieldImages, other: FieldImages) -> bool:
    return (
        one.pixels.dtype == other.pixels.dtype
        and np.array_equal(one.pixels, other.pixels)
        and one.channels == other.channels
        and (one.site, one.t_min, one.pixel_size_um) == (other.site, other.t_min, other.pixel_size_um)
        and list(one.labels) == list(other.labels)
        and all(np.array_equal(one.labels[name], other.labels[name]) for name in one.labels)
        and all(labels.dtype == np.int32 for labels in other.labels.values())
    )


def test_two_validators_accept_a_plate_and_every_pixel_comes_back(tmp_path: Path) -> None:
    path = plate_images_path(tmp_path, "plate 1")
    fields = [_field(2), _field(1, shape=(201, 333))]
    movie = [_field(1, t) for t in (30.0, 0.0, 15.0)]
    create_plate(path, plate="plate 1", wells=["A01", "B12", "H03"], layout_rows=8, layout_columns=12)
    write_well_images(path, "A01", fields)
    write_well_images(path, "B12", movie)
    write_illumination(path, "gfp", np.full((300, 280), 1.25, np.float32), about={"method": "median-smooth", "n_images": 96})
    finish_plate(path)
    _assert_valid(path)
    _assert_valid(path / "illumination" / "gfp")
    assert plate_wells(path) == ["A01", "B12"]
    assert sites(path, "A01") == [1, 2]
    for one in fields:
        assert _same(one, read_field(path, "A01", one.site))
    for index, one in enumerate(sorted(movie, key=lambda image: image.t_min)):
        assert _same(one, read_field(path, "B12", 1, index))
    assert np.array_equal(read_illumination(path, "gfp"), np.full((300, 280), 1.25, np.float32))


def test_a_chip_is_a_valid_plate_too(tmp_path: Path) -> None:
    path = tmp_path / "chip.zarr"
    create_plate(path, plate="chip", wells=["C01U03", "C02U01"])
    for well in ("C01U03", "C02U01"):
        write_well_images(path, well, [_field()])
    finish_plate(path)
    _assert_valid(path)
    assert plate_wells(path) == ["C01U03", "C02U01"]
    assert split_well("AA12") == ("AA", "12")


@settings(max_examples=25, deadline=None)
@given(
    dtype=st.sampled_from(["uint8", "uint16", "uint32", "int16", "int32", "float32", "float64", ">u2"]),
    shape=st.tuples(st.integers(1, 3), st.integers(1, 700), st.integers(1, 700)),
    fill=st.floats(0, 1),
    seed=st.integers(0, 99),
)
def test_any_array_reads_back_through_the_library(
    tmp_path_factory: pytest.TempPathFactory, dtype: str, shape: tuple[int, ...], fill: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    values: NDArray[Any] = (rng.random(shape) * 250).astype(dtype)
    values[:, : int(fill * shape[1])] = 0  # chunks of zeros are left out of the shard
    folder = tmp_path_factory.mktemp("array") / "0"
    write_array(folder, values, "cyx", "labels" if dtype == "int32" else "intensity")
    array = zarr.open_array(folder, mode="r")
    assert array.dtype == np.dtype(dtype).newbyteorder("=")
    assert np.array_equal(array[...], values)
    assert array.shards is not None
    assert max(array.chunks) <= 512
    assert len(list(folder.rglob("c/**/*"))) == 3  # two folders and one shard


def test_writing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        create_plate(tmp_path / name, plate="P", wells=["A01"], layout_rows=8, layout_columns=12)
        for _ in range(2):
            write_well_images(tmp_path / name, "A01", [_field()])
        finish_plate(tmp_path / name)
    files = [
        {p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()} for n in ("one", "two")
    ]
    assert files[0] == files[1]
    assert not [path for path in files[0] if ".tmp-" in str(path)]


def test_levels_halve_the_image_and_keep_its_mean() -> None:
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 65536, (2, 1024, 640), dtype=np.uint16)
    levels = intensity_pyramid(pixels)
    assert [level.shape for level in levels] == [(2, 1024, 640), (2, 512, 320), (2, 256, 160)]
    block = pixels[1, 6:8, 10:12].astype(float).mean()
    assert levels[1][1, 3, 5] == np.floor(block + 0.5)
    assert levels[2].mean() == pytest.approx(pixels.mean(), abs=0.5)
    assert intensity_pyramid(np.full((300, 301), 65535, np.uint16))[1].min() == 65535
    assert intensity_pyramid(np.full((300, 301), -128, np.int8))[1].max() == -128
    labels = rng.integers(0, 9, (300, 301), dtype=np.int32)
    assert np.array_equal(label_pyramid(labels)[1], labels[::2, ::2])


def test_an_odd_edge_is_the_mean_of_what_is_there() -> None:
    pixels = np.zeros((257, 257), np.float32)
    pixels[-1, -1] = 8
    pixels[-1, 0:2] = 2, 4
    coarse = intensity_pyramid(pixels)[1]
    assert coarse.shape == (129, 129)
    assert coarse[-1, -1] == 8
    assert coarse[-1, 0] == 3


def test_levels_lie_over_each_other_in_space(tmp_path: Path) -> None:
    create_plate(tmp_path / "P", plate="P", wells=["A01"])
    write_well_images(tmp_path / "P", "A01", [_field(shape=(600, 600))])
    group = zarr.open_group(tmp_path / "P" / "A" / "01" / "1", mode="r")
    scales = group.attrs["ome"]["multiscales"][0]["datasets"]  # type: ignore[index,call-overload]
    assert scales[1]["coordinateTransformations"] == [
        {"type": "scale", "scale": [1.0, 1.3, 1.3]},
        {"type": "translation", "translation": [0.0, 0.325, 0.325]},
    ]
    assert len(scales) == 3


def test_part_of_an_image_is_read_alone(tmp_path: Path) -> None:
    create_plate(tmp_path / "P", plate="P", wells=["A01"])
    movie = [_field(1, 0.0), _field(1, 10.0)]
    write_well_images(tmp_path / "P", "A01", movie)
    region = (slice(10, 20), slice(270, 280))
    assert np.array_equal(read_pixels(tmp_path / "P", "A01", 1, t_index=1, region=region), movie[1].pixels[:, 10:20, 270:280])
    assert np.array_equal(read_labels(tmp_path / "P", "A01", 1, "nuclei", 1, t_index=1), movie[1].labels["nuclei"][::2, ::2])


def test_a_failed_well_leaves_what_was_there(tmp_path: Path) -> None:
    create_plate(tmp_path / "P", plate="P", wells=["A01"])
    write_well_images(tmp_path / "P", "A01", [_field()])
    with pytest.raises(InputError, match="cannot be stored"):
        write_well_images(tmp_path / "P", "A01", [FieldImages(1, 0.0, np.zeros((1, 8, 8), complex), ("dna",), 1.0)])
    assert _same(_field(), read_field(tmp_path / "P", "A01", 1))
    assert sorted(path.name for path in (tmp_path / "P" / "A").iterdir()) == ["01", "zarr.json"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ([], "no images to write"),
        ([FieldImages(1, 0.0, np.zeros((2, 8, 8)), ("dna",), 1.0)], r"do not fit 1 channels"),
        ([FieldImages(1, 0.0, np.zeros((8, 8)), ("dna",), 1.0)], r"do not fit 1 channels"),
        ([FieldImages(1, 0.0, np.zeros((1, 8, 8)), ("d",), 1.0, {"n": np.zeros((8, 9), np.int32)})], "another size"),
        ([_field(1, 0.0), _field(1, 1.0, shape=(8, 8))], "times of one site differ"),
        ([_field(1, 0.0), _field(1, 0.0)], "same site and time"),
    ],
)
def test_images_that_do_not_fit_are_refused(tmp_path: Path, fields: list[FieldImages], message: str) -> None:
    with pytest.raises(InputError, match=message):
        write_well_images(tmp_path / "P", "A01", fields)


def test_errors_say_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "P"
    with pytest.raises(FileError, match="no images here"):
        plate_wells(path)
    create_plate(path, plate="P", wells=["A01"])
    with pytest.raises(FileError, match="not an OME-Zarr plate"):
        plate_wells(path / "A")
    write_well_images(path, "A01", [_field()])
    with pytest.raises(FileError, match="no images here"):
        read_field(path, "A01", 7)
    with pytest.raises(FileError, match="no time 3"):
        read_field(path, "A01", 1, 3)
    with pytest.raises(FileError, match="no time 1"):
        read_pixels(path, "A01", 1, t_index=1)
    with pytest.raises(FileError, match="no such image"):
        read_labels(path, "A01", 1, "mitochondria")
    with pytest.raises(InputError, match="no row and column"):
        write_well_images(path, "01A", [_field()])
    with pytest.raises(InputError, match="two-dimensional"):
        write_illumination(path, "gfp", np.ones((1, 2, 2), np.float32))


def test_fields_made_on_demand_give_the_same_bytes_and_are_made_one_at_a_time(tmp_path: Path) -> None:
    movie = [_field(1, t) for t in (0.0, 15.0, 30.0)]
    made: list[float] = []

    def later(one: FieldImages) -> FieldOnDemand:
        def load() -> FieldImages:
            made.append(one.t_min)
            return one

        return FieldOnDemand(one.site, one.t_min, load)

    write_well_images(tmp_path / "P", "A01", movie)
    write_well_images(tmp_path / "Q", "A01", [movie[0], *map(later, movie[:0:-1])])
    assert made == [15.0, 30.0]
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file()}
        for name in ("P", "Q")
    )
    assert len(first) > 10
    assert first == second


def test_a_damaged_image_is_told_and_a_lost_one_is_not_black(tmp_path: Path) -> None:
    """Any byte of a shard: its pixels carry checksums, so does the index of them."""
    plate = tmp_path / "P.zarr"
    field = _field(shape=(40, 30))
    write_well_images(plate, "A01", [field])
    shard = plate / "A" / "01" / "1" / "0" / "c" / "0" / "0" / "0"
    whole = shard.read_bytes()
    for place in np.linspace(0, len(whole) - 1, 40).astype(int):
        shard.write_bytes(whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :])
        with pytest.raises(FileError, match="a kept image is damaged"):
            read_pixels(plate, "A01", 1)
    shard.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileError, match="a kept image is damaged"):
        read_pixels(plate, "A01", 1)
    shard.unlink()
    with pytest.raises(FileError, match="a kept image is damaged: the file is gone"):
        read_pixels(plate, "A01", 1)
    shard.write_bytes(whole)
    assert _same(read_field(plate, "A01", 1), field)
    (shard.parents[3] / "zarr.json").write_text("{")
    with pytest.raises(FileError, match="a kept image is damaged"):
        read_pixels(plate, "A01", 1)


@pytest.mark.parametrize("name", ["../../../x", "/etc", "..", ".", "", "a/b"])
def test_labels_of_another_place_are_not_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match="no name of a label image"):
        read_labels(tmp_path, "A01", 1, name)
