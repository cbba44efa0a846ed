"""Directions: tests, indices and targets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.cases.walks import as_tracks, random_walks

from coculture.errors import DataError, InputError
from coculture.interactions.motion.chemotaxis import chemotactic_index, mean_index
from coculture.interactions.motion.direction.forward_migration import centre_of_mass, forward_migration
from coculture.interactions.motion.direction.hotelling import hotelling_test, spaced_steps
from coculture.interactions.motion.direction.rayleigh import rayleigh_test, rayleigh_test_of_vectors
from coculture.interactions.motion.targets.along import Along
from coculture.interactions.motion.targets.gradient import UpGradient
from coculture.interactions.motion.targets.nearest_cell import TowardNearest
from coculture.interactions.motion.targets.point import TowardPoint
from coculture.interactions.motion.targets.source import TowardSource
from coculture.interactions.motion.tracks import Tracks

HOOK = np.array([[[0, 0], [4, 0], [4, 3]], [[1, 1], [1, -1], [1, -2.0]]])
"""One cell goes right, then down the screen; the other goes up the screen."""


def test_rayleigh_formula() -> None:
    angles = np.array([0.1, 0.5, 1.2, -0.7, 2.0, 0.3])
    test = rayleigh_test(angles)
    n, r = 6, float(np.hypot(np.cos(angles).mean(), np.sin(angles).mean()))
    assert test.resultant == pytest.approx(r)
    assert test.statistic == pytest.approx(n * r * r)
    assert test.p_value == pytest.approx(np.exp(np.sqrt(1 + 4 * n + 4 * (n * n - (n * r) ** 2)) - (1 + 2 * n)))
    assert test.mean_angle_rad == pytest.approx(np.arctan2(np.sin(angles).mean(), np.cos(angles).mean()))
    np.testing.assert_allclose(test.mean_direction, [np.cos(test.mean_angle_rad), np.sin(test.mean_angle_rad)])


def test_opposite_directions_are_even() -> None:
    assert rayleigh_test(np.array([0.0, np.pi])).p_value == pytest.approx(1)
    assert rayleigh_test_of_vectors(np.array([[1.0, 0, 0], [-1, 0, 0]])).mean_direction == (0, 0, 0)


def test_zero_vectors_have_no_direction() -> None:
    vectors = np.array([[3.0, 0], [0, 0], [0, 0.1]])
    assert rayleigh_test_of_vectors(vectors).n == 2
    with pytest.raises(DataError, match="1 directions cannot be tested"):
        rayleigh_test_of_vectors(vectors[:2])


def test_rayleigh_refuses() -> None:
    with pytest.raises(InputError, match="one row of finite numbers"):
        rayleigh_test(np.array([0.0, np.nan]))
    with pytest.raises(InputError, match=r"vectors of shape \(2, 4\)"):
        rayleigh_test_of_vectors(np.zeros((2, 4)))


def test_hotelling_in_one_dimension_is_students_t() -> None:
    values = np.array([0.2, 0.9, -0.3, 1.4, 0.8])
    t = values.mean() / (values.std(ddof=1) / np.sqrt(5))
    test = hotelling_test(values[:, None])
    assert test.t_squared == pytest.approx(t**2)
    assert test.degrees == (1, 4)
    assert test.p_value == pytest.approx(0.113, abs=0.01)


def test_hotelling_refuses() -> None:
    with pytest.raises(DataError, match="2 vectors of 2 coordinates cannot be tested"):
        hotelling_test(np.eye(2))
    with pytest.raises(DataError, match="do not spread in 2 dimensions"):
        hotelling_test(np.array([[0.0, 0], [1, 2], [2, 4], [3, 6]]))
    with pytest.raises(InputError, match=r"vectors of shape \(3,\)"):
        hotelling_test(np.zeros(3))
    with pytest.raises(InputError, match="a spacing of -1 steps"):
        spaced_steps(as_tracks(HOOK), -1)


def test_forward_migration_by_hand() -> None:
    table = forward_migration(as_tracks(HOOK), (2, 0))
    np.testing.assert_allclose(table["fmi_parallel"], [4 / 7, 0])
    np.testing.assert_allclose(table["fmi_perpendicular"], [3 / 7, -1])
    deep = forward_migration(as_tracks(np.concatenate((HOOK, HOOK[:, :, :1]), axis=2)), (0, 0, 1))
    np.testing.assert_allclose(deep["fmi_parallel"], [4 / (4 * np.sqrt(2) + 3), 0])
    assert (deep["fmi_perpendicular"] >= 0).all()
    line = forward_migration(as_tracks(HOOK[:, :, :1]), (1,))
    assert list(line.columns) == ["fmi_parallel"]
    with pytest.raises(InputError, match=r"\(0, 0\) is no direction in 2 dimensions"):
        forward_migration(as_tracks(HOOK), (0, 0))


def test_centre_of_mass_by_hand() -> None:
    centre = centre_of_mass(as_tracks(HOOK))
    assert centre.displacement_um == (2, 0)
    assert (centre.length_um, centre.n_tracks) == (2, 2)
    np.testing.assert_allclose(centre.standard_error_um, [2, 3])
    with pytest.raises(DataError, match="1 tracks of two points or more"):
        centre_of_mass(as_tracks(HOOK[:1]))


def test_along_one_direction_the_index_is_the_forward_migration_index() -> None:
    tracks = as_tracks(random_walks(np.random.default_rng(2), 30, 12))
    index = chemotactic_index(tracks, Along((3, 4)))
    np.testing.assert_allclose(index["chemotactic_index"], forward_migration(tracks, (3, 4))["fmi_parallel"])
    assert (index["reason"] == "").all()
    assert (index["n_steps"] == 12).all()


def test_index_toward_a_point_by_hand() -> None:
    index = chemotactic_index(as_tracks(HOOK), TowardPoint((4, 0)))
    np.testing.assert_allclose(index["chemotactic_index"][0], 1)
    assert list(index["n_steps"]) == [1, 2]
    assert index["toward_um_per_min"][0] == 4
    expected = (2 * 1 / np.sqrt(10) - 1 / np.sqrt(10)) / 3
    np.testing.assert_allclose(index["chemotactic_index"][1], expected)


def test_sources() -> None:
    tracks = as_tracks(HOOK)
    point = chemotactic_index(tracks, TowardPoint((10, 0.5)))["chemotactic_index"]
    single = chemotactic_index(tracks, TowardSource.from_points(np.array([[10, 0.5]])))["chemotactic_index"]
    np.testing.assert_allclose(single, point)
    mask = np.zeros((20, 20), bool)
    mask[:, 5:] = True
    wall = TowardSource.from_mask(mask, 1.0)
    seen = wall.directions(tracks, np.arange(6))
    np.testing.assert_allclose(seen[0], np.array([5.5, 0.5]) / np.hypot(5.5, 0.5))
    inside = TowardSource.from_mask(mask, 0.5)
    np.testing.assert_array_equal(inside.directions(tracks, np.array([1])), [[0, 0]])
    assert wall.directions(tracks, np.empty(0, np.int64)).shape == (0, 2)
    assert str(wall) == "toward a source of 66 edge pixels"


def test_up_a_gradient() -> None:
    y, x = np.mgrid[:30, :40]
    field = UpGradient(3.0 * (x + 0.5) - 4.0 * (y + 0.5), 1.0)
    tracks = as_tracks(HOOK + 10)
    np.testing.assert_allclose(field.directions(tracks, np.arange(6)), np.tile([0.6, -0.8], (6, 1)), atol=1e-12)
    flat = UpGradient(np.ones((5, 5)), 1.0)
    index = chemotactic_index(tracks, flat)
    assert (index["reason"] == "the target never had a direction").all()
    assert index["chemotactic_index"].isna().all()
    assert UpGradient(field.field, 1.0, least_slope=6.0).directions(tracks, np.arange(2)).any() == False  # noqa: E712
    z = np.arange(4)[:, None, None] * np.ones((4, 5, 6))
    deep = as_tracks(np.random.default_rng(0).uniform(1, 3, (1, 3, 3)))
    np.testing.assert_allclose(UpGradient(z, 1.0).directions(deep, np.arange(3)), np.tile([0, 0, 1.0], (3, 1)), atol=1e-12)


def test_toward_the_nearest_cell_of_another_type() -> None:
    positions = np.array([[[0, 0], [1, 0], [2, 0]], [[5, 0], [5, 0], [-9, 0]], [[0, 8], [0, 8], [0, 8.0]]])
    tracks = as_tracks(positions, cell_type=["nk", "tumour", "tumour"])
    index = chemotactic_index(tracks, TowardNearest("tumour"), movers="nk")
    assert list(index["cell_type"]) == ["nk"]
    assert index["chemotactic_index"][0] == 1
    near = TowardNearest("tumour", within_um=4.5).directions(tracks, np.arange(3))
    np.testing.assert_array_equal(near, [[0, 0], [1, 0], [0, 0]])
    own = TowardNearest("tumour").directions(tracks, np.array([3, 6]))
    np.testing.assert_allclose(own[0], np.array([-5, 8]) / np.hypot(5, 8))
    np.testing.assert_allclose(own[0], -own[1])
    assert str(TowardNearest("tumour", 4.5)) == "toward the nearest tumour within 4.5 µm"


def test_cells_of_other_fields_are_not_near() -> None:
    cells = pd.DataFrame(
        {
            "site": [1, 1, 2, 2],
            "t_min": [0.0, 1, 0, 1],
            "track_id": [1, 1, 1, 1],
            "cell_type": ["a", "a", "b", "b"],
            "x_um": [0.0, 1, 3, 3],
            "y_um": 0.0,
        }
    )
    index = chemotactic_index(Tracks.from_table(cells), TowardNearest("b"), movers="a")
    assert index["reason"][0] == "the target never had a direction"


def test_reasons_without_an_index() -> None:
    tracks = Tracks.from_arrays(
        [1, 2, 2, 3, 3, 3], [0, 0, 1, 0, 1, 2], np.array([[0, 0], [1, 1], [1, 1], [5, 5], [5, 5], [6, 6.0]])
    )
    reasons = chemotactic_index(tracks, TowardPoint((9, 9)))["reason"]
    assert list(reasons) == ["one point", "never moved", ""]
    stuck = chemotactic_index(tracks.of_track(3), TowardSource.from_mask(np.eye(30) > 0, 1.0))["reason"]
    assert list(stuck) == ["the target never had a direction"]
    waits = Tracks.from_arrays([1] * 3, [0, 1, 2], np.array([[2.5, 2.5], [2.5, 2.5], [4, 4.0]]), cell_type=["a"] * 3)
    goal = Tracks.from_arrays(
        [1, 1, 1, 2], [0, 1, 2, 0], np.array([[2.5, 2.5], [2.5, 2.5], [4, 4.0], [9, 9]]), cell_type=list("aaab")
    )
    assert list(chemotactic_index(waits, TowardPoint((9, 9)))["reason"]) == [""]
    stayed = chemotactic_index(goal, TowardNearest("b"), movers="a")["reason"]
    assert list(stayed) == ["did not move while the target had a direction"]


def test_mean_index() -> None:
    table = pd.DataFrame({"chemotactic_index": [0.1, 0.3, np.nan, 0.5]})
    mean = mean_index(table)
    assert (mean.mean, mean.n_tracks) == (pytest.approx(0.3), 3)
    assert mean.low < 0.3 < mean.high
    assert mean.p_value == pytest.approx(0.1217, abs=1e-3)
    with pytest.raises(DataError, match="1 tracks have a chemotactic_index"):
        mean_index(table[:1])


def test_targets_that_cannot_be_used() -> None:
    tracks = as_tracks(HOOK)
    with pytest.raises(InputError, match="no point in 2 dimensions"):
        chemotactic_index(tracks, TowardPoint((1, 2, 3)))
    with pytest.raises(DataError, match="no track is of type 'b'") as caught:
        chemotactic_index(tracks, TowardNearest("b"))
    assert "types: cell" in str(caught.value)
    with pytest.raises(InputError, match="a reach of 0 µm"):
        TowardNearest("b", 0)
    with pytest.raises(InputError, match="searched in two or three dimensions"):
        chemotactic_index(as_tracks(HOOK[:, :, :1]), TowardNearest("cell"))
    with pytest.raises(InputError, match=r"a source of shape \(0, 2\)"):
        TowardSource.from_points(np.zeros((0, 2)))
    with pytest.raises(InputError, match="is no source"):
        TowardSource.from_mask(np.zeros((3, 3)), 1.0)
    with pytest.raises(InputError, match="pixel size 0"):
        TowardSource.from_mask(np.ones((3, 3)), 0)
    with pytest.raises(InputError, match="a source in 3 dimensions for tracks in 2"):
        chemotactic_index(tracks, TowardSource.from_points(np.zeros((1, 3))))
    with pytest.raises(InputError, match=r"a field of shape \(3,\)"):
        UpGradient(np.zeros(3), 1.0)
    with pytest.raises(InputError, match="pixel size -1"):
        UpGradient(np.zeros((3, 3)), -1)
    with pytest.raises(InputError, match="a least slope of -1"):
        UpGradient(np.zeros((3, 3)), 1, -1)
    with pytest.raises(InputError, match="a field in 3 dimensions for tracks in 2"):
        chemotactic_index(tracks, UpGradient(np.zeros((3, 3, 3)), 1.0))


def test_targets_have_names() -> None:
    assert str(Along((1, 0))) == "along (1, 0)"
    assert str(TowardPoint((4, 5.5))) == "toward (4, 5.5) µm"
    assert str(TowardSource.from_points(np.zeros((2, 2)))) == "toward a source of 2 points"
    assert str(UpGradient(np.zeros((3, 3)), 1.0)) == "up the gradient of a field"
