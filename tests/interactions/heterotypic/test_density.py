"""Local density and density classes."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.heterotypic.density import covered_fraction, density_strata, local_density
from coculture.interactions.heterotypic.window import Window
from coculture.randomness import stream

BOX = Window.rectangle(200.0, 200.0)


def test_three_cells_by_hand() -> None:
    points = np.array([[100.0, 100.0], [110.0, 100.0], [0.0, 100.0]])
    table = local_density(points, ["a", "b", "b"], BOX, 20.0)
    disc_mm2 = np.pi * 400 / 1e6
    assert table["n_within"].tolist() == [1, 1, 0]
    assert table["density_b_per_mm2"].iloc[0] == pytest.approx(1 / disc_mm2)
    assert table["density_a_per_mm2"].tolist() == pytest.approx([0, 1 / disc_mm2, 0])
    assert table["density_per_mm2"].tolist() == pytest.approx([1 / disc_mm2, 1 / disc_mm2, 0])


def test_covered_fraction_of_edges_and_corners() -> None:
    points = np.array([[100.0, 100.0], [0.0, 100.0], [0.0, 0.0], [200.0, 100.0]])
    np.testing.assert_allclose(covered_fraction(points, BOX, 30.0), [1, 0.5, 0.25, 0.5], atol=0.005)
    mask = np.zeros((40, 40), bool)
    mask[:, :20] = True
    walled = Window.from_mask(mask, 5.0)
    np.testing.assert_allclose(covered_fraction(np.array([[90.0, 100.0]]), walled, 20.0), [0.8045], atol=0.01)


def test_density_of_uniform_cells_is_the_same_at_walls() -> None:
    rng = stream(1)
    edge, middle = [], []
    for _ in range(20):
        points = BOX.sample(400, rng)
        density = local_density(points, np.full(400, "a"), BOX, 25.0)["density_per_mm2"].to_numpy()
        near = (np.minimum(points, 200 - points) < 10).any(axis=1)
        edge.append(density[near].mean())
        middle.append(density[~near].mean())
    assert np.mean(edge) == pytest.approx(399 / 0.04, rel=0.03)
    assert np.mean(middle) == pytest.approx(399 / 0.04, rel=0.03)


def test_strata_are_of_nearly_equal_size_and_ties_stay_together() -> None:
    values = stream(2).random(1000)
    strata = density_strata(values, 5)
    assert np.bincount(strata).tolist() == [200] * 5
    assert values[strata == 0].max() < values[strata == 4].min()
    assert density_strata(np.zeros(10), 4).tolist() == [0] * 10
    assert density_strata(np.empty(0), 4).size == 0
    with pytest.raises(InputError, match="0 strata"):
        density_strata(values, 0)
    with pytest.raises(InputError, match="a density is not finite"):
        density_strata(np.array([np.nan]), 2)
    with pytest.raises(DataError, match="lie outside the window"):
        local_density(np.array([[300.0, 0.0]]), ["a"], BOX, 5.0)


def test_in_a_rectangle_the_discs_that_reach_over_no_side_are_whole_and_the_others_as_in_a_mask():
    points = np.random.default_rng(4).random((400, 2)) * [200.0, 120.0]
    pixels = np.ones((12, 20), bool)
    framed = np.pad(pixels, ((0, 1), (0, 1)))  # no rectangle any more: every disc is looked at
    quick = covered_fraction(points, Window.from_mask(pixels, 10.0), 30.0)
    slow = covered_fraction(points, Window.from_mask(framed, 10.0), 30.0)
    np.testing.assert_array_equal(quick, slow)
    assert quick.min() < 0.5
    assert quick.max() == 1.0
