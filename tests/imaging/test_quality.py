"""Image quality: each fault moves its own number, and only that."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, label
from tests.cases.lit_cells import cells, photographed, vignette

from coculture.errors import InputError
from coculture.imaging.quality import FIELD_QUALITY_COLUMNS, QualitySettings, field_quality, flag_fields, focus_score
from coculture.imaging.read import open_images
from coculture.plate.columns import FIELD_COLUMNS, names
from coculture.plate.layout import Layout

SHAPE = (256, 256)
SETTINGS = QualitySettings(nucleus_diameter_px=14)
EVEN = np.ones(SHAPE, np.float32)


def scene(seed: int = 0, number: int = 50) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    clean = cells(np.random.default_rng(seed), SHAPE, number, radius=7.0)
    return clean, np.asarray(label(clean > 400)[0], dtype=np.int32)


def photo(clean: NDArray[np.float64], blur: float = 0.0, seed: int = 0) -> NDArray[np.uint16]:
    return photographed(np.random.default_rng(seed), gaussian_filter(clean, blur) if blur else clean, EVEN)


def judged(
    image: NDArray[np.generic], labels: NDArray[np.int32], max_value: float = 65535, settings: QualitySettings = SETTINGS
) -> pd.Series:
    return field_quality(image[None], ("dna",), labels, max_value, settings).iloc[0]


def test_the_columns_are_the_declared_ones() -> None:
    clean, labels = scene()
    image = photo(clean)
    frame = field_quality(np.stack([image, image]), ("dna", "gfp"), labels, 65535)
    assert list(frame.columns) == list(FIELD_QUALITY_COLUMNS) == names(FIELD_COLUMNS)[4:]
    assert frame["channel"].tolist() == ["dna", "gfp"]
    assert not frame[["out_of_focus", "saturated", "empty", "debris"]].to_numpy().any()
    assert {str(frame[flag].dtype) for flag in ("out_of_focus", "saturated", "empty", "debris")} == {"bool"}


def test_focus_falls_with_every_step_of_blur() -> None:
    clean, _ = scene()
    scores = [focus_score(photo(clean, blur), 14) for blur in (0, 0.7, 1.5, 3, 6)]
    assert all(sharper > 1.15 * softer for sharper, softer in itertools.pairwise(scores))


@pytest.mark.parametrize("change", [lambda i: i * 3.0, lambda i: i + 500.0, lambda i: i[::-1], lambda i: i.T])
def test_focus_does_not_see_brightness_or_direction(change: object) -> None:
    image = photo(scene()[0]).astype(np.float32)
    assert focus_score(change(image), 14) == pytest.approx(focus_score(image, 14), rel=0.05)  # type: ignore[operator]


def test_focus_hardly_sees_the_number_of_cells() -> None:
    few, many = (np.mean([focus_score(photo(scene(seed, n)[0], seed=seed), 14) for seed in range(4)]) for n in (15, 90))
    blurred = np.mean([focus_score(photo(scene(seed, 15)[0], 1.5, seed), 14) for seed in range(4)])
    assert abs(np.log(few / many)) < 0.15
    assert np.log(few / blurred) > 0.4


def test_noise_is_not_taken_for_sharpness() -> None:
    clean = scene()[0]
    dim = [focus_score(photo(clean * 0.05, blur), 14) for blur in (0, 3)]
    assert dim[0] > 1.3 * dim[1]
    assert focus_score(np.full(SHAPE, 7.0), 14) == 0


def test_saturation_counts_pixels_at_the_ceiling() -> None:
    clean, labels = scene()
    image = photo(clean)
    ceiling = 1000
    cut = np.minimum(image, ceiling)
    row = judged(cut, labels, ceiling)
    assert row["saturated_fraction"] == np.mean(image >= ceiling)
    assert row["saturated"]
    assert not judged(cut, labels, 4095)["saturated"]
    assert judged(image.astype(np.float32), labels, np.inf)["saturated_fraction"] == 0


@pytest.mark.parametrize("number", [5, 40, 150])
def test_background_is_found_under_few_and_many_cells(number: int) -> None:
    clean, labels = scene(1, number)
    assert judged(photo(clean), labels)["background"] == pytest.approx(100, abs=6)


def test_background_of_shaded_and_of_constant_images() -> None:
    clean, labels = scene()
    shaded = photographed(np.random.default_rng(0), clean, vignette(*SHAPE))
    assert judged(shaded, labels)["background"] == pytest.approx(105, abs=12)
    assert judged(np.full(SHAPE, 9, np.uint8), labels, 255)["background"] == 9


def test_an_image_without_nuclei_is_empty_and_not_out_of_focus() -> None:
    image = photo(np.full(SHAPE, 100.0))
    row = judged(image, np.zeros(SHAPE, np.int32))
    assert row["empty"]
    assert not row["debris"]


def test_a_bright_fibre_is_debris_and_cells_are_not() -> None:
    clean, labels = scene()
    assert judged(photo(clean), labels)["debris_fraction"] == 0
    image = photo(clean)
    image[100:120] = 30000
    row = judged(image, labels)
    assert row["debris_fraction"] == pytest.approx(20 / 256, abs=0.002)
    assert row["debris"]


def test_a_huge_object_is_debris() -> None:
    clean, labels = scene()
    labels = labels.copy()
    labels[:64, :64] = labels.max() + 1
    row = judged(photo(clean), labels)
    assert row["debris_fraction"] == pytest.approx(64 * 64 / 256**2, rel=0.01)


def test_with_few_nuclei_only_the_ceiling_is_debris() -> None:
    labels = np.zeros(SHAPE, np.int32)
    labels[10:20, 10:20] = 1
    image = np.full(SHAPE, 100, np.uint8)
    image[50:60] = 255
    assert judged(image, labels, 255)["debris_fraction"] == pytest.approx(10 / 256)


def test_shapes_must_fit() -> None:
    with pytest.raises(InputError, match=r"pixels of shape \(4, 4\), 1 channels and labels of shape \(4, 4\) do not fit"):
        field_quality(np.zeros((4, 4)), ("dna",), np.zeros((4, 4), np.int32), 255)


def plate_frame(focus: list[float], channel: str = "dna", empty: bool = False) -> pd.DataFrame:
    return pd.DataFrame({"channel": channel, "focus": focus, "empty": empty, "out_of_focus": False, "kept": range(len(focus))})


def test_only_low_outliers_of_their_own_channel_are_out_of_focus() -> None:
    sharp = list(np.exp(np.random.default_rng(0).normal(0, 0.05, 30)))
    frame = pd.concat([plate_frame([*sharp, 0.4, 3.0]), plate_frame([0.4 * value for value in sharp], "gfp")], ignore_index=True)
    flagged = flag_fields(frame)
    assert flagged.index[flagged["out_of_focus"]].tolist() == [30]
    assert flagged["kept"].tolist() == frame["kept"].tolist()
    assert not frame["out_of_focus"].any()  # the caller's frame stays


def test_each_plate_is_compared_with_itself() -> None:
    bright, dull = plate_frame([1.0, 1.1, 0.9] * 5).assign(plate="one"), plate_frame([0.3, 0.33, 0.27] * 3).assign(plate="two")
    both = pd.concat([bright, dull], ignore_index=True)
    assert not flag_fields(both)["out_of_focus"].any()
    assert flag_fields(both.drop(columns="plate"))["out_of_focus"].sum() > 0


def test_a_very_even_plate_flags_no_small_difference() -> None:
    assert not flag_fields(plate_frame([1.0] * 20 + [0.95]))["out_of_focus"].any()
    assert flag_fields(plate_frame([1.0] * 20 + [0.5]))["out_of_focus"].sum() == 1


def test_few_and_empty_fields_are_not_judged() -> None:
    assert not flag_fields(plate_frame([1, 1, 1, 1, 1, 1, 0.01]))["out_of_focus"].any()
    frame = pd.concat([plate_frame([1.0, 1.1, 0.9] * 5), plate_frame([0.01] * 5, empty=True)], ignore_index=True)
    assert not flag_fields(frame)["out_of_focus"].any()
    assert (
        flag_fields(pd.concat([plate_frame([1.0, 1.1, 0.9] * 5), plate_frame([0.0])], ignore_index=True))["out_of_focus"].sum()
        == 1
    )
    assert flag_fields(plate_frame([])).empty


def test_on_the_real_plate_exactly_the_blurred_fields_are_flagged(shared_data: Path) -> None:
    pattern = r"Channel(?P<channel>\d)-\d+-(?P<row>[A-P])-(?P<column>\d+)\.tif"
    folder = shared_data / "translocation_plate"
    index = open_images(folder, pattern, {"dna": "2", "gfp": "1"}, layout=Layout.of(96), pixel_size_um=0.65)
    blurred = ["A05", "C05", "E05", "G05"]
    tables = []
    for well in index.wells(index.plates[0])[::2]:
        field = index.read(index.plates[0], well, 1)
        pixels = field.pixels
        labels = np.asarray(label(gaussian_filter(field.channel("dna").astype(np.float32), 1) > 25)[0], np.int32)
        if well in blurred:
            pixels = np.round(gaussian_filter(pixels.astype(np.float32), (0, 1.5, 1.5))).astype(np.uint8)
        tables.append(field_quality(pixels, field.channels, labels, field.max_value).assign(well=well))
    flagged = flag_fields(pd.concat(tables, ignore_index=True))
    for channel in field.channels:
        assert flagged.loc[flagged["out_of_focus"] & (flagged["channel"] == channel), "well"].tolist() == blurred
    assert not flagged[["saturated", "empty", "debris"]].to_numpy().any()
