"""Contact enrichment on small named cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.enrichment import enrichment, permutation_enrichment
from coculture.interactions.heterotypic.permutation import every_arrangement, number_of_arrangements, permuted_joins
from coculture.interactions.neighbours.graph import NeighbourGraph
from coculture.randomness import stream

PATH = NeighbourGraph.from_pairs(4, np.array([0, 1, 2]), np.array([1, 2, 3]), definition="a path of four cells")
"""0 - 1 - 2 - 3."""


def lattice(side: int) -> NeighbourGraph:
    number = np.arange(side * side).reshape(side, side)
    first = np.r_[number[:, :-1].ravel(), number[:-1].ravel()]
    second = np.r_[number[:, 1:].ravel(), number[1:].ravel()]
    return NeighbourGraph.from_pairs(side * side, first, second, definition="square lattice")


def row(table: pd.DataFrame, a: str, b: str) -> pd.Series:
    found = table[(table["type_a"] == a) & (table["type_b"] == b)]
    assert len(found) == 1
    return found.iloc[0]


def test_path_of_two_a_and_two_b_by_hand() -> None:
    # Six arrangements; a-b joins: aabb 1, abab 3, abba 2, baab 2, baba 3, bbaa 1. Mean 2, variance 4/6.
    result = enrichment(PATH, ["a", "b", "a", "b"])
    mixed = row(result.table, "a", "b")
    assert mixed["observed"] == 3
    assert mixed["expected"] == pytest.approx(2)
    assert mixed["sd"] == pytest.approx(np.sqrt(4 / 6))
    assert mixed["z"] == pytest.approx(1 / np.sqrt(4 / 6))
    assert mixed["n_a"] == mixed["n_b"] == 2
    assert result.table["reason"].tolist() == ["", "", ""]
    assert result.definition == "a path of four cells"
    assert mixed["note"] == "only 2 edges expected: p is rough"
    assert (enrichment(lattice(20), np.arange(400) % 2).table["note"] == "").all()
    checked = permutation_enrichment(PATH, ["a", "b", "a", "b"], stream(1))
    assert checked["every"].all()
    assert (checked["arrangements"] == 6).all()
    np.testing.assert_allclose(checked["sd"], result.table["sd"])
    np.testing.assert_allclose(checked["z"], result.table["z"])
    assert row(checked, "a", "b")["p_value"] == pytest.approx(4 / 6)


def test_chessboard_is_mixed_and_halves_are_parted() -> None:
    number = np.arange(100)
    board = np.where((number % 10 + number // 10) % 2, "t", "k")
    halves = np.where(number % 10 < 5, "t", "k")
    assert row(enrichment(lattice(10), board).table, "k", "t")["z"] > 10
    assert row(enrichment(lattice(10), halves).table, "k", "t")["z"] < -8
    statistic, degrees, p = enrichment(lattice(10), halves).overall()
    assert statistic > 60
    assert degrees == 2
    assert p < 1e-10


def test_directed_graph_tells_who_names_whom() -> None:
    graph = NeighbourGraph.from_pairs(4, np.array([0, 1]), np.array([2, 3]), directed=True, definition="arrows")
    table = enrichment(graph, ["a", "a", "b", "b"]).table
    assert len(table) == 4
    assert row(table, "a", "b")["observed"] == 2
    assert row(table, "b", "a")["observed"] == 0
    assert row(table, "a", "b")["expected"] == pytest.approx(2 * 4 / 12)


def test_strata_take_away_what_compartments_explain() -> None:
    number = np.arange(400)
    left = number % 20 < 10
    types = np.where(stream(3).random(400) < np.where(left, 0.9, 0.1), "t", "k")
    loose, strict = enrichment(lattice(20), types), enrichment(lattice(20), types, strata=left)
    assert row(loose.table, "k", "t")["z"] < -8
    assert abs(row(strict.table, "k", "t")["z"]) < 3
    assert strict.null == "labels exchanged within strata"


@pytest.mark.parametrize(
    ("types", "pair", "reason"),
    [
        (["a", "a", "b", "b"], ("a", "c"), "no cell of type 'c'"),
        (["a", "b", "b", "b"], ("a", "a"), "only one cell of type 'a', so no pair of its own"),
        (["b", "b", "b", "b"], ("b", "b"), "every cell is of type 'b'"),
    ],
)
def test_undefined_z_has_its_reason(types: list[str], pair: tuple[str, str], reason: str) -> None:
    for table in (
        enrichment(PATH, types, names=["a", "b", "c"]).table,
        permutation_enrichment(PATH, types, stream(1), names=["a", "b", "c"]),
    ):
        found = row(table, *pair)
        assert np.isnan(found["z"])
        assert np.isnan(found["p_value"])
        assert found["reason"] == reason
        assert (table["z"].isna() == (table["reason"] != "")).all()


def test_reasons_of_graphs_that_cannot_vary() -> None:
    none = np.empty(0, np.int64)
    lonely = NeighbourGraph.from_pairs(4, none, none, definition="no edge")
    full = NeighbourGraph.from_matrix(1 - np.eye(4))
    types = ["a", "a", "b", "b"]
    assert set(enrichment(lonely, types).table["reason"]) == {"no cell has a neighbour"}
    assert enrichment(lonely, types).overall()[:2] == (0.0, 0)
    assert set(enrichment(full, types).table["reason"]) == {"every arrangement of the labels gives the same value"}
    alone = enrichment(PATH, types, strata=[1, 2, 3, 4]).table
    assert set(alone["reason"]) == {"every arrangement of the labels within the strata gives the same value"}
    empty = NeighbourGraph.from_pairs(0, none, none, definition="no cell")
    assert enrichment(empty, [], names=["a"]).table["reason"].tolist() == ["no cell of type 'a'"]
    assert enrichment(empty, []).table.empty


def test_more_types_than_lanes_hold() -> None:
    graph, types = lattice(12), np.arange(144) % 20
    joins = permuted_joins(graph, CellTypes.of(types), 400, stream(2)).joins
    table = enrichment(graph, types).table
    first, second = np.triu_indices(20)
    z = (joins.mean(axis=0)[first, second] - table["expected"]) / (table["sd"] / 20)
    assert np.abs(z).max() < 4.5


def test_permutations_of_a_stream_are_repeatable_and_kept_within_strata() -> None:
    graph, types = lattice(6), CellTypes.of(np.arange(36) % 3)
    one, other = (permuted_joins(graph, types, 20, stream(4)).joins for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert one.shape == (20, 3, 3)
    strata = np.arange(36) // 3  # each stratum holds one cell of each type
    expected = every_arrangement(PATH, CellTypes.of(["a", "b", "b", "a"]), strata=[0, 0, 1, 1])
    assert len(expected.joins) == number_of_arrangements(CellTypes.of(["a", "b", "b", "a"]), [0, 0, 1, 1]) == 4
    within = permuted_joins(graph, types, 200, stream(5), strata=strata).joins
    exact = enrichment(graph, types, strata=strata)
    first, second = np.triu_indices(3)
    z = (within.mean(axis=0)[first, second] - exact.table["expected"]) / (exact.table["sd"] / np.sqrt(200))
    assert np.abs(z).max() < 4


def test_a_sample_that_did_not_vary_says_so() -> None:
    graph = NeighbourGraph.from_pairs(400, np.array([0]), np.array([1]), definition="one edge")
    types = np.where(np.arange(400) < 3, "a", "b")
    table = permutation_enrichment(graph, types, stream(1), n_permutations=8)
    assert row(table, "a", "a")["reason"] == "all permutations drawn gave the same value"


@pytest.mark.parametrize(
    ("action", "kind", "words"),
    [
        (lambda: enrichment(PATH, ["a", None, "b", "b"]), InputError, "1 of 4 cells have no type"),
        (lambda: enrichment(PATH, pd.Categorical(["a", None, "b", "b"])), InputError, "1 of 4 cells have no type"),
        (lambda: enrichment(PATH, ["a", "b"]), InputError, "2 types for 4 cells"),
        (lambda: enrichment(PATH, ["a"] * 4, names=["b"]), InputError, "type 'a' is not among b"),
        (lambda: enrichment(PATH, ["a"] * 4, names=["a", "a"]), InputError, "a type is named twice"),
        (lambda: enrichment(PATH, ["a"] * 4, strata=[1]), InputError, "1 strata for 4 cells"),
        (lambda: enrichment(PATH, ["a"] * 4, strata=[1, 1, None, 2]), InputError, "1 cells have no stratum"),
        (lambda: permutation_enrichment(PATH, ["a"] * 4, stream(1), n_permutations=1), InputError, "1 permutations"),
        (lambda: permuted_joins(PATH, CellTypes.of(["a"] * 4), 0, stream(1)), InputError, "0 permutations"),
        (lambda: permuted_joins(lattice(17), CellTypes.of(np.arange(289)), 1, stream(1)), InputError, "289 types"),
        (
            lambda: every_arrangement(lattice(9), CellTypes.of(np.arange(81) % 2)),
            DataError,
            "arrangements of the labels are too many",
        ),
    ],
)
def test_bad_input_is_named(action, kind, words: str) -> None:
    with pytest.raises(kind, match=words):
        action()


def test_categories_are_taken_as_they_are() -> None:
    types = CellTypes.of(pd.Categorical(["x", "y", "x"], categories=["y", "x", "z"]))
    assert types.names == ("y", "x", "z")
    assert types.counts.tolist() == [1, 2, 0]
