"""Laws of the label-permutation null: exact moments against enumeration and permutation, and their symmetries."""

from __future__ import annotations

from itertools import permutations, product

import numba
import numpy as np
import pytest

from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.enrichment import enrichment
from coculture.interactions.heterotypic.joins import join_counts, pair_places
from coculture.interactions.heterotypic.permutation import permuted_joins
from coculture.interactions.heterotypic.stratified_moments import stratified_moments
from coculture.interactions.neighbours.definition import Cells
from coculture.interactions.neighbours.delaunay import DelaunayNeighbours
from coculture.interactions.neighbours.graph import NeighbourGraph
from coculture.interactions.neighbours.k_nearest import KNearest
from coculture.interactions.neighbours.radius import WithinRadius
from coculture.randomness import stream

needs_compiled_kernels = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="too many draws for plain Python")


def all_labellings(codes: np.ndarray, strata: np.ndarray) -> list[np.ndarray]:
    """Every distinct arrangement, found by brute force."""
    groups = [np.flatnonzero(strata == name) for name in np.unique(strata)]
    found = []
    for parts in product(*(sorted(set(permutations(codes[group].tolist()))) for group in groups)):
        labelling = np.empty_like(codes)
        for group, part in zip(groups, parts, strict=True):
            labelling[group] = part
        found.append(labelling)
    return found


@pytest.mark.parametrize("trial", range(24))
def test_moments_equal_enumeration(trial: int) -> None:
    rng = stream(11, str(trial))
    cells, kinds, many = int(rng.integers(1, 8)), int(rng.integers(1, 4)), 1 + trial % 3
    weights = np.where(rng.random((cells, cells)) < 0.5, rng.random((cells, cells)) if trial % 2 else 1.0, 0.0)
    np.fill_diagonal(weights, 0)
    graph = NeighbourGraph.from_matrix(weights + weights.T if trial % 4 < 2 else weights)
    codes, strata = rng.integers(0, kinds, cells), rng.integers(0, many, cells)
    names = tuple("abc"[:kinds])
    values = np.array([join_counts(graph, CellTypes(names, labels)) for labels in all_labellings(codes, strata)])
    moments = stratified_moments(graph, CellTypes(names, codes), strata)
    shift = values - values.mean(axis=0)
    scale = max(1.0, float((values**2).mean(axis=0).max()))
    np.testing.assert_allclose(moments.mean, values.mean(axis=0), rtol=0, atol=1e-12 * scale)
    np.testing.assert_allclose(
        moments.covariance, np.einsum("nab,ncd->abcd", shift, shift) / len(values), rtol=0, atol=1e-12 * scale
    )
    assert ((moments.variance() > 0) == (values.var(axis=0) > 1e-12)).all()


def ten_graphs() -> list[tuple[str, NeighbourGraph, np.ndarray, np.ndarray | None]]:
    """Ten graphs of several kinds, with types and, for some, strata."""
    rng, found = stream(21), []
    for number in range(10):
        cells = 150 + 60 * number
        points = rng.uniform(0, 10 * np.sqrt(cells), (cells, 3 if number == 7 else 2))
        kinds = 2 + number % 4
        types = rng.choice(kinds, cells, p=np.arange(1, kinds + 1) / np.arange(1, kinds + 1).sum())
        definition = [DelaunayNeighbours(), KNearest(5), WithinRadius(14.0), KNearest(4, "either")][number % 4]
        graph = definition.graph(Cells(points))
        if number in (4, 5, 6):  # weighted
            weight = 1 + np.abs(np.sin(graph.rows() * graph.neighbour)) if graph.directed else graph.distance_um
            graph = NeighbourGraph(graph.start, graph.neighbour, weight, None, graph.directed, "weighted")
        strata = (points[:, 0] // 60).astype(int) if number in (3, 6, 8, 9) else None
        found.append((str(number), graph, types, strata))
    return found


def errors_in_standard_errors(draws: int) -> np.ndarray:
    """How far the z from ``draws`` permutations lies from the exact z, in its own standard errors."""
    found = []
    for name, graph, types, strata in ten_graphs():
        table = enrichment(graph, types, strata=strata).table
        known, rng = CellTypes.of(types), stream(31, name)
        parts = [permuted_joins(graph, known, min(draws, 20_000), rng, strata=strata).joins for _ in range(-(-draws // 20_000))]
        joins = np.concatenate(parts)
        first, second = (
            table[side].map({kind: k for k, kind in enumerate(known.names)}).to_numpy() for side in ("type_a", "type_b")
        )
        seen = joins[:, first, second]
        mean, sd = seen.mean(axis=0), seen.std(axis=0)
        kurtosis = ((seen - mean) ** 4).mean(axis=0) / sd**4
        z = (table["observed"].to_numpy() - mean) / sd
        error = np.sqrt((1 + z**2 * (kurtosis - 1) / 4) / len(joins))
        found.append((z - table["z"].to_numpy()) / error)
    return np.concatenate(found)


@needs_compiled_kernels
def test_z_is_the_limit_of_permutations() -> None:
    errors = errors_in_standard_errors(4_000)
    assert len(errors) > 80
    assert np.mean(np.abs(errors) < 3) > 0.97
    assert np.abs(errors).max() < 4.5
    assert 0.7 < errors.std() < 1.3


@pytest.mark.slow
@needs_compiled_kernels
def test_z_is_the_limit_of_a_million_permutations() -> None:
    errors = errors_in_standard_errors(1_000_000)
    assert np.mean(np.abs(errors) < 3) > 0.97
    assert np.abs(errors).max() < 4.5


@needs_compiled_kernels
def test_random_labels_are_called_at_five_per_cent() -> None:
    points = stream(41).uniform(0, 1000, (3200, 2))  # a field of many cells: counts then move in steps far below their sd
    graph = DelaunayNeighbours().graph(Cells(points))
    types = CellTypes.of(np.repeat(["a", "b", "c"], [1000, 1200, 1000]))
    joins = permuted_joins(graph, types, 10_000, stream(42)).joins
    moments = stratified_moments(graph, types, None)
    called = np.abs((joins - moments.mean) / np.sqrt(moments.variance())) > 1.959963984540054
    rates = called.mean(axis=0)[np.triu_indices(3)]
    assert rates.min() > 0.045
    assert rates.max() < 0.055


def test_counts_sum_to_the_graph_so_their_covariances_sum_to_zero() -> None:
    for _, graph, types, strata in ten_graphs()[3:7]:
        moments = stratified_moments(graph, CellTypes.of(types), strata)
        first, second = pair_places(graph.directed, len(moments.mean))
        assert moments.mean[first, second].sum() == pytest.approx(graph.pairs()[2].sum())
        summed = moments.covariance[first, second].sum(axis=0)
        assert np.abs(summed).max() < 1e-8 * moments.variance().max()


def test_merging_two_types_adds_their_rows() -> None:
    _, graph, types, strata = ten_graphs()[6]
    apart = stratified_moments(graph, CellTypes.of(types), strata)
    merged = stratified_moments(graph, CellTypes.of(np.where(types == 3, 2, types)), strata)
    fold = np.eye(4)[:, :3]
    fold[3, 2] = 1
    upper = np.triu(np.ones((4, 4))) if not graph.directed else np.ones((4, 4))
    mean = fold.T @ (apart.mean * upper) @ fold
    covariance = np.einsum("abcd,ab,cd,ae,bf,cg,dh->efgh", apart.covariance, upper, upper, fold, fold, fold, fold, optimize=True)
    upper = upper[:3, :3]
    np.testing.assert_allclose(mean * upper, merged.mean * upper)
    expected = np.einsum("abcd,ab,cd->abcd", merged.covariance, upper, upper)
    np.testing.assert_allclose(covariance, expected, atol=1e-8 * merged.variance().max())


def test_z_forgets_the_order_of_cells_and_the_unit_of_weights() -> None:
    _, graph, types, strata = ten_graphs()[6]
    expected = enrichment(graph, types, strata=strata).table["z"]
    order = stream(51).permutation(graph.n_cells)
    first, second, weight = graph.pairs()
    moved = NeighbourGraph.from_pairs(
        graph.n_cells, np.argsort(order)[first], np.argsort(order)[second], weight=0.65 * weight, definition="moved"
    )
    np.testing.assert_allclose(enrichment(moved, types[order], strata=strata[order]).table["z"], expected, rtol=1e-9)


def test_one_stratum_is_none_and_a_stratum_each_leaves_nothing_to_chance() -> None:
    _, graph, types, _ = ten_graphs()[0]
    known = CellTypes.of(types)
    whole, one = stratified_moments(graph, known, None), stratified_moments(graph, known, np.full(len(types), "all"))
    np.testing.assert_array_equal(whole.covariance, one.covariance)
    each = stratified_moments(graph, known, np.arange(len(types)))
    np.testing.assert_allclose(each.mean, join_counts(graph, known))
    assert (each.variance() == 0).all()
