"""Indices of mixing and segregation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.mixing import mixing_indices
from coculture.interactions.heterotypic.permutation import shuffled_types
from coculture.interactions.neighbours.graph import NeighbourGraph
from coculture.randomness import stream

RING = NeighbourGraph.from_pairs(6, np.arange(6), (np.arange(6) + 1) % 6, definition="a ring of six cells")


def values(table: pd.DataFrame, column: str = "value") -> dict[tuple[str, str, str], float]:
    return {(row["index"], row["type_a"], row["type_b"]): row[column] for _, row in table.iterrows()}


def test_a_ring_of_three_and_three_by_hand() -> None:
    # aaabbb on a ring: joins aa 2, bb 2, ab 2; random labels: E ab = 6 · 2·3·3/(6·5) = 3.6
    found = values(mixing_indices(RING, list("aaabbb")))
    assert found["heterotypic_share", "", ""] == pytest.approx(2 / 6)
    assert found["segregation", "", ""] == found["segregation", "a", "b"] == pytest.approx(1 - 2 / 3.6)
    assert found["exposure", "a", "b"] == pytest.approx((0.5 + 0 + 0.5) / 3)
    assert found["exposure", "a", "a"] == pytest.approx(2 / 3)
    assert found["mixing_score", "a", "b"] == 1.0
    assert found["assortativity", "", ""] == pytest.approx((2 / 3 - 0.5) / 0.5)
    assert found["information_segregation", "", ""] == pytest.approx(1 - 4 / 6)
    expected = values(mixing_indices(RING, list("aaabbb")), "expected")
    assert expected["heterotypic_share", "", ""] == pytest.approx(3.6 / 6)
    assert expected["exposure", "a", "b"] == pytest.approx(3 / 5)
    assert expected["exposure", "a", "a"] == pytest.approx(2 / 5)


def test_fully_parted_and_fully_mixed() -> None:
    apart = NeighbourGraph.from_pairs(6, np.array([0, 1, 3, 4]), np.array([1, 2, 4, 5]), definition="two rows")
    found = values(mixing_indices(apart, list("aaabbb")))
    for index in ("segregation", "assortativity", "information_segregation"):
        assert found[index, "", ""] == pytest.approx(1)
    mixed = values(mixing_indices(RING, list("ababab")))
    assert mixed["assortativity", "", ""] == pytest.approx(-1)
    assert mixed["heterotypic_share", "", ""] == 1
    assert np.isnan(mixed["mixing_score", "a", "b"])


def test_nulls_equal_shuffling() -> None:
    rng = stream(1)
    first, second = np.nonzero(np.triu(rng.random((40, 40)) < 0.15, 1))
    graph = NeighbourGraph.from_pairs(40, first, second, weight=1 + rng.random(len(first)), definition="random")
    assert graph.degrees().min() > 0
    types, strata = CellTypes.of(np.arange(40) % 3), np.arange(40) // 20
    table = mixing_indices(graph, types, strata=strata, random=rng, n_permutations=300)
    drawn = np.stack([mixing_indices(graph, shuffled_types(types, strata, rng))["value"] for _ in range(150)])
    error = (drawn.mean(axis=0) - table["expected"]) / (table["sd"] * np.sqrt(1 / 150 + 1 / 300))
    assert (table["reason"] == "").all()
    assert error.abs().max() < 4
    spread = drawn.std(axis=0) / table["sd"]
    exact = table["index"].isin(["heterotypic_share", "segregation", "exposure"])
    assert spread[exact].between(0.8, 1.25).all()
    assert spread[~exact].between(0.6, 1.6).all()


def test_what_cannot_be_said_has_its_reason() -> None:
    reasons = values(mixing_indices(RING, list("aaaaaa"), names=["a", "b"]), "reason")
    assert reasons["heterotypic_share", "", ""] == "labels cannot change it"
    assert reasons["segregation", "a", "b"] == "no contact between the types is expected"
    assert reasons["exposure", "b", "a"] == "no cell of type 'b' has a neighbour"
    assert reasons["assortativity", "", ""] == "no contacts to divide by"
    assert reasons["mixing_score", "a", "b"].startswith("null not drawn")
    rare = values(mixing_indices(RING, list("aabbbb"), random=stream(2), n_permutations=60), "reason")
    assert rare["mixing_score", "a", "b"] == "some random labels leave nothing to divide by"
    lonely = NeighbourGraph.from_pairs(2, np.empty(0, int), np.empty(0, int), definition="none")
    assert values(mixing_indices(lonely, ["a", "b"]), "reason")["heterotypic_share", "", ""] == "no cell has a neighbour"
    assert values(mixing_indices(lonely, ["a", "b"]), "reason")["information_segregation", "", ""] == "no contacts to divide by"


def test_a_directed_graph_is_taken_either_way() -> None:
    arrows = NeighbourGraph.from_pairs(6, np.arange(6), (np.arange(6) + 1) % 6, directed=True, definition="arrows")
    pd.testing.assert_frame_equal(mixing_indices(arrows, list("aabbab")), mixing_indices(RING, list("aabbab")))
