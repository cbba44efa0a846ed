"""The neighbour search against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.errors import InputError
from coculture.interactions.neighbours.cell_list import CellList


def distances(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.linalg.norm(points[:, None] - others[None], axis=2)


def clouds(dimensions: int) -> list[np.ndarray]:
    rng = np.random.default_rng(dimensions)
    scale = np.array([1.0, 0.3, 2.0])[:dimensions]
    clumps = np.repeat(rng.uniform(-1, 1, (6, dimensions)), 8, axis=0) + rng.normal(0, 0.01, (48, dimensions))
    return [rng.uniform(-1, 1, (n, dimensions)) * scale for n in (0, 1, 2, 60)] + [clumps, np.zeros((5, dimensions))]


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("bins", [None, 0.05, 0.4, 9.0])
def test_pairs_equal_the_twin(dimensions: int, bins: float | None) -> None:
    for points in clouds(dimensions):
        listed = CellList.build(points, bins)
        for cutoff in (0.02, 0.3, 4.0):
            first, second, far = listed.pairs(cutoff)
            i, j = np.nonzero(np.triu(distances(points, points) <= cutoff, 1))
            order = np.lexsort((second, first))
            assert first[order].tolist() == i.tolist()
            assert second[order].tolist() == j.tolist()
            np.testing.assert_allclose(far, np.linalg.norm(points[first] - points[second], axis=1), atol=1e-15)


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("bins", [None, 0.1, 3.0])
def test_points_of_another_population_equal_the_twin(dimensions: int, bins: float | None) -> None:
    asking = np.random.default_rng(7).uniform(-3, 3, (30, dimensions))
    for points in clouds(dimensions):
        listed, between = CellList.build(points, bins), distances(asking, points)
        for cutoff in (0.02, 1.0, 9.0):
            one, other, far = listed.near(asking, cutoff)
            i, j = np.nonzero(between <= cutoff)
            assert one.tolist() == i.tolist()
            assert other.tolist() == j.tolist()
            np.testing.assert_allclose(far, between[i, j], rtol=1e-12)
        for k in (1, 4, 70):
            expected = np.argsort(between, axis=1, kind="stable")[:, :k]
            found, far = listed.nearest(k, asking)
            held = expected.shape[1]
            np.testing.assert_allclose(far[:, :held], np.take_along_axis(between, expected, 1), rtol=1e-12)
            assert (found[:, :held] == expected).all()
            assert (found[:, held:] == -1).all()
            assert np.isinf(far[:, held:]).all()


def test_nearest_of_its_own_leaves_itself_out_and_ties_go_by_row() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [5.0, 5.0]])
    found, far = CellList.build(points).nearest(2)
    assert found[0].tolist() == [1, 2]
    assert far[0].tolist() == [1.0, 1.0]
    assert found[4].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda: CellList.build(np.zeros((3, 4))), "positions of shape"),
        (lambda: CellList.build(np.array([[0.0, np.nan]])), "1 positions are not finite, the first in row 0"),
        (lambda: CellList.build(np.zeros((3, 2)), 0.0), "0.0 is not a distance"),
        (lambda: CellList.build(np.zeros((3, 2))).pairs(-1.0), "-1.0 is not a distance"),
        (lambda: CellList.build(np.zeros((3, 2))).nearest(0), "k = 0"),
        (lambda: CellList.build(np.zeros((3, 2))).near(np.zeros((3, 3)), 1.0), "3 dimensions asked of a grid of 2"),
    ],
)
def test_bad_input_is_named(action, words: str) -> None:
    with pytest.raises(InputError, match=words):
        action()
