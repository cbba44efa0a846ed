"""Numbers of the R package celltrackR (its vignettes and tests, T cells in a lymph node): in seconds there, in minutes here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.cases.walks import unit_track

from coculture.interactions.motion.direction.hotelling import hotelling_test, spaced_steps
from coculture.interactions.motion.direction.rayleigh import rayleigh_test_of_vectors
from coculture.interactions.motion.fractal.box_count import box_count_dimension
from coculture.interactions.motion.lag_models.beauchemin import fit_beauchemin
from coculture.interactions.motion.lag_models.fuerth import fit_fuerth, fuerth_curve
from coculture.interactions.motion.mean_squared import mean_squared_displacement
from coculture.interactions.motion.path import displacements, path_measures
from coculture.interactions.motion.staggered import staggered_matrix, staggered_mean
from coculture.interactions.motion.track_table import track_metrics
from coculture.interactions.motion.tracks import Tracks
from coculture.interactions.motion.turning import turning_measures

SECONDS = 60.0
MINUTES_FITTED = 4.9
"""The vignette fits lags below 5 minutes."""


def _table(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, dtype={"id": str}).rename(columns={"id": "track_id", "x": "x_um", "y": "y_um", "z": "z_um"})
    return table.assign(t_min=table["t"] / SECONDS)


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "migration_tracks"


@pytest.fixture(scope="module")
def t_cells(folder: Path) -> Tracks:
    return Tracks.from_table(_table(folder / "TCells.csv"))


@pytest.fixture(scope="module")
def subset(folder: Path) -> Tracks:
    ids = json.loads((folder / "vignette_subset_ids.json").read_text())["TCells2"]
    table = _table(folder / "TCells.csv")
    return Tracks.from_table(table[table["track_id"].isin(ids)])


def test_bounding_box(t_cells: Tracks) -> None:
    assert t_cells.n_tracks == 199
    np.testing.assert_allclose([t_cells.t_min.min() * SECONDS, t_cells.t_min.max() * SECONDS], [24, 960], rtol=1e-12)
    np.testing.assert_allclose(t_cells.positions.min(axis=0), [0.4, 0.4], rtol=1e-12)
    np.testing.assert_allclose(t_cells.positions.max(axis=0), [409.2, 334.724], rtol=1e-12)


def test_fuerth_fit(t_cells: Tracks) -> None:
    fit = fit_fuerth(mean_squared_displacement(t_cells), longest_lag_min=MINUTES_FITTED, weights="equal")
    assert fit.status == "fitted"
    assert fit.diffusion_um2_per_min.value == pytest.approx(19.91724, rel=1e-6)
    assert fit.persistence_min.value == pytest.approx(0.3069776, rel=1e-6)
    assert fit.diffusion_um2_per_min.low < 19.9 < fit.diffusion_um2_per_min.high


def test_fuerth_curve_at_the_published_estimates() -> None:
    published = [14.0561, 41.0841, 71.6367, 103.1470, 134.9176, 166.7588]
    curve = fuerth_curve(np.arange(1, 7) * 0.4, 19.91724, 0.3069776, 2)
    np.testing.assert_allclose(curve, published, rtol=0, atol=5.1e-5)


def test_beauchemin_fit(t_cells: Tracks) -> None:
    curve = mean_squared_displacement(t_cells)
    fit = fit_beauchemin(curve, pause_min=0.5, longest_lag_min=MINUTES_FITTED, weights="equal")
    assert fit.motility_um2_per_min.value == pytest.approx(19.84664, rel=1e-6)
    expected = np.sqrt(6 * fit.motility_um2_per_min.value * (fit.free_min.value + 0.5)) / fit.free_min.value
    assert fit.free_speed_um_per_min == pytest.approx(expected)


def test_staggered_speed(t_cells: Tracks) -> None:
    track = t_cells.of_track("6782")
    row = staggered_matrix(track, "speed")[0] / SECONDS
    assert np.isnan(row[0])
    published = [0.5691371, 0.5598416, 0.4303781, 0.3544625, 0.3060988, 0.2730659, 0.2824031]
    np.testing.assert_allclose(row[1:], published, rtol=0, atol=5.1e-8)
    assert staggered_mean(track, "speed") / SECONDS == pytest.approx(0.2510543, abs=5.1e-8)


def test_track_speeds(subset: Tracks) -> None:
    speed = track_metrics(subset)["speed_um_per_min"].to_numpy() / SECONDS
    found = [speed.min(), *np.quantile(speed, [0.25, 0.5]), speed.mean(), np.quantile(speed, 0.75), speed.max()]
    np.testing.assert_allclose(found, [0.04102, 0.09340, 0.13911, 0.14266, 0.19052, 0.28240], rtol=0, atol=5.1e-6)


def test_step_speeds(subset: Tracks) -> None:
    speed = subset.steps.speeds() / SECONDS
    assert len(speed) == 988
    assert speed.mean() == pytest.approx(0.127717, abs=5.1e-7)
    assert speed.max() == pytest.approx(0.868418, abs=5.1e-7)


def test_mean_squared_displacement_and_its_standard_error(subset: Tracks) -> None:
    table = mean_squared_displacement(subset).table
    msd, error = table["msd_um2"].to_numpy()[:6], table["standard_error_um2"].to_numpy()[:6]
    np.testing.assert_allclose(table["lag_min"][:6], np.arange(1, 7) * 0.4, rtol=1e-12)
    np.testing.assert_allclose(msd, [19.26447, 41.45140, 67.85251, 97.12745, 128.25329, 157.86364], rtol=1e-6)
    lower = [17.65995, 38.97172, 64.43261, 92.37496, 121.99665, 149.92798]
    np.testing.assert_allclose(msd - error, lower, rtol=1e-6)
    pairs = table.set_index("lag_steps")["n_pairs"]
    assert (pairs[1], pairs[10], pairs[35]) == (988, 562, 46)


def test_unit_track() -> None:
    track = unit_track()
    path, turning = path_measures(track).iloc[0], turning_measures(track).iloc[0]
    assert path["path_length_um"] == pytest.approx(5, rel=1e-12)
    assert path["duration_min"] * SECONDS == pytest.approx(50, rel=1e-12)
    assert path["speed_um_per_min"] / SECONDS == pytest.approx(0.1, rel=1e-12)
    assert path["displacement_um"] == pytest.approx(3, rel=1e-12)
    assert path["max_displacement_um"] == pytest.approx(3, rel=1e-12)
    assert path["outreach_ratio"] == pytest.approx(0.6, rel=1e-12)
    assert turning["overall_angle_rad"] == pytest.approx(np.pi, rel=1e-12)
    assert turning["mean_turning_angle_rad"] == pytest.approx(np.pi / 2, rel=1e-12)
    assert box_count_dimension(track.positions[:, 0]) == pytest.approx(1.4150374993, abs=5e-11)


def test_rayleigh_of_the_t_cells(t_cells: Tracks) -> None:
    assert rayleigh_test_of_vectors(displacements(t_cells)).p_value == pytest.approx(0.2107, abs=5.1e-5)


def test_hotelling_as_the_package_takes_it(t_cells: Tracks) -> None:
    steps = spaced_steps(t_cells)
    assert len(steps) == 3895
    test = hotelling_test(steps)
    mean, spread = steps.mean(axis=0), np.cov(steps, rowvar=False)
    assert test.t_squared == pytest.approx(len(steps) * mean @ np.linalg.inv(spread) @ mean, rel=1e-12)
    assert len(spaced_steps(t_cells, 4)) == sum((count - 2) // 5 + 1 for count in t_cells.counts)


def test_raw_tracks_have_gaps(folder: Path) -> None:
    tracks = Tracks.from_table(_table(folder / "TCellsRaw.csv"))
    assert (tracks.dimensions, tracks.n_tracks, int(tracks.steps.gap.sum())) == (3, 258, 6)
    pieces = tracks.cut_at_gaps()
    assert pieces.n_tracks == 264
    assert not pieces.steps.gap.any()
    pairs = mean_squared_displacement(tracks).table.set_index("lag_steps")["n_pairs"]
    assert pairs[1] == tracks.steps.regular.sum()
