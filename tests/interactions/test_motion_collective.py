"""Order and correlation of velocities."""

from __future__ import annotations

import numpy as np
import pytest
from tests.cases.walks import as_cells, as_tracks, random_walks

from coculture.errors import DataError, InputError
from coculture.interactions.motion.collective.correlation_length import velocity_correlation
from coculture.interactions.motion.collective.polar_order import polar_order
from coculture.interactions.motion.tracks import Tracks


def correlated_field(seed: int, frames: int, cells: int, length: float, size: float = 400.0) -> Tracks:
    """Velocities with covariance e^{−r/length} per axis, drawn anew for every pair of frames; every step is its own track.

    A sum of 300 waves whose wave vectors follow the two-dimensional Cauchy law, the spectrum of that covariance.
    """
    rng = np.random.default_rng(seed)
    ids, times, places = [], [], []
    for frame in range(frames):
        where = rng.uniform(0, size, (cells, 2))
        waves = rng.standard_normal((2, 2, 300)) / np.abs(rng.standard_normal((2, 1, 300))) / length
        phase = where[:, :1, None] * waves[:, 0] + where[:, 1:, None] * waves[:, 1] + rng.uniform(0, 2 * np.pi, (1, 2, 300))
        move = np.sqrt(2 / 300) * np.cos(phase).sum(axis=2)
        for shift in (0, 1):
            ids.append(np.arange(cells) + frame * cells)
            times.append(np.full(cells, 2.0 * frame + shift))
            places.append(where + shift * move)
    return Tracks.from_arrays(np.concatenate(ids), np.concatenate(times), np.concatenate(places), step_min=1.0)


def test_order_by_hand() -> None:
    moves = np.array([[[0, 0], [1, 0]], [[0, 0], [0, 3]], [[0, 0], [0, 0]], [[9, 9], [8, 9.0]]])
    table = polar_order(as_tracks(moves))
    assert list(table["n_cells"]) == [3]
    assert table["polar_order"][0] == pytest.approx(1 / 3)
    assert table["agreement"][0] == pytest.approx((0 - 1 + 0) / 3)


def test_order_of_a_flock() -> None:
    flock = np.arange(4.0)[None, :, None] * np.array([1.0, 1.0]) + np.random.default_rng(0).normal(size=(9, 1, 2))
    table = polar_order(as_tracks(flock))
    np.testing.assert_allclose(table[["polar_order", "agreement"]], 1)
    assert list(table["t_min"]) == [0, 1, 2]


def test_one_cell_has_order_but_no_agreement() -> None:
    table = polar_order(as_tracks(random_walks(np.random.default_rng(1), 1, 2)))
    assert table["polar_order"][0] == pytest.approx(1)
    assert table["agreement"].isna().all()


def test_frames_keep_their_place() -> None:
    table = polar_order(Tracks.from_table(as_cells(random_walks(np.random.default_rng(1), 4, 2))))
    assert list(table.columns) == ["plate", "well", "site", "t_min", "n_cells", "polar_order", "agreement"]


@pytest.mark.parametrize("length", [20.0, 50.0])
def test_planted_correlation_length_is_found(length: float) -> None:
    found = velocity_correlation(correlated_field(1, 60, 150, length), longest_um=160, bin_um=10, minus_mean=False)
    assert found.status == "fitted"
    assert found.length_um == pytest.approx(length, rel=0.1)
    assert found.amplitude == pytest.approx(1, abs=0.05)


def test_taking_the_mean_off_makes_it_cross_zero() -> None:
    tracks = correlated_field(2, 30, 150, 50.0)
    found = velocity_correlation(tracks, longest_um=390, bin_um=15)
    assert 60 < found.zero_crossing_um < 250
    assert found.length_um < 50
    drift = Tracks.from_arrays(tracks.track, tracks.t_min, tracks.positions + 0.3 * tracks.t_min[:, None], step_min=1.0)
    same = velocity_correlation(drift, longest_um=390, bin_um=15)
    assert same.length_um == pytest.approx(found.length_um, rel=0.02)
    assert velocity_correlation(drift, longest_um=390, bin_um=15, minus_mean=False).table["correlation"].min() > 0.02


def test_plain_pairs() -> None:
    field = correlated_field(3, 2, 25, 40.0)
    alone = Tracks.from_arrays([1, 1], [50, 51], np.zeros((2, 2)))
    ids, times = np.r_[field.track, 999, 999], np.r_[field.t_min, alone.t_min]
    tracks = Tracks.from_arrays(ids, times, np.concatenate((field.positions, alone.positions)), step_min=1.0)
    found = velocity_correlation(tracks, longest_um=100, bin_um=25)
    steps = tracks.steps
    products: list[list[float]] = [[] for _ in range(4)]
    power = []
    for frame in np.unique(tracks.frame[steps.first]):
        rows = np.flatnonzero(tracks.frame[steps.first] == frame)
        if len(rows) < 2:
            continue
        velocity = steps.vector[rows] - steps.vector[rows].mean(axis=0)
        where = tracks.positions[steps.first[rows]]
        power.extend((velocity**2).sum(axis=1))
        for i in range(len(rows)):
            for j in range(i):
                far = float(np.linalg.norm(where[i] - where[j]))
                if far <= 100:
                    products[min(int(far / 25), 3)].append(float(velocity[i] @ velocity[j]))
    expected = [np.mean(part) / np.mean(power) for part in products]
    np.testing.assert_allclose(found.table["correlation"], expected, rtol=1e-10)
    assert list(found.table["n_pairs"]) == [len(part) for part in products]


def test_a_flock_is_longer_than_the_bins() -> None:
    flock = np.arange(3.0)[None, :, None] * np.ones(2) + np.random.default_rng(0).uniform(0, 50, (40, 1, 2))
    found = velocity_correlation(as_tracks(flock), longest_um=40, bin_um=10, minus_mean=False)
    assert found.status == "longer than the bins"
    assert np.isnan(found.length_um)
    with pytest.raises(DataError, match="the cells' velocities do not differ"):
        velocity_correlation(as_tracks(np.arange(3.0)[None, :, None] * np.ones((2, 1, 2))), longest_um=40, bin_um=10)


def test_cells_on_a_line() -> None:
    tracks = as_tracks(random_walks(np.random.default_rng(0), 20, 5, dimensions=1))
    assert velocity_correlation(tracks, longest_um=5, bin_um=1).table["n_pairs"].sum() > 0


def test_cells_that_go_apart_have_no_correlation() -> None:
    pair = np.array([[[0, 0], [1, 0]], [[2, 0], [1, 0.0]]])
    found = velocity_correlation(as_tracks(pair), longest_um=10, bin_um=5)
    assert found.status == "no correlation"
    assert np.isnan(found.zero_crossing_um)


def test_correlation_refuses() -> None:
    tracks = correlated_field(3, 1, 5, 40.0)
    with pytest.raises(InputError, match="bins of 20 µm up to 10 µm"):
        velocity_correlation(tracks, longest_um=10, bin_um=20)
    with pytest.raises(DataError, match=r"no two cells are within 0\.001 µm"):
        velocity_correlation(tracks, longest_um=0.001, bin_um=0.001)
    uneven = Tracks.from_arrays([1, 1, 1], [0, 2, 5], np.zeros((3, 2)), step_min=1.0)
    with pytest.raises(DataError, match="no step has the usual length"):
        polar_order(uneven)
    with pytest.raises(DataError, match="there is no velocity"):
        polar_order(Tracks.from_arrays([1], [0], np.zeros((1, 2))))
