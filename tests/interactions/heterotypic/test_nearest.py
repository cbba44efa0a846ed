"""Nearest cells of each type."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.heterotypic.nearest import nearest_by_type, nearest_distance_test
from coculture.interactions.heterotypic.window import Window
from coculture.randomness import stream


@pytest.mark.parametrize("dimensions", [2, 3])
def test_distances_equal_brute_force_also_of_rare_types(dimensions: int) -> None:
    rng = stream(1)
    points = rng.uniform(0, 100, (150, dimensions))
    types = np.where(np.arange(150) < 2, "rare", np.where(np.arange(150) % 2, "a", "b"))
    table = nearest_by_type(points, types, names=["a", "b", "rare", "none"])
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    for name in ("a", "b", "rare"):
        among = np.where(types == name, apart, np.inf)
        np.testing.assert_allclose(table[f"nearest_{name}_um"], among.min(axis=1))
        assert (table[f"nearest_{name}_row"] == among.argmin(axis=1)).all()
    assert np.isinf(table["nearest_none_um"]).all()
    assert (table["nearest_none_row"] == -1).all()


def test_a_single_cell_has_no_other_of_its_type() -> None:
    table = nearest_by_type(np.array([[0.0, 0.0], [3.0, 4.0]]), ["a", "b"])
    assert table["nearest_a_um"].tolist() == [np.inf, 5.0]
    assert nearest_by_type(np.empty((0, 2)), []).empty


def test_parted_types_are_far_and_sworn_pairs_are_near() -> None:
    rng = stream(2)
    left = rng.uniform(0, 100, (60, 2))
    points = np.vstack((left, left + np.array([130.0, 0.0])))
    parted = nearest_distance_test(points, np.repeat(["a", "b"], 60), rng, n_simulations=99).set_index(["type_a", "type_b"])
    assert parted.loc[("a", "b"), "z"] > 10
    assert parted.loc[("a", "b"), "p_value"] == pytest.approx(0.02)
    assert parted.loc[("a", "a"), "z"] < -3
    pairs = np.vstack((left, left + 0.5))
    for options in ({}, {"window": Window.rectangle(101.0, 101.0)}):
        near = nearest_distance_test(pairs, np.repeat(["a", "b"], 60), rng, n_simulations=99, **options)
        near = near.set_index(["type_a", "type_b"])
        assert near.loc[("a", "b"), "mean_um"] == pytest.approx(near.loc[("a", "b"), "median_um"])
        assert near.loc[("a", "b"), "z"] < -4
        assert near.loc[("b", "a"), "p_value"] == pytest.approx(0.02)


def test_strata_keep_labels_in_their_compartment() -> None:
    rng = stream(3)
    points = rng.uniform(0, 100, (120, 2))
    right = points[:, 0] > 50
    types = np.where(rng.random(120) < np.where(right, 0.9, 0.1), "a", "b")
    loose = nearest_distance_test(points, types, rng, n_simulations=99)
    strict = nearest_distance_test(points, types, rng, n_simulations=99, strata=right)
    assert loose["z"].iloc[1] > 4
    assert abs(strict["z"].iloc[1]) < 3


def test_reasons_and_errors() -> None:
    points, rng = stream(4).uniform(0, 10, (6, 2)), stream(5)
    table = nearest_distance_test(points, ["a"] + ["b"] * 5, rng, n_simulations=19, names=["a", "b", "c"])
    reasons = {(row.type_a, row.type_b): row.reason for row in table.itertuples()}
    assert reasons["a", "a"] == reasons["a", "c"] == reasons["c", "b"] == "too few cells"
    assert reasons["b", "b"] == ""
    assert (table["z"].isna() == (table["reason"] != "")).all()
    same = nearest_distance_test(points, ["b"] * 6, rng, n_simulations=19)
    assert same["reason"].tolist() == ["labels cannot change it"]
    with pytest.raises(InputError, match="5 simulations"):
        nearest_distance_test(points, ["b"] * 6, rng, n_simulations=5)
    with pytest.raises(InputError, match="strata keep positions"):
        nearest_distance_test(points, ["b"] * 6, rng, window=Window.rectangle(10, 10), strata=[1] * 6)
    with pytest.raises(DataError, match="lie outside the window"):
        nearest_distance_test(points + 5, ["b"] * 6, rng, window=Window.rectangle(10, 10))
