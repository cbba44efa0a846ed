"""Hulls, holes, depth, moments and circles against plain twins."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage
from skimage.measure import perimeter, perimeter_crofton, regionprops
from tests.imaging.measured_fields import blobs, disc

from coculture.imaging.measure.field import measure_field
from coculture.imaging.measure.kernels.hulls import convex_areas, feret_diameters, hull_of_centres
from coculture.imaging.measure.kernels.masks import depth, depth_statistics, topology_statistics
from coculture.imaging.measure.kernels.moments import moments
from coculture.imaging.measure.kernels.zernike import circles
from coculture.imaging.measure.objects import FieldObjects

pytestmark = pytest.mark.kernel


def places(objects: FieldObjects, row: int) -> np.ndarray:
    """Pixels (x, y) of one nucleus."""
    return np.argwhere(objects.nuclei == objects.ids[row])[:, ::-1].astype(float)


def test_convex_areas_filled_areas_euler_numbers_and_borders_are_those_of_region_properties() -> None:
    objects = blobs()
    objects.nuclei[14:16, 13:15] = 0  # a hole
    lists = objects.nucleus_pixels
    width = objects.nuclei.shape[1]
    convex = convex_areas(lists.starts, lists.pixels, width)
    found = topology_statistics(lists.starts, lists.pixels, width)
    for row, region in enumerate(regionprops(objects.nuclei)):
        assert convex[row] == region.area_convex
        assert found[row, 0] == region.euler_number
        assert found[row, 1] == region.area_filled
        assert found[row, 2] == pytest.approx(perimeter(np.pad(region.image, 1)), rel=1e-12)
    assert found[0, 0] == 0


def test_a_ring_has_a_hole_and_two_pieces_at_a_corner_are_one() -> None:
    labels = np.zeros((9, 9), dtype=np.int32)
    labels[1:6, 1:6] = 3
    labels[3, 3] = 0
    labels[6, 6] = 3
    pixels = np.flatnonzero(labels.ravel())
    found = topology_statistics(np.array([0, pixels.size]), pixels, 9)
    assert found[0].tolist()[:2] == [0, 26]


def test_feret_diameters_are_the_extremes_over_directions() -> None:
    objects = blobs()
    lists = objects.nucleus_pixels
    found = feret_diameters(lists.starts, lists.pixels, objects.nuclei.shape[1])
    angles = np.linspace(0, np.pi, 3600, endpoint=False)
    for row in range(objects.ids.size):
        along = places(objects, row) @ np.stack([np.cos(angles), np.sin(angles)])
        widths = np.ptp(along, axis=0)
        assert found[row, 0] == pytest.approx(widths.min(), abs=0.02)
        assert found[row, 1] == pytest.approx(widths.max(), abs=1e-4)


def test_objects_of_a_pixel_and_of_a_line_have_no_width() -> None:
    pixels = np.array([5, 12, 13, 14])
    found = feret_diameters(np.array([0, 1, 4]), pixels, 10)
    assert found.tolist() == [[0, 0], [0, 2]]
    assert circles(np.array([0, 1, 4]), pixels, 10).tolist() == [[5, 0, 0], [3, 1, 1]]
    assert convex_areas(np.array([0, 1, 4]), pixels, 10).tolist() == [1, 3]


def test_depth_is_the_exact_distance_transform() -> None:
    mask = np.zeros((40, 31), dtype=np.uint8)
    mask[1:-1, 1:-1] = disc((38, 29), 14, 20, 13) | (np.random.default_rng(0).random((38, 29)) < 0.4)
    np.testing.assert_allclose(np.sqrt(depth(mask)), ndimage.distance_transform_edt(mask), rtol=1e-12)


def test_depth_statistics_count_what_is_beyond_the_image_as_outside() -> None:
    objects = blobs()
    lists = objects.cell_pixels
    found = depth_statistics(lists.starts, lists.pixels, objects.cells.shape[1])
    for row, number in enumerate(objects.ids):
        mask = np.pad(objects.cells == number, 1)
        inside = ndimage.distance_transform_edt(mask)[mask]
        np.testing.assert_allclose(found[row], [inside.max(), inside.mean(), np.median(inside)], rtol=1e-12)


def test_moments_are_sums_of_powers() -> None:
    objects = blobs()
    lists = objects.nucleus_pixels
    raw, central = moments(lists.starts, lists.pixels, objects.nuclei.shape[1])
    for row in range(objects.ids.size):
        x, y = places(objects, row).T
        for p in range(4):
            for q in range(4):
                assert raw[row, p, q] == pytest.approx(((y - y.min()) ** p * (x - x.min()) ** q).sum(), rel=1e-12)
                expected = ((y - y.mean()) ** p * (x - x.mean()) ** q).sum()
                assert central[row, p, q] == pytest.approx(expected, rel=1e-9, abs=1e-7)


def test_the_smallest_circle_holds_every_pixel_and_no_smaller_one_does() -> None:
    draw = np.random.default_rng(4)
    for _ in range(30):
        field = np.zeros((24, 26), dtype=bool)
        for _ in range(draw.integers(1, 5)):
            field |= disc(field.shape, *draw.uniform(4, 20, 2), draw.uniform(0.6, 5))
        pixels = np.flatnonzero(field.ravel())
        ((x, y, radius),) = circles(np.array([0, pixels.size]), pixels, 26)
        points = np.argwhere(field)[:, ::-1].astype(float)
        assert np.hypot(*(points - (x, y)).T).max() == pytest.approx(radius, abs=1e-9)
        steps = np.stack(np.meshgrid([-0.01, 0, 0.01], [-0.01, 0, 0.01]), -1).reshape(-1, 2)
        farthest = [np.hypot(*(points - (x + dx, y + dy)).T).max() for dx, dy in steps]
        assert min(farthest) >= radius - 1e-9


def test_a_hull_is_convex_and_holds_every_pixel() -> None:
    objects = blobs()
    lists = objects.cell_pixels
    for row in range(objects.ids.size):
        own = lists.pixels[lists.starts[row] : lists.starts[row + 1]]
        xs, ys = hull_of_centres(own, objects.cells.shape[1])
        corners = np.stack([xs, ys], 1).astype(float)
        sides = np.roll(corners, -1, 0) - corners
        following = np.roll(sides, -1, 0)
        assert (sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0] > 0).all()
        inside = np.stack([own % objects.cells.shape[1], own // objects.cells.shape[1]], 1)
        for corner, side in zip(corners, sides, strict=True):
            away = inside - corner
            assert (side[0] * away[:, 1] - side[1] * away[:, 0] >= 0).all()


def test_hu_s_numbers_do_not_see_direction_and_inertia_is_covariance() -> None:
    objects = blobs()
    table = measure_field(objects, ["moments"])
    for row, region in enumerate(regionprops(objects.nuclei)):
        found = [table[f"nucleus_moments_hu_{k}"][row] for k in range(1, 8)]
        np.testing.assert_allclose(found, region.moments_hu, rtol=1e-6, atol=1e-14)
        spread = np.cov(places(objects, row).T, bias=True)
        assert table["nucleus_moments_inertia_eigenvalue_1"][row] == pytest.approx(np.linalg.eigvalsh(spread)[1], rel=1e-9)


def test_perimeter_is_crofton_s_in_four_directions() -> None:
    objects = blobs()
    found = measure_field(objects, ["shape"])["nucleus_shape_perimeter_um"] / objects.pixel_size_um
    expected = [perimeter_crofton(np.pad(objects.nuclei == number, 2), directions=4) for number in objects.ids]
    np.testing.assert_allclose(found, expected, rtol=1e-9)
