"""Measures of single tracks on cases small enough to do by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.cases.walks import as_cells, as_tracks, random_walks

from coculture.errors import DataError, InputError
from coculture.interactions.motion.arrest import arrest_coefficients
from coculture.interactions.motion.asphericity import asphericities
from coculture.interactions.motion.cell_features import motion_features
from coculture.interactions.motion.fractal.box_count import box_count_dimension
from coculture.interactions.motion.fractal.variation import variation_dimensions
from coculture.interactions.motion.settings import MotionSettings
from coculture.interactions.motion.staggered import staggered_matrix, staggered_mean
from coculture.interactions.motion.track_table import track_metrics
from coculture.interactions.motion.tracks import Tracks
from coculture.interactions.motion.turning import angles_between, turning_angles
from coculture.plate.cell_table import validate_cell_table
from coculture.plate.columns import is_feature

SQUARE = np.array([[0, 0], [3, 0], [3, 4], [0, 4.0]])
"""Three sides of a rectangle."""


def _square() -> Tracks:
    return Tracks.from_arrays([1] * 4, [0, 1, 2, 3], SQUARE)


def test_three_sides_of_a_rectangle() -> None:
    row = track_metrics(_square(), MotionSettings(arrest_speed_um_per_min=3.5, direction=(0, 2))).iloc[0]
    expected = {
        "n_points": 4,
        "n_gaps": 0,
        "start_min": 0,
        "duration_min": 3,
        "path_length_um": 10,
        "displacement_um": 4,
        "displacement_x_um": 0,
        "displacement_y_um": 4,
        "max_displacement_um": 5,
        "speed_um_per_min": 10 / 3,
        "net_speed_um_per_min": 4 / 3,
        "directness": 0.4,
        "outreach_ratio": 0.5,
        "displacement_ratio": 0.8,
        "overall_angle_rad": np.pi,
        "mean_turning_angle_rad": np.pi / 2,
        "arrest_coefficient": 2 / 3,
        "fmi_parallel": 0.4,
        "fmi_perpendicular": 0.0,
    }
    for name, value in expected.items():
        assert row[name] == pytest.approx(value, abs=1e-12), name
    assert row["reason"] == "too short for a fractal dimension"


def test_without_settings_there_is_no_arrest_and_no_direction() -> None:
    columns = track_metrics(_square()).columns
    assert "arrest_coefficient" not in columns
    assert "fmi_parallel" not in columns


def test_asphericity_is_that_of_the_covariance() -> None:
    positions = np.random.default_rng(2).normal(size=(3, 8, 3)) * [1, 2, 5]
    for track, found in enumerate(asphericities(as_tracks(positions))):
        values = np.linalg.eigvalsh(np.cov(positions[track], rowvar=False))
        mean = values.mean()
        assert found == pytest.approx(((values - mean) ** 2).sum() / (3 * 2 * mean**2), rel=1e-12)


def test_there_is_no_shape_on_a_line() -> None:
    assert np.isnan(asphericities(as_tracks(np.arange(4.0)[None, :, None]))).all()


def test_no_tracks_no_measures() -> None:
    nothing = track_metrics(as_cells(SQUARE[None]).iloc[:0], MotionSettings(arrest_speed_um_per_min=1.0, direction=(1, 0)))
    assert len(nothing) == 0
    assert list(nothing.columns) == list(
        track_metrics(as_cells(SQUARE[None]), MotionSettings(arrest_speed_um_per_min=1.0, direction=(1, 0))).columns
    )
    assert len(motion_features(as_cells(SQUARE[None]).iloc[:0])) == 0


def test_a_cell_that_goes_to_and_fro() -> None:
    track = Tracks.from_arrays([1] * 5, range(5), np.array([[0, 0], [1, 1], [0, 0], [1, 1], [0, 0.0]]))
    row = track_metrics(track).iloc[0]
    assert row["asphericity"] == pytest.approx(1)
    assert row["directness"] == 0
    assert row["mean_turning_angle_rad"] == pytest.approx(np.pi)


@pytest.mark.parametrize(
    ("times", "xs", "reason", "missing"),
    [
        ([0], [1.0], "one point: no motion can be measured", ["speed_um_per_min", "directness", "asphericity"]),
        ([0, 1], [1.0, 2.0], "two points: no directness, angles or shape", ["directness", "mean_turning_angle_rad"]),
        ([0, 1, 2], [1.0, 1.0, 1.0], "never moved: no directness, angles or shape", ["directness", "overall_angle_rad"]),
        ([0, 1], [1.0, 1.0], "never moved: no directness, angles or shape", ["directness"]),
        (
            [0, 3, 6],
            [1.0, 2.0, 3.0],
            "no step of the usual duration: no turning angle, arrest or fractal dimension",
            ["mean_turning_angle_rad", "arrest_coefficient"],
        ),
        ([0, 1, 4], [1.0, 2.0, 3.0], "no two consecutive regular steps: no mean turning angle", ["mean_turning_angle_rad"]),
        (range(8), [0.0, 0, 1, 2, 3, 4, 5, 6], "its first or last step has length 0: no overall angle", ["overall_angle_rad"]),
        (range(8), np.arange(8.0), "", []),
    ],
)
def test_every_missing_measure_has_its_reason(times: list[float], xs: list[float], reason: str, missing: list[str]) -> None:
    positions = np.column_stack((xs, np.zeros(len(xs))))
    tracks = Tracks.from_arrays([1] * len(xs), list(times), positions, step_min=1.0)
    row = track_metrics(tracks, MotionSettings(arrest_speed_um_per_min=0.1, direction=(1, 0))).iloc[0]
    assert row["reason"] == reason
    assert row[missing].isna().all()
    if not reason:
        assert not row.isna().any()


def test_no_measure_is_missing_without_a_reason() -> None:
    rng = np.random.default_rng(5)
    lengths = rng.integers(1, 12, 300)
    ids = np.repeat(np.arange(300), lengths)
    times = np.concatenate([np.sort(rng.choice(20, n, replace=False)) for n in lengths])
    positions = np.round(rng.normal(size=(len(ids), 2)).cumsum(axis=0) * rng.integers(0, 2, len(ids))[:, None])
    table = track_metrics(Tracks.from_arrays(ids, times, positions, step_min=1.0))
    assert ((table["reason"] == "") == ~table.drop(columns="reason").isna().any(axis=1)).all()
    assert (table["reason"] == "").any()


def test_angles_between_keep_their_digits() -> None:
    small = 1e-9
    first = np.array([[1.0, 0], [1, 0], [1, 0], [0, 0]])
    second = np.array([[1, small], [-1, small], [0, 2], [1, 0]])
    found = angles_between(first, second)
    np.testing.assert_allclose(found[:3], [small, np.pi - small, np.pi / 2], rtol=1e-14)
    assert np.isnan(found[3])


def test_turning_angles_leave_gaps_out() -> None:
    tracks = Tracks.from_arrays([1] * 5, [0, 1, 2, 4, 5], np.array([[0, 0], [1, 0], [1, 1], [5, 5], [6, 5.0]]), step_min=1.0)
    angle, point = turning_angles(tracks)
    np.testing.assert_allclose(angle, [np.pi / 2])
    assert list(point) == [1]


def test_arrest_weighs_by_time() -> None:
    tracks = Tracks.from_arrays([1] * 4, [0, 1.0, 2.2, 3.1], np.array([0, 0.5, 5.0, 5.1])[:, None], step_min=1.0)
    assert arrest_coefficients(tracks, 1.0)[0] == pytest.approx(1.9 / 3.1)


def test_fractal_dimensions() -> None:
    line = as_tracks(np.stack((np.arange(40.0), np.arange(40.0)), axis=1)[None])
    assert variation_dimensions(line)[0] == pytest.approx(1)
    assert box_count_dimension(np.arange(33.0)) == pytest.approx(1)
    walks = as_tracks(random_walks(np.random.default_rng(0), 400, 200))
    assert np.mean(variation_dimensions(walks)) == pytest.approx(1.5, abs=0.01)
    zigzag = as_tracks(np.tile([[0.0, 0], [1, 0], [0, 0.5]], (10, 1))[None])
    assert variation_dimensions(zigzag)[0] > 1.5
    assert box_count_dimension(np.random.default_rng(1).normal(size=4097).cumsum()) == pytest.approx(1.5, abs=0.1)


def test_box_count_refuses() -> None:
    with pytest.raises(DataError, match="2 values have no dimension"):
        box_count_dimension(np.array([1.0, 2.0]))
    with pytest.raises(DataError, match="all values are the same"):
        box_count_dimension(np.ones(9))
    with pytest.raises(InputError, match="one row of finite numbers"):
        box_count_dimension(np.array([1.0, np.nan, 2.0]))


def test_staggered_measures() -> None:
    track = _square()
    displacement = staggered_matrix(track, "displacement")
    np.testing.assert_allclose(displacement, displacement.T)
    assert displacement[2, 0] == 5
    assert staggered_matrix(track, "squared displacement")[2, 0] == 25
    assert staggered_matrix(track, "path length")[3, 0] == 10
    assert staggered_matrix(track, "directness")[0, 3] == pytest.approx(0.4)
    assert staggered_mean(track, "displacement") == pytest.approx((3 + 5 + 4 + 4 + 5 + 3) / 6)


def test_staggered_refuses() -> None:
    still = Tracks.from_arrays([1, 1], [0, 1], np.zeros((2, 2)))
    with pytest.raises(InputError, match="unknown measure 'x'"):
        staggered_matrix(still, "x")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="no stretch of the track has a directness"):
        staggered_mean(still, "directness")
    with pytest.raises(InputError, match="2 tracks"):
        staggered_matrix(Tracks.from_arrays([1, 2], [0, 1], np.zeros((2, 2))), "speed")
    with pytest.raises(DataError, match="no cell was seen twice, so there is no staggered measure"):
        staggered_matrix(Tracks.from_arrays([1], [0], np.zeros((1, 2))), "speed")


def test_arrest_needs_a_speed() -> None:
    with pytest.raises(InputError, match="a threshold of 0 µm/min"):
        arrest_coefficients(_square(), 0)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"gaps": "fill"}, "unknown policy 'fill'"),
        ({"fewest_points": 1}, "tracks of 1 points"),
        ({"arrest_speed_um_per_min": -1.0}, "arrest_speed_um_per_min = -1.0"),
        ({"correlation_reach_um": 10.0}, "the bins are wider than the reach"),
    ],
)
def test_settings_that_cannot_be_used(setting: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        MotionSettings(**setting)  # type: ignore[arg-type]


def test_features_join_the_cell_table() -> None:
    cells = as_cells(random_walks(np.random.default_rng(4), 5, 7), types=("a", "b")).sample(frac=1, random_state=1)
    cells.iloc[0, cells.columns.get_loc("alive")] = False  # type: ignore[index]
    features = motion_features(cells, MotionSettings(arrest_speed_um_per_min=1.0))
    assert features.index.equals(cells.index)
    assert all(is_feature(name) and name.startswith("cell_motion_") for name in features.columns)
    validate_cell_table(pd.concat([cells, features], axis=1))
    assert features.iloc[0].isna().all()
    tracks = track_metrics(cells).set_index("track_id")
    joined = pd.concat([cells, features], axis=1)[1:]
    for name in ("speed_um_per_min", "directness"):
        np.testing.assert_array_equal(joined[f"cell_motion_{name}"], tracks.loc[joined["track_id"], name])


def test_step_features_stand_at_the_right_time() -> None:
    cells = as_cells(SQUARE[None])
    features = motion_features(cells)
    np.testing.assert_allclose(features["cell_motion_step_speed_um_per_min"], [3, 4, 3, np.nan])
    np.testing.assert_allclose(features["cell_motion_turning_angle_rad"], [np.nan, np.pi / 2, np.pi / 2, np.nan])
