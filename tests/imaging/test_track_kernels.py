"""The tracking kernels against plain NumPy and SciPy twins."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from coculture.imaging.track import kernels

pytestmark = pytest.mark.kernel


def film(seed: int = 0, frames: int = 5, most: int = 9):
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, most, frames)
    start = np.insert(np.cumsum(counts), 0, 0).astype(np.int64)
    x = np.concatenate([np.sort(rng.integers(0, 12, n)).astype(float) for n in counts])
    y = rng.integers(0, 12, start[-1]).astype(float)
    block = np.array([0, 0, 0, 1, 1][:frames], np.int64)
    return x, y, start, block, np.repeat(np.arange(frames), counts)


def test_first_not_below_agrees_with_searchsorted() -> None:
    values = np.array([0.0, 1.0, 1.0, 3.0, 7.0])
    for bound in (-1.0, 0.0, 1.0, 2.0, 7.0, 8.0):
        assert kernels.first_not_below(values, 1, 5, bound) == 1 + np.searchsorted(values[1:], bound)


@pytest.mark.parametrize("lag", [1, 2])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_near_pairs_agrees_with_all_pairs(lag: int, seed: int) -> None:
    x, y, start, block, frame = film(seed)
    rng = np.random.default_rng(seed + 10)
    at_x, at_y = x + rng.normal(size=x.size), y + rng.normal(size=x.size)
    source, target = rng.random(x.size) < 0.8, rng.random(x.size) < 0.8
    radius = rng.uniform(1, 8, frame.max() + 1)
    expected = [
        (i, j, np.hypot(x[j] - at_x[i], y[j] - at_y[i]))
        for i in range(x.size)
        for j in range(x.size)
        if frame[j] - frame[i] == lag and block[frame[i]] == block[frame[j]] and source[i] and target[j]
        if np.hypot(x[j] - at_x[i], y[j] - at_y[i]) <= radius[frame[i]]
    ]
    first, second, distance = np.zeros(500, np.int64), np.zeros(500, np.int64), np.zeros(500)
    search = (at_x, at_y, x, y, start, block, lag, radius, source, target)
    number = kernels.near_pairs(*search, first, second, distance)
    assert number == len(expected)
    assert number == kernels.near_pairs(*search, first[:1], second[:1], distance[:1])
    assert list(zip(first[:number], second[:number], strict=True)) == [(i, j) for i, j, _ in expected]
    np.testing.assert_allclose(distance[:number], [r for _, _, r in expected], rtol=1e-12)


@pytest.mark.parametrize("lag", [-1, 0, 1])
@pytest.mark.parametrize("seed", [0, 3, 4])
def test_nearest_agrees_with_all_pairs(lag: int, seed: int) -> None:
    x, y, start, block, frame = film(seed)
    found, distance = np.empty(x.size, np.int64), np.empty(x.size)
    kernels.nearest(x, y, x, y, start, block, lag, found, distance)
    for i in range(x.size):
        there = np.flatnonzero((frame == frame[i] + lag) & (np.arange(x.size) != i))
        if not len(there) or block[frame[there[0]]] != block[frame[i]]:
            assert found[i] == -1
            assert np.isinf(distance[i])
            continue
        r = np.hypot(x[there] - x[i], y[there] - y[i])
        assert found[i] == there[np.argmin(r)]
        assert distance[i] == pytest.approx(r.min())


def sparse_problem(rng: np.random.Generator, rows: int, columns: int, filled: float):
    matrix = np.where(rng.random((rows, columns)) < filled, rng.integers(1, 30, (rows, columns)).astype(float), 0.0)
    row, column = np.nonzero(matrix)
    edge = np.searchsorted(row, np.arange(rows + 1)).astype(np.int64)
    return matrix, edge, column.astype(np.int64), matrix[row, column]


@pytest.mark.parametrize("seed", range(12))
def test_assignment_reaches_the_gain_of_the_dense_solver(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(1, 15, 2)
    matrix, edge, column, gain = sparse_problem(rng, rows, columns, rng.uniform(0.1, 0.9))
    partner, owner = np.empty(rows, np.int64), np.empty(columns, np.int64)
    kernels.assign(rows, edge, column, gain, partner, owner)
    best = linear_sum_assignment(matrix, maximize=True)
    matched = np.flatnonzero(partner >= 0)
    assert matrix[matched, partner[matched]].sum() == pytest.approx(matrix[best].sum())
    assert (matrix[matched, partner[matched]] > 0).all()
    assert (owner[partner[matched]] == matched).all()
    assert np.count_nonzero(owner >= 0) == len(matched)


def test_assignment_leaves_the_less_gainful_alone() -> None:
    partner, owner = np.empty(2, np.int64), np.empty(1, np.int64)
    kernels.assign(2, np.array([0, 1, 2]), np.array([0, 0]), np.array([1.0, 3.0]), partner, owner)
    assert partner.tolist() == [-1, 0]
    assert owner.tolist() == [1]


def test_frames_are_assigned_each_for_itself() -> None:
    rng = np.random.default_rng(5)
    start = np.array([0, 3, 3, 7, 10], np.int64)  # the second frame is empty
    matrix, edge, column, gain = sparse_problem(rng, 4, 3, 0.9)
    whole_edge = np.concatenate((np.zeros(3, np.int64), edge, np.full(3, edge[-1])))
    later, earlier = np.empty(10, np.int64), np.empty(10, np.int64)
    kernels.assign_frames(start, whole_edge, column + 7, gain, later, earlier)
    best = linear_sum_assignment(matrix, maximize=True)
    rows = np.flatnonzero(later >= 0)
    assert matrix[rows - 3, later[rows] - 7].sum() == pytest.approx(matrix[best].sum())
    assert (earlier[later[rows]] == rows).all()
    assert set(rows) <= set(range(3, 7))


def test_choose_takes_the_best_first_and_no_cell_twice() -> None:
    mother, child, other = (np.array(v, np.int64) for v in ([0, 0, 1, 2], [5, 6, 5, 7], [-1, -1, -1, 8]))
    chosen, used, taken = np.zeros(4, bool), np.zeros(9, bool), np.zeros(9, bool)
    kernels.choose(mother, child, other, used, taken, chosen)
    assert chosen.tolist() == [True, False, False, True]
    assert np.flatnonzero(taken).tolist() == [5, 7, 8]
    again = np.zeros(4, bool)
    kernels.choose(mother, child, other, np.zeros(9, bool), np.arange(9) == 8, again)
    assert again.tolist() == [True, False, False, False]
