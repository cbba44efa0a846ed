"""K, L and g between types: estimators, exact label null, envelopes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.cross_k import CrossSums, cross_type_functions
from coculture.interactions.heterotypic.envelopes import cross_type_envelope
from coculture.interactions.heterotypic.permutation import shuffled_types
from coculture.interactions.heterotypic.window import Window
from coculture.interactions.kernels import distances as kernels
from coculture.randomness import stream

BOX = Window.rectangle(100.0, 60.0)
RADII = np.array([4.0, 9.0, 15.0])


def pattern(cells: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = stream(5, str(cells))
    return BOX.sample(cells, rng), np.where(np.arange(cells) % 3 == 0, "a", "b")


def twin(points: np.ndarray, one: np.ndarray, other: np.ndarray, radius: float, width: float) -> tuple[float, float]:
    """K and g by double loop, for a rectangle of 100 by 60."""
    k, g, pairs = 0.0, 0.0, 0
    for i in np.flatnonzero(one):
        for j in np.flatnonzero(other):
            if i == j:
                continue
            pairs += 1
            dx, dy = np.abs(points[i] - points[j])
            apart, shared = np.hypot(dx, dy), (100 - dx) * (60 - dy)
            k += (apart <= radius) / shared
            u = (radius - apart) / width
            g += 0.75 * (1 - u * u) / width / (2 * np.pi * apart * shared) if abs(u) < 1 else 0.0
    inside = min(radius / width, 1.0)
    return 6000.0**2 * k / pairs, 6000.0**2 * g / pairs / (0.5 + 0.75 * inside - 0.25 * inside**3)


def test_estimators_equal_the_double_loop() -> None:
    points, types = pattern()
    table = cross_type_functions(points, types, BOX, RADII, bandwidth_um=6.0)
    assert len(table) == 9
    for row in table.itertuples():
        k, g = twin(points, types == row.type_a, types == row.type_b, row.radius_um, 6.0)
        assert row.k_um2 == pytest.approx(k)
        assert row.g == pytest.approx(g)
        assert row.l_um == pytest.approx(np.sqrt(k / np.pi))
        assert row.k_random_um2 == pytest.approx(np.pi * row.radius_um**2)


@pytest.mark.parametrize("curve", ["k", "g"])
def test_label_null_is_exact(curve: str) -> None:
    points, types = pattern(12)
    sums, known = CrossSums.of(points, BOX, RADII, 6.0), CellTypes.of(types)
    mean, sd = sums.null(curve, known)
    rng = stream(6)
    drawn = np.stack([sums.curve(curve, shuffled_types(known, np.zeros(12, int), rng)) for _ in range(600)])
    error = np.where(sd > 0, (drawn.mean(axis=0) - mean) / np.where(sd > 0, sd, 1) * np.sqrt(600), 0)
    assert np.abs(error).max() < 4
    np.testing.assert_allclose(drawn.std(axis=0)[-1], sd[-1], rtol=0.2)


def test_attraction_and_repulsion_are_seen() -> None:
    rng = stream(7)
    hosts = BOX.sample(40, rng)
    guests = np.clip(hosts + rng.normal(0, 1.0, hosts.shape), 0.01, [99.99, 59.99])
    points, types = np.vstack((hosts, guests)), np.repeat(["host", "guest"], 40)
    near = cross_type_functions(points, types, BOX, np.array([1.5]), bandwidth_um=1.0)
    mixed = near[(near["type_a"] == "guest") & (near["type_b"] == "host")].iloc[0]
    assert mixed["g"] > 3
    assert mixed["k_z"] > 4
    table = cross_type_envelope(points, types, BOX, RADII, rng, curve="k", n_simulations=39)
    part = table[(table["type_a"] == "guest") & (table["type_b"] == "host")]
    assert (part["p_value"] == 1 / 40).all()
    assert part["value"].iloc[0] > part["high"].iloc[0]
    assert (table.groupby(["type_a", "type_b"])["p_value"].nunique() == 1).all()


def test_positions_null_of_uniform_points_is_not_called() -> None:
    points, types = pattern()
    for curve, mean in (("k", np.pi * RADII**2), ("g", np.ones(3))):
        table = cross_type_envelope(points, types, BOX, RADII, stream(8), curve=curve, null="positions", n_simulations=39)
        assert (table["p_value"] > 0.05).all()
        np.testing.assert_allclose(table["expected"].to_numpy()[:3], mean)
        assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()


def test_too_few_cells_and_labels_that_change_nothing_have_reasons() -> None:
    points, _ = pattern(6)
    table = cross_type_functions(points, ["a"] + ["b"] * 5, BOX, RADII, bandwidth_um=6.0, names=["a", "b", "c"])
    reasons = {(row.type_a, row.type_b): row.reason for row in table.itertuples()}
    assert reasons["a", "a"] == reasons["a", "c"] == reasons["c", "c"] == "too few cells"
    same = cross_type_functions(points, ["a"] * 6, BOX, RADII, bandwidth_um=6.0)
    assert set(same["reason"]) == {"labels cannot change it"}
    assert np.isfinite(same["k_um2"]).all()
    frozen = cross_type_envelope(points, ["a"] * 6, BOX, RADII, stream(1), names=["a", "b"], n_simulations=19)
    assert frozen["reason"].unique().tolist() == ["labels cannot change it", "too few cells"]
    assert cross_type_functions(points[:0], [], BOX, RADII).empty


def test_kernels_equal_their_twins() -> None:
    rng = stream(9)
    first, second = rng.integers(0, 9, 50), rng.integers(9, 18, 50)
    far, weight, codes = np.sort(rng.random(50)) * 10, rng.random(50), rng.integers(0, 2, 18)
    bins, radii = np.searchsorted(np.array([3.0, 6.0, 10.0]), far), np.array([3.0, 6.0, 10.0])
    sums, smooth, squares = np.zeros((3, 2, 2)), np.zeros((3, 2, 2)), np.zeros(3)
    kernels.sum_by_bin(first, second, bins, weight, codes, sums)
    kernels.sum_smoothed(first, second, far, weight, codes, radii, 2.5, smooth)
    kernels.degree_squares_by_bin(first, second, np.r_[0, np.searchsorted(far, radii, side="right")], weight, 18, squares)
    expected, expected_smooth, degree = np.zeros((3, 2, 2)), np.zeros((3, 2, 2)), np.zeros((3, 18))
    for i, j, d, w in zip(first, second, far, weight, strict=True):
        expected[np.searchsorted(radii, d), codes[i], codes[j]] += w
        u = (radii - d) / 2.5
        expected_smooth[:, codes[i], codes[j]] += np.where(np.abs(u) < 1, 0.75 * (1 - u**2) / 2.5 * w, 0)
        degree[d <= radii, i] += w
        degree[d <= radii, j] += w
    np.testing.assert_allclose(sums, expected)
    np.testing.assert_allclose(smooth, expected_smooth)
    np.testing.assert_allclose(squares, (degree**2).sum(axis=1))


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"radii_um": np.array([2.0, 1.0])}, InputError, "radii must ascend"),
        ({"radii_um": np.array([0.0, 1.0])}, InputError, "radii must ascend"),
        ({"radii_um": np.array([70.0])}, DataError, r"use radii up to 59\.\d+ µm"),
        ({"bandwidth_um": -1.0}, InputError, "bandwidth -1.0"),
        ({"types": ["a"]}, InputError, "1 types for 60 cells"),
        ({"curve": "h"}, InputError, "unknown curve 'h'"),
        ({"null": "nothing"}, InputError, "unknown null 'nothing'"),
        ({"n_simulations": 10}, InputError, "10 simulations cannot reach p = 0.05"),
        ({"level": 1.5}, InputError, "level 1.5"),
    ],
)
def test_bad_input_is_named(change: dict, kind, words: str) -> None:
    points, types = pattern()
    settings = {"types": types, "radii_um": RADII} | change
    with pytest.raises(kind, match=words):
        cross_type_envelope(points, window=BOX, random=stream(1), **settings)


def test_table_is_a_frame() -> None:
    points, types = pattern()
    assert isinstance(cross_type_functions(points, pd.Series(types), BOX, RADII), pd.DataFrame)
