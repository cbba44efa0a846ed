"""Laws of segmentation: what must hold for every image, whatever the numbers inside a method."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.cases.discs import disc, field_of_nuclei, lit, one_ellipse, two_touching_discs

from coculture.imaging.segment import (
    CellSettings,
    NucleusSettings,
    RingSettings,
    perinuclear_ring,
    segment_cells,
    segment_nuclei,
)

NUCLEI = NucleusSettings()
FEW = settings(max_examples=8, deadline=None)


def areas(labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """Areas of the labels, rising."""
    counts = np.bincount(labels.ravel())[1:]
    return np.sort(counts[counts > 0])


@FEW
@given(radius=st.floats(6, 14), pixel_size=st.sampled_from([0.25, 0.65, 2.0]))
def test_a_bright_disc_is_outlined_at_its_own_size(radius: float, pixel_size: float) -> None:
    """Within 0.7 pixels: at 0.4 of its height a blurred edge lies outside the disc, as hand-drawn outlines do."""
    labels = segment_nuclei(lit(disc((48, 48), 24, 24, radius)), NUCLEI, pixel_size)
    assert np.sqrt(areas(labels) / np.pi).tolist() == [pytest.approx(radius, abs=0.7)]


def test_two_touching_discs_are_split() -> None:
    labels = segment_nuclei(lit(two_touching_discs()), NUCLEI, 1.0)
    assert len(areas(labels)) == 2
    assert areas(labels).min() > 0.9 * areas(labels).max()


def test_one_ellipse_is_not() -> None:
    assert len(areas(segment_nuclei(lit(one_ellipse()), NUCLEI, 1.0))) == 1


@FEW
@given(gain=st.floats(0.02, 200), offset=st.floats(-1000, 1000))
def test_gain_and_offset_of_the_camera_do_not_matter(gain: float, offset: float) -> None:
    image, _ = field_of_nuclei()
    plain = segment_nuclei(image, NUCLEI, 1.0)
    other = segment_nuclei(image * np.float32(gain) + np.float32(gain * offset / 10), NUCLEI, 1.0)
    assert (plain != other).mean() < 0.002


@FEW
@given(down=st.integers(0, 20), right=st.integers(0, 20))
def test_a_shifted_scene_has_shifted_outlines(down: int, right: int) -> None:
    image, _ = field_of_nuclei()
    ground = np.full((image.shape[0] + 40, image.shape[1] + 40), image.min(), dtype=np.float32)
    frames = []
    for y, x in ((10, 10), (10 + down, 10 + right)):
        scene = ground.copy()
        scene[y : y + image.shape[0], x : x + image.shape[1]] = image
        frames.append(segment_nuclei(scene, NUCLEI, 1.0)[y : y + image.shape[0], x : x + image.shape[1]])
    np.testing.assert_array_equal(areas(frames[0]), areas(frames[1]))
    np.testing.assert_array_equal(frames[0] > 0, frames[1] > 0)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_scene_has_turned_outlines(turns: int) -> None:
    image, _ = field_of_nuclei()
    plain = segment_nuclei(image, NUCLEI, 1.0)
    turned = segment_nuclei(np.ascontiguousarray(np.rot90(image, turns)), NUCLEI, 1.0)
    assert (np.rot90(plain > 0, turns) != (turned > 0)).mean() < 0.002
    np.testing.assert_allclose(areas(turned), areas(plain), rtol=0.03)


def test_a_mirrored_scene_has_mirrored_outlines() -> None:
    image, _ = field_of_nuclei()
    mirrored = segment_nuclei(np.ascontiguousarray(image[:, ::-1]), NUCLEI, 1.0)
    assert ((mirrored > 0)[:, ::-1] != (segment_nuclei(image, NUCLEI, 1.0) > 0)).mean() < 0.002


def test_the_same_image_gives_the_same_labels() -> None:
    image, _ = field_of_nuclei()
    np.testing.assert_array_equal(segment_nuclei(image, NUCLEI, 1.0), segment_nuclei(image.copy(), NUCLEI, 1.0))


def test_every_label_is_one_piece() -> None:
    from scipy import ndimage

    rng = np.random.default_rng(2)
    image = ndimage.gaussian_filter(rng.random((80, 80)), 3).astype(np.float32)
    labels = segment_nuclei(image, NUCLEI, 1.0)
    assert labels.any()
    for number in np.unique(labels)[1:]:
        assert ndimage.label(labels == number)[1] == 1


@pytest.mark.parametrize("cells", [CellSettings(), CellSettings("propagation", "gfp")])
def test_labels_with_gaps_keep_their_numbers(cells: CellSettings) -> None:
    image, truth = field_of_nuclei()
    numbers = np.array([0, 4, 0, 17, 2, 90, 31], dtype=np.int32)
    nuclei = numbers[truth]
    outlines = segment_cells(nuclei, image if cells.channel else None, cells, 1.0).labels
    assert set(np.unique(outlines)) == set(numbers.tolist())
    if not cells.channel:
        assert set(np.unique(perinuclear_ring(nuclei, outlines, RingSettings(0.5, 3.0), 1.0))) == set(numbers.tolist())
    plain = segment_cells(truth * (numbers[truth] > 0), image if cells.channel else None, cells, 1.0).labels
    np.testing.assert_array_equal(outlines, numbers[plain])


def test_outlines_on_a_stain_shrink_when_it_moves_and_territories_do_not() -> None:
    """The trap of a translocation assay: the stain goes from the cytoplasm into the nucleus, the cell stays as it is."""
    nucleus = disc((60, 60), 30, 30, 7)
    nuclei = nucleus.astype(np.int32)
    outside, inside = lit(disc((60, 60), 30, 30, 20) & ~nucleus), lit(nucleus)
    followed = [segment_cells(nuclei, stain, CellSettings("propagation", "gfp"), 1.0) for stain in (outside, inside)]
    still = [segment_cells(nuclei, None, CellSettings(), 1.0) for _ in (outside, inside)]
    assert [outlines.basis for outlines in (*followed, *still)] == ["gfp", "gfp", "nuclei", "nuclei"]
    assert (followed[0].labels > 0).sum() == pytest.approx(np.pi * 20**2, rel=0.1)
    assert (followed[1].labels > 0).sum() < 0.2 * (followed[0].labels > 0).sum()
    np.testing.assert_array_equal(still[0].labels, still[1].labels)


def test_cells_tile_without_overlap_and_symmetric_nuclei_get_equal_ground() -> None:
    nuclei = np.zeros((40, 80), dtype=np.int32)
    nuclei[disc((40, 80), 20, 30, 5)], nuclei[disc((40, 80), 20, 50, 5)] = 1, 2
    labels = segment_cells(nuclei, None, CellSettings(), 1.0).labels
    assert areas(labels)[0] == pytest.approx(areas(labels)[1], rel=0.05)
