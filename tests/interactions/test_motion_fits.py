"""Curves against lag and the models fitted to them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.cases.walks import as_tracks, persistent_walks, random_walks

from coculture.errors import DataError, InputError
from coculture.interactions.motion.autocovariance import step_autocovariance
from coculture.interactions.motion.lag_models.beauchemin import beauchemin_curve, fit_beauchemin
from coculture.interactions.motion.lag_models.fuerth import fit_fuerth, fuerth_curve
from coculture.interactions.motion.lag_models.memory import fit_memory
from coculture.interactions.motion.mean_squared import (
    MeanSquaredDisplacement,
    mean_squared_displacement,
    squared_displacement_per_track,
)
from coculture.interactions.motion.tracks import Tracks

LAGS = np.arange(1, 21) * 0.5


@pytest.mark.parametrize("dimensions", [1, 2, 3])
@pytest.mark.parametrize(("diffusion", "persistence"), [(20.0, 0.3), (0.01, 4.0), (1e4, 30.0)])
def test_exact_curves_give_their_numbers_back(dimensions: int, diffusion: float, persistence: float) -> None:
    curve = MeanSquaredDisplacement.of_curve(LAGS, fuerth_curve(LAGS, diffusion, persistence, dimensions), dimensions)
    fit = fit_fuerth(curve, longest_lag_min=10)
    assert fit.status == "fitted"
    assert fit.diffusion_um2_per_min.value == pytest.approx(diffusion, rel=1e-6)
    assert fit.persistence_min.value == pytest.approx(persistence, rel=1e-6)
    assert fit.speed_um_per_min.value == pytest.approx(np.sqrt(dimensions * diffusion / persistence), rel=1e-6)
    assert np.isnan(fit.diffusion_um2_per_min.low)
    assert (fit.scope.weights, fit.scope.n_tracks, fit.scope.n_lags) == ("equal", 0, 20)
    np.testing.assert_allclose(fit.curve(LAGS), curve.table["msd_um2"], rtol=1e-6)


def test_exact_run_and_pause_curve() -> None:
    curve = MeanSquaredDisplacement.of_curve(LAGS, beauchemin_curve(LAGS, 20, 1.7, 2), 2)
    fit = fit_beauchemin(curve, pause_min=0.5, longest_lag_min=10)
    assert fit.motility_um2_per_min.value == pytest.approx(20, rel=1e-6)
    assert fit.free_min.value == pytest.approx(1.7, rel=1e-6)


def test_fuerth_limits_of_the_curve() -> None:
    short, long = np.array([1e-5]), np.array([1e5])
    assert fuerth_curve(short, 8.0, 2.0, 2)[0] == pytest.approx(2 * 8.0 / 2.0 * 1e-10, rel=1e-4)
    assert fuerth_curve(long, 8.0, 2.0, 2)[0] == pytest.approx(4 * 8.0 * (1e5 - 2.0), rel=1e-12)


def test_a_walk_without_memory_is_diffusive() -> None:
    curve = MeanSquaredDisplacement.of_curve(LAGS, 4 * 3.0 * LAGS, 2)
    fit = fit_fuerth(curve, longest_lag_min=10)
    assert fit.status == "diffusive"
    assert fit.diffusion_um2_per_min.value == pytest.approx(3.0)
    assert np.isnan(fit.persistence_min.value)
    assert fit_beauchemin(curve, pause_min=0, longest_lag_min=10).status == "runs not resolved"


def test_cells_that_run_straight_are_ballistic() -> None:
    positions = np.arange(21.0)[None, :, None] * np.array([[[3.0, 4.0]], [[0.0, 5.0]], [[4.9, 0.0]]])
    fit = fit_fuerth(mean_squared_displacement(as_tracks(positions)))
    assert fit.status == "ballistic"
    assert fit.speed_um_per_min.value == pytest.approx(5, rel=0.02)
    assert fit.speed_um_per_min.low < 5 < fit.speed_um_per_min.high
    assert np.isnan(fit.diffusion_um2_per_min.value)


def test_cells_that_do_not_move() -> None:
    still = mean_squared_displacement(as_tracks(np.zeros((3, 20, 2))))
    assert fit_fuerth(still).status == "no motion"
    assert fit_beauchemin(still, pause_min=0.5).status == "no motion"
    assert np.isnan(fit_fuerth(still).residual_um2)


def test_limits_on_diffusion_alone() -> None:
    curve = mean_squared_displacement(as_tracks(random_walks(np.random.default_rng(8), 200, 30)))
    fit = fit_fuerth(curve)
    assert fit.diffusion_um2_per_min.low < 0.5 < fit.diffusion_um2_per_min.high
    assert fit.diffusion_um2_per_min.value == pytest.approx(0.5, rel=0.1)


def test_memory_is_read_from_the_steps() -> None:
    walks = as_tracks(persistent_walks(np.random.default_rng(3), 2000, 40, 1.0, 30.0, 5.0))
    fit = fit_memory(step_autocovariance(walks))
    assert fit.status == "fitted"
    assert fit.persistence_min.low < 5 < fit.persistence_min.high
    assert fit.persistence_min.value == pytest.approx(5, rel=0.05)
    direct = fit_memory(step_autocovariance(walks, of="direction"))
    assert direct.status == "fitted"
    assert direct.amplitude < 1


def test_memory_that_is_not_there() -> None:
    angle = np.arange(40) * np.pi / 3
    turning = np.cumsum(np.column_stack((np.cos(angle), np.sin(angle))), axis=0)[None]
    circles = step_autocovariance(as_tracks(np.concatenate((turning, turning * 1.1))))
    np.testing.assert_allclose(circles.values[1:5] / circles.values[0], [0.5, -0.5, -1, -0.5])
    found = fit_memory(circles, longest_lag_min=4)
    assert found.status == "no memory"
    assert np.isnan(found.persistence_min.value)
    straight = as_tracks(np.arange(40.0)[None, :, None] * np.array([[[1.0, 0]], [[0, 2.0]]]))
    assert fit_memory(step_autocovariance(straight)).status == "does not decay"


def test_errors_of_position_do_not_pull_at_the_memory() -> None:
    rng = np.random.default_rng(12)
    positions = persistent_walks(rng, 3000, 40, 1.0, 30.0, 5.0)
    blurred = as_tracks(positions + rng.normal(scale=1.5, size=positions.shape))
    assert fit_memory(step_autocovariance(blurred)).persistence_min.value == pytest.approx(5, rel=0.05)
    assert fit_fuerth(mean_squared_displacement(blurred)).persistence_min.value < 4.5


def test_curve_of_every_track() -> None:
    tracks = as_tracks(random_walks(np.random.default_rng(0), 4, 6))
    table = squared_displacement_per_track(tracks)
    assert len(table) == 4 * 6
    pooled = mean_squared_displacement(tracks).table
    for lag, part in table.groupby("lag_steps"):
        assert np.average(part["msd_um2"], weights=part["n_pairs"]) == pytest.approx(pooled["msd_um2"][int(str(lag)) - 1])


def test_longest_lag() -> None:
    tracks = as_tracks(random_walks(np.random.default_rng(0), 3, 20), step_min=2.0)
    assert mean_squared_displacement(tracks, longest_lag_min=9.0).table["lag_min"].max() == 8.0
    assert step_autocovariance(tracks, longest_lag_min=9.0).table["lag_min"].max() == 8.0
    assert step_autocovariance(tracks).table["lag_min"].max() == 38.0


def _walk() -> Tracks:
    return as_tracks(random_walks(np.random.default_rng(0), 1, 20))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"pairs": "some"}, "unknown pairs 'some'"),
        ({"longest_lag_min": 0.4}, "a longest lag of 0.4 min"),
        ({"longest_lag_min": np.inf}, "a longest lag of inf min"),
    ],
)
def test_curves_that_cannot_be_made(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        mean_squared_displacement(_walk(), **arguments)  # type: ignore[arg-type]


def test_steps_that_cannot_be_multiplied() -> None:
    with pytest.raises(InputError, match="unknown steps 'turns'"):
        step_autocovariance(_walk(), of="turns")  # type: ignore[arg-type]
    uneven = Tracks.from_arrays([1, 1, 1], [0, 2, 5], np.zeros((3, 2)), step_min=1.0)
    with pytest.raises(DataError, match="no step has the usual length in time"):
        step_autocovariance(uneven)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"weights": "some"}, InputError, "unknown weights 'some'"),
        ({"weights": "precision"}, InputError, "weights by precision need a curve made of two tracks or more"),
        ({"confidence": 1.0}, InputError, "a confidence of 1"),
        ({"longest_lag_min": 2.0}, DataError, "2 lags up to 2 min are too few"),
    ],
)
def test_fits_that_cannot_be_made(arguments: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        fit_fuerth(mean_squared_displacement(_walk()), **arguments)  # type: ignore[arg-type]


def test_other_fits_refuse() -> None:
    with pytest.raises(InputError, match="a pause of -1 min"):
        fit_beauchemin(mean_squared_displacement(_walk()), pause_min=-1)
    with pytest.raises(InputError, match="a shortest lag of 0 steps"):
        fit_memory(step_autocovariance(_walk()), shortest_lag_steps=0)


@pytest.mark.parametrize(
    ("lags", "values", "dimensions", "words"),
    [
        ([1, 2], [1.0], 2, "one finite value for each lag"),
        ([2, 1], [1.0, 2.0], 2, "lags must be ascending"),
        ([0, 1], [1.0, 2.0], 2, "lags must be ascending"),
        ([1, 2], [1.0, 2.0], 4, "4 dimensions"),
    ],
)
def test_curves_from_elsewhere_are_checked(lags: list[float], values: list[float], dimensions: int, words: str) -> None:
    with pytest.raises(InputError, match=words):
        MeanSquaredDisplacement.of_curve(np.array(lags, float), np.array(values), dimensions)
