"""Cells around nuclei, and their compartments."""

from __future__ import annotations

import numpy as np
import pytest
from tests.cases.discs import disc, lit

from coculture.errors import InputError
from coculture.imaging.segment import (
    CellSettings,
    RingSettings,
    cytoplasm,
    perinuclear_ring,
    segment_cells,
)

SHAPE = (60, 80)
TERRITORIES = CellSettings("territories", options={"reach_um": 8.0})
PROPAGATION = CellSettings("propagation", channel="gfp")


def two_nuclei(distance: float = 30.0) -> np.ndarray:
    labels = np.zeros(SHAPE, dtype=np.int32)
    labels[disc(SHAPE, 30, 40 - distance / 2, 5)] = 3
    labels[disc(SHAPE, 30, 40 + distance / 2, 5)] = 11
    return labels


def test_territories_reach_as_far_as_told_and_no_farther() -> None:
    nuclei = two_nuclei(distance=40)
    outlines = segment_cells(nuclei, None, TERRITORIES, 1.0)
    assert outlines.basis == "nuclei"
    assert outlines.labels.dtype == np.int32
    assert np.unique(outlines.labels).tolist() == [0, 3, 11]
    assert (outlines.labels == 3).sum() == pytest.approx(np.pi * 13**2, rel=0.04)


def test_the_reach_is_in_um() -> None:
    nuclei = two_nuclei(distance=40)
    coarse = segment_cells(nuclei, None, CellSettings(options={"reach_um": 4.0}), 0.5).labels
    np.testing.assert_array_equal(coarse, segment_cells(nuclei, None, TERRITORIES, 1.0).labels)


def test_territories_meet_in_the_middle() -> None:
    labels = segment_cells(two_nuclei(distance=14), None, TERRITORIES, 1.0).labels
    assert (labels[30, 35:40] == 3).all()
    assert (labels[30, 40:45] == 11).all()


@pytest.mark.parametrize("settings", [TERRITORIES, PROPAGATION])
def test_every_nucleus_lies_within_its_cell_and_numbers_stay(settings: CellSettings) -> None:
    nuclei = two_nuclei()
    stain = lit(disc(SHAPE, 30, 25, 12) | disc(SHAPE, 30, 55, 12))
    outlines = segment_cells(nuclei, stain if settings.channel else None, settings, 1.0)
    assert (outlines.labels[nuclei > 0] == nuclei[nuclei > 0]).all()
    assert set(np.unique(outlines.labels)) == {0, 3, 11}


def test_propagation_follows_the_stain_and_says_so() -> None:
    nuclei = two_nuclei()
    stain = lit(disc(SHAPE, 30, 25, 12) | disc(SHAPE, 30, 55, 12))
    outlines = segment_cells(nuclei, stain, PROPAGATION, 1.0)
    assert outlines.basis == "gfp"
    assert (outlines.labels == 3).sum() == pytest.approx(np.pi * 12**2, rel=0.15)
    near = segment_cells(nuclei, stain, CellSettings("propagation", "gfp", {"reach_um": 2.0}), 1.0).labels
    assert (nuclei > 0).sum() < (near > 0).sum() < (outlines.labels > 0).sum()


def test_a_border_in_the_stain_parts_two_cells() -> None:
    nuclei = np.zeros((40, 60), dtype=np.int32)
    nuclei[18:22, 10:14], nuclei[18:22, 30:34] = 1, 2
    stain = np.full((40, 60), 100, dtype=np.float32)
    stain[:, 26:] = 130  # the second cell is brighter and reaches closer to the first nucleus
    stain[:8] = stain[32:] = 0
    labels = segment_cells(nuclei, stain, CellSettings("propagation", "gfp", {"regularisation": 0.001}), 1.0).labels
    assert (labels[10:30, 15:24] == 1).all()
    assert (labels[10:30, 28:50] == 2).all()


def test_no_nuclei_no_cells() -> None:
    empty = np.zeros(SHAPE, dtype=np.int32)
    assert not segment_cells(empty, None, TERRITORIES, 1.0).labels.any()
    assert not segment_cells(empty, lit(disc(SHAPE, 30, 30, 9)), PROPAGATION, 1.0).labels.any()
    assert not perinuclear_ring(empty, empty, RingSettings(), 1.0).any()


def test_the_ring_lies_between_gap_and_width() -> None:
    nuclei = np.zeros((41, 41), dtype=np.int32)
    nuclei[20, 20] = 5
    cells = np.full((41, 41), 5, dtype=np.int32)
    ring = perinuclear_ring(nuclei, cells, RingSettings(gap_um=2.0, width_um=3.0), 0.5)
    y, x = np.nonzero(ring)
    distance = np.hypot(y - 20, x - 20) - 0.5  # from the nucleus's outline
    assert ring.max() == 5
    assert distance.min() >= 4.0
    assert distance.max() <= 10.0
    assert len(y) == pytest.approx(np.pi * (10.5**2 - 4.5**2), rel=0.03)


def test_without_a_gap_the_ring_touches_the_nucleus() -> None:
    nuclei = two_nuclei()
    ring = perinuclear_ring(nuclei, segment_cells(nuclei, None, TERRITORIES, 1.0).labels, RingSettings(0.0, 1.0), 1.0)
    assert not (ring[nuclei > 0]).any()
    assert ring[30, 25 + 5] == 3


def test_the_ring_stays_within_its_cell_and_off_other_nuclei() -> None:
    nuclei = two_nuclei(distance=12)
    cells = segment_cells(nuclei, None, TERRITORIES, 1.0).labels
    ring = perinuclear_ring(nuclei, cells, RingSettings(0.5, 6.0), 1.0)
    assert (cells[ring > 0] == ring[ring > 0]).all()
    assert not (nuclei[ring > 0]).any()


def test_cytoplasm_is_the_cell_without_any_nucleus() -> None:
    nuclei = two_nuclei()
    cells = segment_cells(nuclei, None, TERRITORIES, 1.0).labels
    rest = cytoplasm(nuclei, cells)
    assert rest.dtype == np.int32
    np.testing.assert_array_equal(np.where(nuclei > 0, nuclei, rest), cells)
    assert not rest[nuclei > 0].any()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (CellSettings("magic"), r"unknown method 'magic'(.|\n)*territories, propagation"),
        (CellSettings("propagation"), r"follows a stain(.|\n)*territories"),
        (CellSettings("territories", "gfp"), r"does not look at channel 'gfp'"),
        (CellSettings("territories", None, {"reach": 3}), r"no option 'reach'(.|\n)*reach_um"),
        (CellSettings("territories", None, {"reach_um": 0}), r"reach_um: must be a number above 0"),
        (CellSettings("territories", None, {"reach_um": True}), r"found True"),
        (CellSettings("territories", None, {"reach_um": "far"}), r"found 'far'"),
        (CellSettings("propagation", "gfp", {"regularisation": -1}), r"regularisation: must be a number of 0 or more"),
        (CellSettings("propagation", "gfp", {"global_share": 0.0}), r"global_share: must be a number above 0"),
        (PROPAGATION, r"was given no image(.|\n)*read channel 'gfp'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: CellSettings, words: str) -> None:
    with pytest.raises(InputError, match=words):
        segment_cells(two_nuclei(), None, settings, 1.0)


def test_a_propagation_without_an_image_is_refused_even_when_built_by_hand() -> None:
    from coculture.imaging.segment.propagation import Propagation

    with pytest.raises(InputError, match="no image"):
        Propagation().segment(two_nuclei(), None, 1.0)


@pytest.mark.parametrize(
    ("nuclei", "words"),
    [
        (np.zeros((3, 4, 5), dtype=np.int32), "whole numbers"),
        (np.zeros((3, 4)), "whole numbers"),
        (np.full((3, 4), -1), "0 or positive"),
    ],
)
def test_labels_that_are_none_are_refused(nuclei: np.ndarray, words: str) -> None:
    with pytest.raises(InputError, match=words):
        segment_cells(nuclei, None, TERRITORIES, 1.0)


def test_images_of_another_field_are_refused() -> None:
    with pytest.raises(InputError, match="use one field's images"):
        segment_cells(two_nuclei(), np.zeros((5, 5)), PROPAGATION, 1.0)


@pytest.mark.parametrize(("gap", "width", "words"), [(-0.1, 1.0, "gap_um"), (0.0, 0.0, "width_um"), (np.nan, 1.0, "gap_um")])
def test_rings_that_make_no_sense_are_refused(gap: float, width: float, words: str) -> None:
    with pytest.raises(InputError, match=words):
        RingSettings(gap, width)
