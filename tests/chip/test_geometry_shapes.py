"""Shapes: areas, which points belong, and channels along a line."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coculture.chip.geometry.channel_path import channel_polygons, path_length
from coculture.chip.geometry.shapes import Disc, Polygon, Rectangle, Shape, crosses_itself, signed_area, union_bounds
from coculture.errors import InputError

TRIANGLE = Polygon(((0.0, 0.0), (40.0, 0.0), (0.0, 30.0)))


@pytest.mark.parametrize(
    ("shape", "area"),
    [(Rectangle(1, 2, 30, 20), 600), (Disc(5, 5, 10), 100 * math.pi), (TRIANGLE, 600)],
)
def test_area_and_place_do_not_depend_on_each_other(shape: Shape, area: float) -> None:
    assert shape.area_um2 == pytest.approx(area, rel=1e-14)
    moved = shape.moved(7, -3)
    assert moved.area_um2 == pytest.approx(area, rel=1e-14)
    assert moved.bounds_um == pytest.approx(np.add(shape.bounds_um, (7, -3, 7, -3)))


@pytest.mark.parametrize("shape", [Rectangle(1, 2, 30, 20), Disc(15, 15, 10), TRIANGLE])
def test_a_random_point_is_inside_with_the_probability_of_the_area(shape: Shape) -> None:
    points = np.random.default_rng(1).uniform(-5, 45, (200_000, 2))
    share = shape.contains(points[:, 0], points[:, 1]).mean()
    assert share * 50 * 50 == pytest.approx(shape.area_um2, rel=0.03)


def test_tiles_share_no_point_and_leave_none_out() -> None:
    y, x = np.mgrid[0:50:0.5, 0:50:0.5]
    cut = ((10.0, 50.0), (35.0, 0.0))
    tiles = [
        Polygon(((0.0, 0.0), cut[1], cut[0], (0.0, 50.0))),
        Polygon((cut[1], (50.0, 0.0), (50.0, 50.0), cut[0])),
    ]
    assert np.array_equal(sum(tile.contains(x, y).astype(int) for tile in tiles), np.ones_like(x, dtype=int))
    left, right = Rectangle(0, 0, 20, 50), Rectangle(20, 0, 30, 50)
    assert np.array_equal(left.contains(x, y) ^ right.contains(x, y), np.ones_like(x, dtype=bool))


def test_a_polygon_is_the_same_in_either_sense_and_from_any_corner() -> None:
    y, x = np.mgrid[-5:45:0.7, -5:45:0.7]
    turned = Polygon(tuple(reversed(TRIANGLE.corners_um[1:] + TRIANGLE.corners_um[:1])))
    assert np.array_equal(TRIANGLE.contains(x, y), turned.contains(x, y))
    assert signed_area(TRIANGLE.corners_um) == -signed_area(turned.corners_um)


def test_a_disc_is_the_same_from_all_sides() -> None:
    y, x = np.mgrid[-6:7, -6:7].astype(float)
    inside = Disc(0, 0, 5).contains(x, y)
    assert np.array_equal(inside, inside.T)
    assert np.array_equal(inside, inside[::-1])
    assert not inside[6 + 3, 6 + 4]


def test_an_outline_that_crosses_itself_is_seen() -> None:
    assert crosses_itself(((0, 0), (10, 10), (10, 0), (0, 10)))
    assert crosses_itself(((0, 0), (10, 0), (10, 10), (5, 0), (0, 10)))
    assert not crosses_itself(((0, 0), (10, 0), (5, 4), (10, 10), (0, 10)))
    assert not crosses_itself(TRIANGLE.corners_um)


def test_a_channel_of_one_width_has_the_area_of_length_times_width() -> None:
    points = ((0.0, 0.0), (100.0, 0.0), (160.0, 80.0), (160.0, 200.0), (60.0, 260.0))
    polygons = channel_polygons(points, (20.0,) * 5, "here")
    assert len(polygons) == 4
    assert sum(polygon.area_um2 for polygon in polygons) == pytest.approx(20 * path_length(points), rel=1e-12)


def test_the_stretches_of_a_channel_do_not_overlap() -> None:
    points = ((10.0, 10.0), (70.0, 10.0), (70.0, 70.0), (20.0, 90.0))
    y, x = np.mgrid[0:110:0.25, 0:110:0.25] + 0.01
    count = sum(polygon.contains(x, y).astype(int) for polygon in channel_polygons(points, (12.0,) * 4, "here"))
    assert count.max() == 1
    assert count.sum() / 16 == pytest.approx(12 * path_length(points), rel=0.01)


def test_a_taper_is_a_trapezium() -> None:
    (taper,) = channel_polygons(((0.0, 0.0), (100.0, 0.0)), (35.0, 10.0), "here")
    assert taper.area_um2 == pytest.approx(100 * (35 + 10) / 2)
    assert taper.bounds_um == (0, -17.5, 100, 17.5)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (((0, 0), (0, 0), (9, 0)), "point 1 and point 2 are the same"),
        (((0, 0), (90, 0), (0, 1)), "turns by 179° at point 2"),
        (((0, 0), (90, 0), (90, 8), (0, 8)), "the stretch from point 2 to 3 is 8 µm long, too short"),
    ],
)
def test_a_channel_that_cannot_be_is_refused(points: tuple[tuple[float, float], ...], said: str) -> None:
    with pytest.raises(InputError, match=said) as error:
        channel_polygons(points, (10.0,) * len(points), "there")
    assert error.value.problems[0].where == "there"
    assert error.value.problems[0].remedy


def test_bounds_of_many() -> None:
    assert union_bounds((Disc(0, 0, 2), Rectangle(1, 1, 9, 4))) == (-2, -2, 10, 5)
