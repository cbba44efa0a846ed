"""Join kernels beside their plain NumPy twins."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.interactions.heterotypic.joins import ReversedLists
from coculture.interactions.kernels import joins as kernels
from coculture.interactions.kernels import shuffling
from coculture.interactions.neighbours.graph import NeighbourGraph


def random_weights(rng: np.random.Generator, cells: int, density: float = 0.3) -> np.ndarray:
    weights = np.where(rng.random((cells, cells)) < density, rng.random((cells, cells)), 0)
    np.fill_diagonal(weights, 0)
    return weights


@pytest.fixture(params=["directed", "undirected", "dense"])
def case(request) -> tuple[np.ndarray, NeighbourGraph]:
    rng = np.random.default_rng(5)
    weights = random_weights(rng, 40, 0.95 if request.param == "dense" else 0.2)
    weights = weights + weights.T if request.param == "undirected" else weights
    return weights, NeighbourGraph.from_matrix(weights)


def test_count_joins(case) -> None:
    weights, graph = case
    codes = np.random.default_rng(0).integers(0, 3, 40)
    joins, one_hot = np.zeros((3, 3)), np.eye(3)[codes]
    kernels.count_joins(graph.start, graph.neighbour, graph.weight, codes, joins)
    np.testing.assert_allclose(joins, one_hot.T @ weights @ one_hot)


def six_sums(weights: np.ndarray, back: np.ndarray) -> list[float]:
    out, inward = weights.sum(axis=1), back.sum(axis=1)
    return [weights.sum(), (weights**2).sum(), (weights * back).sum(), (out**2).sum(), (inward**2).sum(), (out * inward).sum()]


def test_weight_sums(case) -> None:
    weights, graph = case
    total, squares, *degrees = kernels.weight_sums(graph.start, graph.neighbour, graph.weight, graph.directed)
    expected = six_sums(weights, weights.T)
    np.testing.assert_allclose([total, squares, *degrees], expected[:2] + expected[3:])
    assert 2 * graph.mirrored()[1] == pytest.approx(expected[2])


@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("even", [True, False])
def test_mirror_sums(unit: bool, even: bool) -> None:
    rng = np.random.default_rng(6)
    weights = np.zeros((30, 30))
    for row in range(30):
        weights[row, rng.permutation(np.delete(np.arange(30), row))[: 5 if even else rng.integers(0, 12)]] = 1
    weights *= 1 if unit else rng.integers(1, 3, (30, 30))
    graph = NeighbourGraph.from_matrix(weights)
    both = np.triu((weights > 0) & (weights.T > 0))
    assert graph.mirrored() == (int((both & (weights == weights.T)).sum()), float((weights * weights.T)[both].sum()))


def test_stratum_sums_and_expectations(case) -> None:
    weights, graph = case
    rng = np.random.default_rng(1)
    strata, fractions = rng.integers(0, 3, 40), rng.random((3, 2))
    back = ReversedLists.of(graph)
    lists = (graph.start, graph.neighbour, graph.weight)
    sums, within, across = np.zeros((6, 3, 3)), np.zeros(40), np.zeros((40, 2))
    kernels.stratum_sums(*lists, back.start, back.neighbour, back.weight, strata, sums)
    for s in range(3):
        for u in range(3):
            block = np.ix_(strata == s, strata == u)
            np.testing.assert_allclose(sums[:, s, u], six_sums(weights[block], weights.T[block]))
    kernels.within_weights(*lists, strata, within)
    np.testing.assert_allclose(within, (weights * (strata[:, None] == strata)).sum(axis=1))
    kernels.expected_across(*lists, strata, fractions, across)
    np.testing.assert_allclose(across, (weights * (strata[:, None] != strata)) @ fractions[strata])


def test_shuffle_makes_every_order_equally_often() -> None:
    rng, seen = np.random.default_rng(3), {}
    for _ in range(4800):
        codes = np.array([9, 0, 1, 2, 9], np.uint8)
        assert shuffling.shuffle(codes, 1, 4, rng.integers(0, 2**32, 40, dtype=np.uint32), 0) == 2
        assert codes[0] == codes[4] == 9
        seen[tuple(codes[1:4])] = seen.get(tuple(codes[1:4]), 0) + 1
    assert len(seen) == 6
    assert sum((count - 800) ** 2 / 800 for count in seen.values()) < 20.5  # chi-squared, 5 degrees of freedom, p = 0.001


def test_shuffle_rejects_draws_that_would_favour_some_order_and_says_when_it_runs_out() -> None:
    codes = np.array([0, 1, 2], np.uint8)
    assert shuffling.shuffle(codes, 0, 3, np.array([0, 7, 7], np.uint32), 0) == 3  # 2^32 mod 3 = 1: a draw of 0 is refused
    assert shuffling.shuffle(codes, 0, 3, np.array([0, 7], np.uint32), 0) == -1


def test_lane_counts() -> None:
    rng = np.random.default_rng(8)
    lanes = rng.integers(0, 16, (8, 30)).astype(np.uint8)
    first, second = rng.integers(0, 30, 90).astype(np.uint32), rng.integers(0, 30, 90).astype(np.uint32)
    weight, words = rng.random(90), np.zeros(30, np.uint64)
    shuffling.interleave(lanes, words)
    counts, weights = np.zeros((8, 256), np.int64), np.zeros((8, 256))
    shuffling.count_lanes(first, second, words, counts)
    shuffling.weigh_lanes(first, second, weight, words, weights)
    for lane in range(8):
        expected, weighed, alone = np.zeros((16, 16)), np.zeros((16, 16)), np.zeros((16, 16))
        np.add.at(expected, (lanes[lane][first], lanes[lane][second]), 1)
        np.add.at(weighed, (lanes[lane][first], lanes[lane][second]), weight)
        shuffling.weigh_one(first, second, weight, lanes[lane], alone)
        np.testing.assert_array_equal(counts[lane].reshape(16, 16), expected)
        np.testing.assert_allclose(weights[lane].reshape(16, 16), weighed)
        np.testing.assert_allclose(alone, weighed)
