"""The built-in nucleus method and its parts."""

from __future__ import annotations

import numpy as np
import pytest
from tests.cases.discs import disc, ellipse, field_of_nuclei, lit, two_touching_discs

from coculture.errors import DataError, InputError
from coculture.imaging.segment import NucleusSettings, segment_nuclei
from coculture.imaging.segment.filters import drop_by_area, drop_touching_border
from coculture.imaging.segment.foreground import (
    basins_of,
    broad_smooth,
    field_levels,
    local_brightness,
    rough_diameter,
    smooth,
    typical_diameter,
)
from coculture.imaging.segment.kernels import depth_inside, label_moments
from coculture.imaging.segment.merging import MergeRule, merge_fragments, neighbouring_pairs, roundness
from coculture.imaging.segment.pieces import fill_holes, fill_label_holes, largest_piece

WATERSHED = NucleusSettings("watershed")


def overlap(found: np.ndarray, truth: np.ndarray) -> list[float]:
    """Best intersection over union of each true nucleus."""
    best = []
    for number in range(1, truth.max() + 1):
        mine = truth == number
        others = np.unique(found[mine])
        best.append(
            max(((found == other) & mine).sum() / ((found == other) | mine).sum() for other in others if other)
            if others.any()
            else 0.0
        )
    return best


def test_nuclei_of_several_sizes_and_brightnesses_are_found() -> None:
    image, truth = field_of_nuclei()
    found = segment_nuclei(image, WATERSHED, 0.5)
    assert found.dtype == np.int32
    assert len(np.unique(found)) == 7
    assert min(overlap(found, truth)) > 0.85


def test_a_given_diameter_is_taken_in_um() -> None:
    image, truth = field_of_nuclei()
    found = segment_nuclei(image, NucleusSettings("watershed", diameter_um=7.0), 0.5)
    assert min(overlap(found, truth)) > 0.8


@pytest.mark.parametrize("image", [np.zeros((20, 30)), np.full((20, 30), 7), np.full((20, 30), 65535, dtype=np.uint16)])
def test_a_flat_image_holds_no_nucleus(image: np.ndarray) -> None:
    assert not segment_nuclei(image, WATERSHED, 1.0).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (3, 3)])
def test_tiny_images_are_no_trouble(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(0).random(shape)
    assert segment_nuclei(image, WATERSHED, 1.0).shape == shape


def test_negative_levels_after_correction_are_no_trouble() -> None:
    image, truth = field_of_nuclei()
    assert min(overlap(segment_nuclei(image - 500, WATERSHED, 1.0), truth)) > 0.85


def test_a_nucleus_with_a_dark_centre_is_filled() -> None:
    shape = (60, 60)
    image = lit(disc(shape, 30, 30, 14) & ~disc(shape, 30, 30, 3)) + lit(disc(shape, 8, 50, 6), background=0)
    found = segment_nuclei(image, WATERSHED, 1.0)
    assert found[30, 30] > 0
    assert len(np.unique(found)) == 3


def test_a_dim_nucleus_beside_bright_ones_is_found() -> None:
    shape = (60, 90)
    image = lit(disc(shape, 30, 20, 9), 200) + lit(disc(shape, 30, 70, 9), 200, 0) + lit(disc(shape, 30, 45, 9), 75, 0)
    assert len(np.unique(segment_nuclei(image, WATERSHED, 1.0))) == 4


@pytest.mark.parametrize(
    ("image", "error", "words"),
    [
        (np.zeros((2, 3, 4)), InputError, "two axes"),
        (np.zeros((0, 4)), DataError, "no pixel"),
        (np.full((4, 4), np.nan), DataError, "NaN"),
    ],
)
def test_images_that_cannot_be_used_are_refused(image: np.ndarray, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        segment_nuclei(image, WATERSHED, 1.0)


@pytest.mark.parametrize("size", [0.0, -1.0, np.nan])
def test_a_pixel_has_a_size(size: float) -> None:
    with pytest.raises(InputError, match="pixel_size_um"):
        segment_nuclei(np.zeros((4, 4)), WATERSHED, size)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"diameter_um": 0.0}, "diameter_um.*above 0"),
        ({"minimum_area_um2": -3.0}, "minimum_area_um2.*above 0"),
        ({"maximum_area_um2": np.inf}, "maximum_area_um2.*above 0"),
        ({"minimum_area_um2": 50.0, "maximum_area_um2": 40.0}, "not below"),
        ({"touching_border": "cut"}, "use keep or drop"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words.replace(".*", "(.|\n)*")):
        NucleusSettings(**settings)  # type: ignore[arg-type]


def test_unknown_methods_and_options_are_refused_with_what_is_allowed() -> None:
    with pytest.raises(InputError, match=r"unknown method 'magic'(.|\n)*watershed, phase-contrast, cellpose"):
        segment_nuclei(np.zeros((4, 4)), NucleusSettings("magic"), 1.0)
    with pytest.raises(InputError, match=r"no option 'sharpness'(.|\n)*global_share"):
        segment_nuclei(np.zeros((4, 4)), NucleusSettings(options={"sharpness": 3}), 1.0)


@pytest.mark.parametrize("option", ["smoothing_pixels", "global_share", "local_window", "curvature_width", "depth_weight"])
def test_options_out_of_range_are_refused(option: str) -> None:
    with pytest.raises(InputError, match=f"nuclei.options.{option}"):
        segment_nuclei(np.zeros((4, 4)), NucleusSettings(options={option: -1.0}), 1.0)


def test_a_merge_rule_is_no_number() -> None:
    with pytest.raises(InputError, match="must be a MergeRule, found dict"):
        segment_nuclei(np.zeros((4, 4)), NucleusSettings(options={"merge_rule": {"neck": 1}}), 1.0)


def test_filters_keep_the_numbers_of_what_stays() -> None:
    labels = np.zeros((8, 8), dtype=np.int32)
    labels[0:2, 0:2], labels[3:5, 3:6], labels[6, 6] = 4, 7, 9
    np.testing.assert_array_equal(np.unique(drop_touching_border(labels)), [0, 7, 9])
    np.testing.assert_array_equal(np.unique(drop_by_area(labels, 0.5, 1.0, 0.5)), [0, 4])
    assert drop_by_area(labels, None, None, 0.5) is labels
    assert not drop_touching_border(np.zeros((3, 3), dtype=np.int32)).any()


def test_the_settings_filter_by_area_and_border() -> None:
    shape = (64, 64)
    image = lit(disc(shape, 32, 32, 9) | disc(shape, 0, 50, 9) | disc(shape, 54, 12, 4))
    every = segment_nuclei(image, WATERSHED, 0.5)
    assert len(np.unique(every)) == 4
    large = segment_nuclei(image, NucleusSettings(minimum_area_um2=30.0), 0.5)
    inner = segment_nuclei(image, NucleusSettings(touching_border="drop"), 0.5)
    assert len(np.unique(large)) == 3
    assert len(np.unique(inner)) == 3
    assert (large[large > 0] == every[large > 0]).all()


def test_levels_part_background_from_stain() -> None:
    levels = field_levels(lit(disc((60, 60), 30, 30, 14), 100, 10))
    assert levels.background == pytest.approx(10, abs=0.5)
    assert levels.foreground == pytest.approx(95, abs=6)
    assert 10 < levels.otsu < 90


def test_running_means_stand_in_for_a_gaussian() -> None:
    image = np.random.default_rng(0).random((80, 80)).astype(np.float32)
    inner = (slice(25, -25), slice(25, -25))
    np.testing.assert_allclose(broad_smooth(image, 5.0)[inner], smooth(image, 5.0)[inner], atol=0.01)


def test_empty_ground_does_not_dim_the_local_brightness() -> None:
    above = np.where(disc((60, 60), 30, 30, 8), np.float32(3), np.float32(0))
    assert local_brightness(above, 4.0)[30, 30] == pytest.approx(3, rel=1e-3)
    assert np.isfinite(local_brightness(np.zeros((9, 9), dtype=np.float32), 4.0)).all()


def test_the_diameter_is_that_of_the_discs_not_of_the_specks() -> None:
    mask = np.zeros((120, 120), dtype=bool)
    for y, x in np.ndindex(3, 3):
        mask |= disc(mask.shape, 20 + 40 * y, 20 + 40 * x, 10)
    mask[::15, 0] = True
    assert typical_diameter(mask, depth_inside(mask)) == pytest.approx(20, rel=0.05)
    assert rough_diameter(mask) == pytest.approx(20, rel=0.2)
    empty = np.zeros((40, 40), dtype=bool)
    assert typical_diameter(empty, depth_inside(empty)) == rough_diameter(empty) == 6.0


def test_no_mask_no_basins() -> None:
    empty = np.zeros((5, 5), dtype=bool)
    assert not basins_of(np.ones((5, 5), dtype=np.float32), empty, 0.0, 0.0, 1).any()


def test_roundness_is_one_for_ellipses_and_less_for_pairs() -> None:
    shape = (60, 80)
    for mask, low, high in (
        (disc(shape, 30, 40, 12), 0.99, 1.01),
        (ellipse(shape, 30, 40, 10, 30), 0.99, 1.01),
        (disc(shape, 30, 20, 12) | disc(shape, 30, 44, 12), 0.87, 0.91),
    ):
        labels = mask.astype(np.int32)
        value = roundness(label_moments(labels, labels.astype(np.float32), 1)[1:])[0]
        assert low < value < high


def test_pairs_share_their_border_once() -> None:
    labels = np.array([[1, 1, 4], [1, 4, 4], [0, 0, 7]], dtype=np.int32)
    image = np.arange(9, dtype=np.float32).reshape(3, 3)
    pairs = neighbouring_pairs(labels, image)
    assert list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == [(1, 4), (4, 7)]
    assert pairs.length.tolist() == [3.0, 1.0]
    assert pairs.brightness.tolist() == [1.5 + 2.5 + 3.5, 5.5 + 1.0 - 0.0]


def test_halves_of_an_ellipse_are_joined_and_two_discs_are_not() -> None:
    shape = (48, 64)
    whole = ellipse(shape, 24, 32, 9, 17)
    halves = np.where(whole, np.where(np.arange(64) < 32, 3, 8), 0).astype(np.int32)
    area = float(whole.sum())
    joined = merge_fragments(halves, lit(whole, 1, 0), 0.0, area, MergeRule(), 0.0)
    assert np.unique(joined).tolist() == [0, 3]
    pair = two_touching_discs()
    two = np.where(pair, np.where(np.arange(64) < 30.5, 3, 8), 0).astype(np.int32)
    apart = merge_fragments(two, lit(pair, 1, 0), 0.0, area / 2, MergeRule(), 0.0)
    assert np.unique(apart).tolist() == [0, 3, 8]


def test_merging_nothing_is_nothing() -> None:
    empty = np.zeros((4, 4), dtype=np.int32)
    assert not merge_fragments(empty, np.ones((4, 4), dtype=np.float32), 0.0, 10.0, MergeRule(), 0.0).any()


def test_only_enclosed_small_background_is_a_hole() -> None:
    mask = np.ones((9, 9), dtype=bool)
    mask[2, 2] = mask[5:8, 5:7] = mask[0, 4] = False
    assert (~fill_holes(mask, 1)).sum() == 7
    assert (~fill_holes(mask)).sum() == 1
    labels = np.where(mask, 6, 0).astype(np.int32)
    np.testing.assert_array_equal(fill_label_holes(labels) == 6, fill_holes(mask))
    assert fill_label_holes(labels, 0.0) is labels


def test_one_piece_a_label() -> None:
    labels = np.array([[5, 5, 0, 5], [0, 0, 0, 0], [2, 0, 2, 2]], dtype=np.int32)
    expected = np.array([[5, 5, 0, 0], [0, 0, 0, 0], [0, 0, 2, 2]])
    np.testing.assert_array_equal(largest_piece(labels), expected)
    assert not largest_piece(np.zeros((3, 3), dtype=np.int32)).any()
