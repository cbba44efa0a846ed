"""Laws of motion: known walks give their parameters back, tests are uniform under their null, measures have their symmetries."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from scipy import stats
from tests.cases.walks import as_tracks, persistent_walks, random_walks

from coculture.interactions.motion.autocovariance import step_autocovariance
from coculture.interactions.motion.chemotaxis import chemotactic_index, mean_index
from coculture.interactions.motion.collective.polar_order import polar_order
from coculture.interactions.motion.direction.forward_migration import forward_migration
from coculture.interactions.motion.direction.hotelling import hotelling_test, spaced_steps
from coculture.interactions.motion.direction.rayleigh import rayleigh_test, rayleigh_test_of_vectors
from coculture.interactions.motion.front.fisher import fisher_front_speed
from coculture.interactions.motion.front.gap_closure import fit_gap_closure
from coculture.interactions.motion.lag_models.fuerth import fit_fuerth, fuerth_curve
from coculture.interactions.motion.lag_models.memory import fit_memory
from coculture.interactions.motion.mean_squared import mean_squared_displacement
from coculture.interactions.motion.path import displacements
from coculture.interactions.motion.targets.nearest_cell import TowardNearest
from coculture.interactions.motion.targets.point import TowardPoint
from coculture.interactions.motion.track_table import track_metrics
from coculture.interactions.motion.tracks import Tracks
from coculture.randomness import stream

needs_compiled_kernels = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="too many pairs for plain Python")


@needs_compiled_kernels
@pytest.mark.parametrize(
    ("dimensions", "diffusion", "persistence", "step"), [(2, 30.0, 5.0, 1.0), (3, 0.5, 40.0, 10.0), (1, 8.0, 1.0, 0.5)]
)
def test_a_persistent_walk_gives_its_parameters_back(dimensions: int, diffusion: float, persistence: float, step: float) -> None:
    walks = persistent_walks(stream(1, str(dimensions)), 20_000, 30, step, diffusion, persistence, dimensions)
    tracks = as_tracks(walks, step)
    curve = mean_squared_displacement(tracks)
    for weights in ("equal", "precision"):
        fit = fit_fuerth(curve, weights=weights)  # type: ignore[arg-type]
        assert fit.diffusion_um2_per_min.value == pytest.approx(diffusion, rel=0.03)
        assert fit.persistence_min.value == pytest.approx(persistence, rel=0.03)
        assert fit.speed_um_per_min.value == pytest.approx(np.sqrt(dimensions * diffusion / persistence), rel=0.03)
    np.testing.assert_allclose(
        curve.table["msd_um2"], fuerth_curve(curve.table["lag_min"].to_numpy(), diffusion, persistence, dimensions), rtol=0.04
    )


@needs_compiled_kernels
def test_memory_of_the_steps_is_the_same_persistence() -> None:
    tracks = as_tracks(persistent_walks(stream(2), 20_000, 25, 1.0, 30.0, 5.0))
    curve = step_autocovariance(tracks)
    assert fit_memory(curve).persistence_min.value == pytest.approx(5, rel=0.03)
    left = np.exp(-1 / 5)
    expected = 2 * 30 * 5 * (1 - left) ** 2 * left ** (np.arange(1, 10) - 1)
    np.testing.assert_allclose(curve.values[1:10], expected, rtol=0.08)


@needs_compiled_kernels
def test_limits_hold_the_truth_as_often_as_they_say() -> None:
    held = np.zeros(3)
    for trial in range(150):
        tracks = as_tracks(persistent_walks(stream(3, str(trial)), 60, 40, 1.0, 30.0, 4.0))
        fit = fit_fuerth(mean_squared_displacement(tracks, longest_lag_min=10))
        found = (fit.diffusion_um2_per_min, fit.persistence_min, fit.speed_um_per_min)
        held += [part.low < truth < part.high for part, truth in zip(found, (30.0, 4.0, np.sqrt(15.0)), strict=True)]
    assert (held / 150 > 0.88).all()


@needs_compiled_kernels
def test_the_standard_error_between_tracks_is_the_spread_over_experiments() -> None:
    tables = [
        mean_squared_displacement(as_tracks(persistent_walks(stream(4, str(trial)), 50, 30, 1.0, 30.0, 5.0))).table
        for trial in range(200)
    ]
    spread = np.std([table["msd_um2"] for table in tables], axis=0)
    between = np.mean([table["track_standard_error_um2"] for table in tables], axis=0)
    plain = np.mean([table["standard_error_um2"] for table in tables], axis=0)
    np.testing.assert_allclose(between[:20] / spread[:20], 1, atol=0.1)
    assert plain[9] < 0.4 * spread[9]


def test_uniform_angles_give_uniform_p_values() -> None:
    rng = stream(5)
    for n in (20, 60):
        p = [rayleigh_test(angles).p_value for angles in rng.uniform(-np.pi, np.pi, (2000, n))]
        assert stats.kstest(p, "uniform").pvalue > 0.01


def test_directions_in_space_too() -> None:
    p = [rayleigh_test_of_vectors(vectors).p_value for vectors in stream(6).normal(size=(2000, 20, 3))]
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_hotelling_is_uniform_over_tracks_but_not_over_their_steps() -> None:
    by_track, by_step = [], []
    for trial in range(400):
        tracks = as_tracks(persistent_walks(stream(7, str(trial)), 25, 20, 1.0, 10.0, 8.0))
        by_track.append(hotelling_test(displacements(tracks)).p_value)
        by_step.append(hotelling_test(spaced_steps(tracks)).p_value)
    assert stats.kstest(by_track, "uniform").pvalue > 0.01
    assert np.mean(np.array(by_step) < 0.05) > 0.6


def _measured(tracks: Tracks) -> dict[str, np.ndarray]:
    table = track_metrics(tracks)
    return {name: table[name].to_numpy(float) for name in table.columns if table[name].dtype.kind == "f"}


@pytest.mark.parametrize("dimensions", [2, 3])
def test_moving_turning_and_mirroring_change_no_measure(dimensions: int) -> None:
    rng = stream(8, str(dimensions))
    walks = random_walks(rng, 20, 15, dimensions)
    turn, _ = np.linalg.qr(rng.normal(size=(dimensions, dimensions)))
    before, after = _measured(as_tracks(walks)), _measured(as_tracks(walks @ turn + 1000))
    for name, values in before.items():
        if not name.startswith("displacement_") or name == "displacement_ratio":
            np.testing.assert_allclose(after[name], values, rtol=1e-9, atol=1e-9, err_msg=name)


def test_units_of_measures() -> None:
    walks = random_walks(stream(9), 20, 15)
    before, after = _measured(as_tracks(walks)), _measured(as_tracks(walks * 3, step_min=2.0))
    scale = {"um_per_min": 1.5, "um": 3.0, "min": 2.0}
    for name, values in before.items():
        unit = next((unit for unit in scale if name.endswith("_" + unit)), "")
        np.testing.assert_allclose(after[name], values * scale.get(unit, 1.0), rtol=1e-9, err_msg=name)


def test_time_reversed_walks_have_the_same_lengths_and_angles() -> None:
    walks = random_walks(stream(10), 20, 15)
    before, after = _measured(as_tracks(walks)), _measured(as_tracks(walks[:, ::-1]))
    for name in ("path_length_um", "displacement_um", "directness", "mean_turning_angle_rad", "asphericity", "fractal_dimension"):
        np.testing.assert_allclose(after[name], before[name], rtol=1e-9, err_msg=name)
    one, other = (mean_squared_displacement(as_tracks(part)).table["msd_um2"] for part in (walks, walks[:, ::-1]))
    np.testing.assert_allclose(one, other)


def test_bounds_and_pythagoras() -> None:
    tracks = as_tracks(random_walks(stream(11), 300, 9))
    found, along = _measured(tracks), forward_migration(tracks, (1, 2))
    assert ((found["directness"] >= 0) & (found["directness"] <= found["outreach_ratio"] + 1e-12)).all()
    assert (found["outreach_ratio"] <= 1 + 1e-12).all()
    assert ((found["asphericity"] >= 0) & (found["asphericity"] <= 1 + 1e-12)).all()
    np.testing.assert_allclose(np.hypot(along["fmi_parallel"], along["fmi_perpendicular"]), found["directness"])


@needs_compiled_kernels
def test_straight_cells_and_walks_without_memory() -> None:
    speeds = np.array([1.0, 2.0, 3.0])
    straight = as_tracks(np.arange(30.0)[None, :, None] * np.stack((speeds, np.zeros(3)), axis=1)[:, None])
    table = mean_squared_displacement(straight).table
    np.testing.assert_allclose(table["msd_um2"], np.mean(speeds**2) * table["lag_min"] ** 2)
    aimless = mean_squared_displacement(as_tracks(random_walks(stream(12), 20_000, 10, 3))).table
    np.testing.assert_allclose(aimless["msd_um2"], 3 * aimless["lag_steps"], rtol=0.02)


def test_cells_that_know_nothing_go_nowhere() -> None:
    rng = stream(13)
    walks = random_walks(rng, 300, 20) + rng.uniform(0, 120, (300, 1, 2))
    tracks = as_tracks(walks, cell_type=np.where(np.arange(300) % 3, "nk", "tumour"))
    for target in (TowardPoint((60, 60)), TowardNearest("tumour"), TowardNearest("nk")):
        mean = mean_index(chemotactic_index(tracks, target, movers="nk"))
        assert abs(mean.mean) < 0.05
        assert mean.p_value > 0.003
    assert abs(forward_migration(tracks, (0, 1))["fmi_parallel"].mean()) < 0.05


def test_planted_pull_toward_the_nearest_cell_is_found() -> None:
    rng, pull = stream(14), 0.6
    prey = rng.uniform(0, 500, (60, 2))
    hunters = [rng.uniform(0, 500, (200, 2))]
    for _ in range(15):
        where = hunters[-1]
        nearest = prey[np.linalg.norm(where[:, None] - prey, axis=2).argmin(axis=1)]
        away = nearest - where
        hunters.append(where + pull * away / np.linalg.norm(away, axis=1)[:, None] + rng.standard_normal((200, 2)))
    positions = np.concatenate((np.stack(hunters, axis=1), np.repeat(prey[:, None], 16, axis=1)))
    tracks = as_tracks(positions, cell_type=np.array(["nk"] * 200 + ["tumour"] * 60))
    index = chemotactic_index(tracks, TowardNearest("tumour"), movers="nk")
    assert index["toward_um_per_min"].mean() == pytest.approx(pull, abs=0.05)
    assert mean_index(index).low > 0.3


@pytest.mark.parametrize("cells", [2, 5, 40])
def test_chance_agreement_is_zero_for_any_number_of_cells(cells: int) -> None:
    table = polar_order(as_tracks(random_walks(stream(15, str(cells)), cells, 4000)))
    error = np.sqrt(1 / (cells * (cells - 1)) / 4000)
    assert abs(table["agreement"].mean()) < 4 * error
    assert table["polar_order"].mean() > 0.8 / np.sqrt(cells)


def test_fisher_fronts_close_a_gap_at_the_predicted_speed() -> None:
    """D = 500 µm²/h, r = 0.04/h: 8.9443 µm/h in the long run; 8.639 predicted and 8.626 computed from 500 to 600 h."""
    diffusion, growth, width, step = 500.0, 0.04, 8.0, 0.05
    density = np.zeros(900)
    density[:20] = 1
    times, areas = [], []
    for k in range(int(600 / step) + 1):
        if k * step >= 500 and round(k * step / 5, 6).is_integer():
            edge = int(np.flatnonzero(density > 0.5)[-1])
            place = edge + (density[edge] - 0.5) / (density[edge] - density[edge + 1])
            times.append(k * step * 60)
            areas.append((900 - place) * width * 100.0)
        spread = np.empty_like(density)
        spread[1:-1] = density[:-2] - 2 * density[1:-1] + density[2:]
        spread[0], spread[-1] = density[1] - density[0], density[-2] - density[-1]
        density += step * (diffusion / width**2 * spread + growth * density * (1 - density))
    closure = fit_gap_closure(np.array(times), np.array(areas), 100.0, fronts=1, least_open=0.0)
    assert closure.speed_um_per_min * 60 == pytest.approx(8.626, rel=0.01)
    assert fisher_front_speed(diffusion / 60, growth / 60, 550 * 60) * 60 == pytest.approx(8.639, abs=0.001)
    assert fisher_front_speed(diffusion / 60, growth / 60) * 60 == pytest.approx(8.9443, abs=5e-5)
