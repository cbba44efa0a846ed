"""The contact graph of a label image."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.ndimage import distance_transform_edt

from coculture.errors import InputError
from coculture.interactions.contacts import ISOTROPY, TURN_SAVING, disc_contacts, touching_pairs


def twin(labels: np.ndarray, gap: float = 0.0) -> dict[tuple[int, int], float]:
    """Plain-Python twin: walk every 2×2 block of the nearest-label map and apply the definition literally."""
    distance, places = distance_transform_edt(labels == 0, return_indices=True)
    nearest = labels[tuple(places)] if gap >= 1 else labels
    found: dict[tuple[int, int], float] = {}

    def crack(p: tuple[int, int], q: tuple[int, int]) -> bool:
        a, b = nearest[p], nearest[q]
        return bool(a > 0 and b > 0 and a != b and distance[p] + distance[q] <= gap + 1e-6)

    def add(p: tuple[int, int], q: tuple[int, int], amount: float) -> None:
        pair = (int(min(nearest[p], nearest[q])), int(max(nearest[p], nearest[q])))
        found[pair] = found.get(pair, 0.0) + amount

    height, width = labels.shape
    for y in range(height):
        for x in range(width):
            for q in ((y, x + 1), (y + 1, x)):
                if q[0] < height and q[1] < width and crack((y, x), q):
                    add((y, x), q, 1.0)
            if y + 1 == height or x + 1 == width:
                continue
            for p in ((y, x), (y, x + 1), (y + 1, x), (y + 1, x + 1)):
                left, right, opposite = (p[0], 2 * x + 1 - p[1]), (2 * y + 1 - p[0], p[1]), (2 * y + 1 - p[0], 2 * x + 1 - p[1])
                if nearest[left] == nearest[right] and crack(p, left) and crack(p, right):
                    add(p, left, -TURN_SAVING * (0.5 if nearest[opposite] == nearest[p] else 1.0))
    return {pair: ISOTROPY * length for pair, length in sorted(found.items())}


def as_dict(frame: pd.DataFrame) -> dict[tuple[int, int], float]:
    return {(int(a), int(b)): float(length) for a, b, length in frame.itertuples(index=False)}


@pytest.mark.parametrize("density", [0.3, 0.7, 1.0])
def test_equals_the_twin_on_random_images(density: float) -> None:
    rng = np.random.default_rng(4)
    for shape in ((1, 1), (1, 7), (9, 1), (13, 17), (24, 9)):
        labels = np.where(rng.random(shape) < density, rng.choice([3, 17, 90000, 5], shape), 0).astype(np.int32)
        found, expected = as_dict(touching_pairs(labels, 1.0)), twin(labels)
        assert list(found) == list(expected)
        assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("gap", [1.0, 2.0, 3.7])
def test_gap_equals_the_twin(gap: float) -> None:
    labels = np.zeros((26, 30), np.int32)
    for number, (y, x, size) in {7: (2, 2, 6), 3: (2, 10, 5), 40: (11, 3, 7), 8: (12, 13, 4), 9: (9, 22, 6)}.items():
        labels[y : y + size, x : x + size] = number
    found, expected = as_dict(touching_pairs(labels, 1.0, gap_um=gap)), twin(labels, gap)
    assert list(found) == list(expected)
    for pair, length in expected.items():  # ties between equally near labels may move a crack or two
        assert found[pair] == pytest.approx(length, abs=1.2)


def test_two_squares_side_by_side() -> None:
    labels = np.zeros((20, 30), np.int32)
    labels[5:15, 5:15], labels[5:15, 15:25] = 700, 12
    frame = touching_pairs(labels, 0.5)
    assert frame["cell_a"].tolist() == [12]
    assert frame["cell_b"].tolist() == [700]
    assert frame["contact_length_um"].iloc[0] == pytest.approx(0.5 * 10 * ISOTROPY)
    assert [str(kind) for kind in frame.dtypes] == ["int64", "int64", "float64"]


def test_a_shared_corner_is_no_contact() -> None:
    labels = np.array([[1, 0], [0, 2]], np.int32)
    assert touching_pairs(labels, 1.0).empty


def test_length_is_unbiased_over_directions() -> None:
    size, errors = 400, []
    y, x = np.mgrid[:size, :size] + 0.5 - size / 2
    disc = x**2 + y**2 < 180**2
    for angle in np.deg2rad(np.arange(0, 180, 7.5)):
        labels = np.where(disc, np.where(x * np.cos(angle) + y * np.sin(angle) > 0.1234, 2, 1), 0).astype(np.int32)
        errors.append(touching_pairs(labels, 0.65)["contact_length_um"].iloc[0] / (0.65 * 360) - 1)
    assert min(errors) > -0.057
    assert max(errors) < 0.030
    assert abs(np.mean(errors)) < 0.006


def test_a_strip_of_background_is_bridged_from_its_own_width_on() -> None:
    for strip in (1, 2, 3, 4):
        labels = np.zeros((12, 20), np.int32)
        labels[:, :8], labels[:, 8 + strip :] = 1, 2
        assert touching_pairs(labels, 0.5, gap_um=0.5 * strip - 0.1).empty
        for options in ({"gap_um": 0.5 * strip}, {"dilation_um": 0.25 * strip}):
            frame = touching_pairs(labels, 0.5, **options)
            assert frame["contact_length_um"].tolist() == pytest.approx([0.5 * 12 * ISOTROPY])


def test_a_bridge_does_not_pass_through_a_third_cell() -> None:
    labels = np.repeat(np.array([[1, 1, 0, 3, 0, 2, 2]], np.int32), 5, axis=0)
    assert as_dict(touching_pairs(labels, 1.0, gap_um=5.0)).keys() == {(1, 3), (2, 3)}


def test_image_edges_count_no_border() -> None:
    assert touching_pairs(np.full((5, 6), 4, np.int32), 1.0).empty
    assert touching_pairs(np.zeros((0, 0), np.int32), 1.0).empty


def test_many_pairs_outgrow_the_first_table() -> None:
    labels = np.arange(1, 140 * 130 + 1, dtype=np.int32).reshape(140, 130)
    assert len(touching_pairs(labels, 1.0)) == 139 * 130 + 140 * 129


@pytest.mark.parametrize(
    ("labels", "size", "gap", "words"),
    [
        (np.zeros((2, 2, 2), np.int32), 1.0, 0.0, "two-dimensional array of integers"),
        (np.zeros((2, 2)), 1.0, 0.0, "two-dimensional array of integers"),
        (np.array([[-1]], np.int32), 1.0, 0.0, "label -1 is negative"),
        (np.array([[2**40]]), 1.0, 0.0, "is larger than"),
        (np.zeros((2, 2), np.int32), 0.0, 0.0, "pixel size 0.0"),
        (np.zeros((2, 2), np.int32), np.nan, 0.0, "pixel size nan"),
        (np.zeros((2, 2), np.int32), 1.0, -1.0, "-1.0 is not a length"),
    ],
)
def test_bad_input_is_named(labels: np.ndarray, size: float, gap: float, words: str) -> None:
    with pytest.raises(InputError, match=words):
        touching_pairs(labels, size, gap_um=gap)


def test_discs_share_the_chord_in_which_they_cut() -> None:
    ids = np.array([9, 4, 7, 2])
    centres = np.array([[0.0, 0.0], [8.0, 0.0], [8.0, 10.5], [1.0, 0.0]])
    frame = disc_contacts(ids, centres, np.array([5.0, 5.0, 5.0, 1.0]))
    assert as_dict(frame) == pytest.approx({(2, 9): 2.0, (4, 9): 6.0})
    wider = as_dict(disc_contacts(ids, centres, np.array([5.0, 5.0, 5.0, 1.0]), gap_um=1.0))
    assert wider.keys() == {(2, 4), (2, 9), (4, 7), (4, 9)}
    assert wider[2, 4] == 0.0
    assert wider[4, 7] == pytest.approx(2 * np.sqrt(5.5**2 - 5.25**2))


def test_discs_in_three_dimensions_and_at_one_place() -> None:
    centres = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 8.0], [0.0, 0.0, 8.0]])
    frame = disc_contacts(np.arange(3), centres, np.array([5.0, 5.0, 4.0]))
    assert frame["contact_length_um"].tolist() == pytest.approx([6.0, 2 * np.sqrt(25 - 4.5625**2), 8.0])
    with pytest.raises(InputError, match="all radii and the gap are 0"):
        disc_contacts(np.arange(3), centres, np.zeros(3))
    with pytest.raises(InputError, match="one number >= 0 per cell"):
        disc_contacts(np.arange(3), centres, np.zeros(2))
