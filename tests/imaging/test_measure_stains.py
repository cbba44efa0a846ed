"""Measures of stains against plain NumPy twins: edges, places, correlation, rings, texture, grains, Zernike, neighbours."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest
from scipy import ndimage, stats
from skimage.morphology import disk, opening
from skimage.morphology import reconstruction as rebuilt
from skimage.segmentation import find_boundaries
from tests.imaging.measured_fields import blobs, one_cell, values

from coculture.errors import InputError
from coculture.imaging.measure.field import measure_field
from coculture.imaging.measure.kernels.correlation import correlation_statistics, dense_ranks
from coculture.imaging.measure.kernels.costes import costes_thresholds, orthogonal_line
from coculture.imaging.measure.kernels.granularity import (
    coarse_weights,
    cross_erosion,
    disc_opening,
    reconstruction,
    sampled,
    weighted_means,
)
from coculture.imaging.measure.kernels.intensity import edge_statistics, inner_edges, intensity_places, median_deviation
from coculture.imaging.measure.kernels.radial import rings_and_wedges, walk
from coculture.imaging.measure.kernels.texture import quantised, texture_statistics
from coculture.imaging.measure.objects import FieldObjects

pytestmark = pytest.mark.kernel


def unscaled(objects: FieldObjects) -> FieldObjects:
    """The same field, the camera's highest grey level not known."""
    return FieldObjects(objects.pixels, objects.channels, objects.nuclei, objects.cells, objects.ring, objects.pixel_size_um)


def test_inner_edges_are_find_boundaries() -> None:
    objects = blobs()
    expected = find_boundaries(objects.cells, mode="inner").ravel()
    np.testing.assert_array_equal(inner_edges(objects.cells).astype(bool), expected)


def test_edge_statistics_places_and_median_deviation_are_numpy_s() -> None:
    objects = blobs()
    lists, image, width = objects.cell_pixels, objects.flat(0), objects.cells.shape[1]
    edges = inner_edges(objects.cells)
    found = edge_statistics(image, edges, lists.starts, lists.pixels)
    where = intensity_places(image, lists.starts, lists.pixels, width)
    medians = np.array([np.median(values(objects, lists, row)) for row in range(objects.ids.size)])
    spread = median_deviation(image, medians, lists.starts, lists.pixels)
    for row, number in enumerate(objects.ids):
        rim = image[(objects.cells.ravel() == number) & (edges > 0)].astype(float)
        np.testing.assert_allclose(found[row], [rim.mean(), rim.std(), rim.min(), rim.max(), rim.sum()], rtol=1e-12)
        ys, xs = np.nonzero(objects.cells == number)
        grey = values(objects, lists, row)
        mass = np.array([(grey * xs).sum(), (grey * ys).sum()]) / grey.sum()
        away = np.hypot(*(mass - (xs.mean(), ys.mean())))
        np.testing.assert_allclose(where[row], [*(mass + 0.5), away, xs[grey.argmax()] + 0.5, ys[grey.argmax()] + 0.5])
        assert spread[row] == pytest.approx(np.median(np.abs(grey - medians[row])), rel=1e-12)


def test_dense_ranks_are_scipy_s() -> None:
    numbers = np.random.default_rng(2).integers(0, 9, 60).astype(float)
    np.testing.assert_array_equal(dense_ranks(numbers) + 1, stats.rankdata(numbers, "dense"))


def test_correlation_statistics_are_their_formulas() -> None:
    objects = blobs()
    lists = objects.cell_pixels
    found = correlation_statistics(objects.flat(0), objects.flat(1), lists.starts, lists.pixels, 0.15)
    for row in range(objects.ids.size):
        x, y = values(objects, lists, row, 0), values(objects, lists, row, 1)
        above_x, above_y = x >= 0.15 * x.max(), y >= 0.15 * y.max()
        both = above_x & above_y
        ranks = [stats.rankdata(z, "dense") for z in (x, y)]
        levels = max(rank.max() for rank in ranks)
        weight = (levels - np.abs(ranks[0] - ranks[1])) / levels
        xy, xx, yy = (x * y)[both].sum(), (x * x)[both].sum(), (y * y)[both].sum()
        expected = [np.corrcoef(x, y)[0, 1], np.polyfit(x, y, 1)[0], xy / np.sqrt(xx * yy), xy / xx, xy / yy]
        expected += [x[both].sum() / x[above_x].sum(), y[both].sum() / y[above_y].sum()]
        expected += [(x * weight)[both].sum() / x[above_x].sum(), (y * weight)[both].sum() / y[above_y].sum()]
        np.testing.assert_allclose(found[row], expected, rtol=1e-9)


def test_costes_line_is_the_first_axis_and_below_its_threshold_nothing_is_correlated() -> None:
    draw = np.random.default_rng(5)
    x = np.clip(draw.normal(40, 6, 900), 0, 255)
    y = np.clip(draw.normal(50, 6, 900), 0, 255)
    x[:300] += (signal := draw.uniform(40, 120, 300))
    y[:300] += signal
    x, y = np.rint(x) / 255, np.rint(y) / 255
    slope, intercept = orthogonal_line(x, y)
    vector = np.linalg.eigh(np.cov(x, y))[1][:, 1]
    assert slope == pytest.approx(vector[1] / vector[0], rel=1e-9)
    assert intercept == pytest.approx(y.mean() - slope * x.mean(), rel=1e-9)
    low_x, low_y = costes_thresholds(x, y, 255.0)
    below = (x < low_x) | (y < low_y)
    assert low_y == pytest.approx(slope * low_x + intercept)
    assert abs(np.corrcoef(x[below], y[below])[0, 1]) < 0.1
    assert 0.15 < low_x < 0.35
    assert np.isnan(costes_thresholds(np.full(9, 0.3), y[:9], 255.0)).all()


def test_a_walk_keeps_inside_and_counts_slanted_steps_by_the_root_of_two() -> None:
    mask = np.array([[1, 1, 1, 0], [0, 0, 1, 0], [1, 1, 1, 0], [0, 0, 0, 1]], dtype=np.uint8)
    found = walk(mask, 0, 0)
    assert found[2, 0] == pytest.approx(2 + 2 * np.sqrt(2))
    assert found[3, 3] == pytest.approx(2 + 2 * np.sqrt(2))
    assert np.isinf(found[1, 0])


def test_rings_of_a_disc_follow_its_radius_and_a_flat_stain_fills_them_evenly() -> None:
    objects = one_cell(radius=14)
    lists = objects.nucleus_pixels
    rings, _ = rings_and_wedges(lists.starts, lists.pixels, *objects.nuclei.shape, 4)
    rows, columns = np.divmod(lists.pixels, objects.nuclei.shape[1])
    away = np.hypot(rows + 0.5 - 32, columns + 0.5 - 36)
    middle = [away[rings == ring].mean() for ring in range(4)]
    assert np.all(np.diff(middle) > 1.5)
    row = measure_field(objects, ["radial"]).iloc[0]
    shares = [row[f"nucleus_radial_fraction_{k}of4_gfp"] for k in range(1, 5)]
    assert sum(shares) == pytest.approx(1)
    for k in range(1, 5):
        assert row[f"nucleus_radial_mean_fraction_{k}of4_gfp"] == pytest.approx(1, rel=1e-9)
        assert row[f"nucleus_radial_cv_{k}of4_gfp"] == pytest.approx(0, abs=1e-12)


def plain_haralick(box: np.ndarray, down: int, across: int) -> list[float]:
    """Haralick's numbers from a full matrix of 256 levels, as the paper has them."""
    joint = np.zeros((256, 256))
    for y, x in np.argwhere(box > 0):
        v, u = y + down, x + across
        if 0 <= v < box.shape[0] and 0 <= u < box.shape[1] and box[v, u] > 0:
            joint[box[y, x], box[v, u]] += 1
            joint[box[v, u], box[y, x]] += 1
    p = joint / joint.sum()
    i, j = np.indices(p.shape)
    alone = p.sum(0)
    level = np.arange(256)
    mean, variance = (level * alone).sum(), ((level - (level * alone).sum()) ** 2 * alone).sum()
    added = np.bincount((i + j).ravel(), p.ravel(), 512)
    apart = np.bincount(np.abs(i - j).ravel(), p.ravel(), 256)[: box.max() + 1]

    def entropy(q: np.ndarray) -> float:
        return float(-(q[q > 0] * np.log2(q[q > 0])).sum())

    outer = np.outer(alone, alone)
    cross = -(p[outer > 0] * np.log2(outer[outer > 0])).sum()
    sums = np.arange(512)
    average = (sums * added).sum()
    numbers = [(p**2).sum(), ((i - j) ** 2 * p).sum(), ((i - mean) * (j - mean) * p).sum() / variance, variance]
    numbers += [(p / (1 + (i - j) ** 2)).sum(), average, ((sums - average) ** 2 * added).sum(), entropy(added), entropy(p)]
    numbers += [apart.var(), entropy(apart), (entropy(p) - cross) / entropy(alone)]
    return [*numbers, np.sqrt(1 - np.exp(-2 * (entropy(outer) - entropy(p))))]


def test_texture_is_haralick_s_from_full_matrices() -> None:
    objects = blobs()
    lists = objects.cell_pixels
    levels = quantised(objects.flat(0), 4095.0, 256)
    np.testing.assert_array_equal(levels, np.clip(np.rint(objects.flat(0) / 4095 * 255), 0, 255))
    found = texture_statistics(levels, lists.starts, lists.pixels, objects.cells.shape[1], 3)
    for row in (0, 3):
        box = np.where(objects.cells == objects.ids[row], levels.reshape(objects.cells.shape), 0).astype(int)
        for direction, (down, across) in enumerate(((0, 3), (3, 3), (3, 0), (3, -3))):
            np.testing.assert_allclose(found[row, direction], plain_haralick(box, down, across), rtol=1e-9, atol=1e-12)


def test_a_flat_object_has_no_contrast_and_a_thin_one_no_texture() -> None:
    levels = np.full(400, 9, dtype=np.uint8)
    square = np.flatnonzero(np.pad(np.ones((8, 8)), ((2, 10), (2, 10))).ravel())
    found = texture_statistics(levels, np.array([0, 64, 72]), np.append(square, np.arange(8)), 20, 3)
    assert found[0, :, 1].tolist() == [0, 0, 0, 0]
    assert found[0, :, 0].tolist() == [1, 1, 1, 1]
    assert np.isnan(found[1]).all()


def test_grey_morphology_is_that_of_other_libraries() -> None:
    image = np.random.default_rng(7).gamma(2, 30, (37, 29))
    np.testing.assert_array_equal(disc_opening(image, 4), opening(image, disk(4)))
    eroded = cross_erosion(cross_erosion(image))
    cross = ndimage.generate_binary_structure(2, 1)
    twice = ndimage.grey_erosion(ndimage.grey_erosion(image, footprint=cross, mode="nearest"), footprint=cross, mode="nearest")
    np.testing.assert_array_equal(eroded, twice)
    np.testing.assert_array_equal(reconstruction(eroded, image), rebuilt(eroded, image, footprint=cross))


def test_prepared_means_are_means_of_the_image_read_between_pixels() -> None:
    objects = blobs()
    lists = objects.cell_pixels
    height, width = objects.cells.shape
    coarse = np.random.default_rng(8).random((15, 21))
    steps = (14 / (height - 1), 20 / (width - 1))
    weights = coarse_weights(lists.starts, lists.pixels, width, 15, 21, *steps)
    fine = sampled(coarse, np.arange(height) * steps[0], np.arange(width) * steps[1])
    grid = np.meshgrid(np.arange(height) * steps[0], np.arange(width) * steps[1], indexing="ij")
    np.testing.assert_allclose(fine, ndimage.map_coordinates(coarse, grid, order=1, mode="nearest"), rtol=1e-12)
    expected = ndimage.mean(fine, objects.cells, objects.ids)
    np.testing.assert_allclose(weighted_means(coarse, *weights), expected, rtol=1e-12)


def test_grains_show_at_their_size() -> None:
    rows, columns = np.indices((240, 240))
    spots = {size: np.zeros((240, 240)) for size in (4, 16)}
    for size, image in spots.items():
        for y in range(24, 230, 48):
            for x in range(24, 230, 48):
                image[np.hypot(rows - y, columns - x) <= size] = 200.0
    everywhere = np.ones((240, 240), dtype=np.int32)
    peaks = []
    for image in spots.values():
        objects = FieldObjects(image[None].astype(np.float32), ("a",), everywhere, everywhere, everywhere * 0, 1.0)
        row = measure_field(objects, ["granularity"]).iloc[0]
        peaks.append(np.argmax([row[f"cell_granularity_{k}_a"] for k in range(1, 17)]) + 1)
    assert peaks[0] < peaks[1]
    assert peaks[1] in (4, 5)


def test_zernike_moments_are_their_sums() -> None:
    objects = blobs()
    table = measure_field(objects, ["zernike"])
    from coculture.imaging.measure.kernels.zernike import circles

    lists, width = objects.nucleus_pixels, objects.nuclei.shape[1]
    found = circles(lists.starts, lists.pixels, width)
    for row in range(objects.ids.size):
        own = lists.pixels[lists.starts[row] : lists.starts[row + 1]]
        y, x = ((own // width) - found[row, 1]) / found[row, 2], ((own % width) - found[row, 0]) / found[row, 2]
        r, inside = np.hypot(y, x), (y * y + x * x) <= 1
        grey = values(objects, lists, row, 1)
        for n, m in ((0, 0), (1, 1), (4, 2), (9, 5)):
            radial = np.zeros_like(r)
            for k in range((n - m) // 2 + 1):
                below = factorial(k) * factorial((n + m) // 2 - k) * factorial((n - m) // 2 - k)
                radial += (-1) ** k * factorial(n - k) / below * r ** (n - 2 * k)
            v = (radial * np.exp(1j * m * np.arctan2(x, y)))[inside]
            assert table[f"nucleus_zernike_shape_{n}_{m}"][row] == pytest.approx(
                abs(v.sum()) / (np.pi * found[row, 2] ** 2), abs=1e-9
            )
            weighted = (grey[inside] * v).sum()
            assert table[f"nucleus_zernike_magnitude_{n}_{m}_gfp"][row] == pytest.approx(abs(weighted) / own.size, abs=1e-7)


def test_neighbours_are_those_that_touch_and_those_whose_centres_are_near() -> None:
    labels = np.zeros((12, 30), dtype=np.int32)
    labels[2:6, 2:6], labels[2:6, 6:10], labels[2:6, 16:20] = 5, 9, 30
    objects = FieldObjects(np.zeros((1, 12, 30), dtype=np.float32), ("a",), labels, labels, labels * 0, 0.5)
    table = measure_field(objects, ["neighbours"]).set_index("cell_id")
    assert table["cell_neighbours_touching"].to_dict() == {5: 1, 9: 1, 30: 0}
    assert table["cell_neighbours_touched_percent"].to_dict() == {5: pytest.approx(100 / 3), 9: pytest.approx(100 / 3), 30: 0}
    assert table["cell_neighbours_nearest_um"].to_dict() == {5: 2, 9: 2, 30: 5}
    assert table["cell_neighbours_second_nearest_um"].to_dict() == {5: 7, 9: 5, 30: 7}
    assert table["cell_neighbours_angle_deg"].to_dict() == {5: pytest.approx(0), 9: pytest.approx(180), 30: pytest.approx(0)}


def test_one_object_alone_has_no_nearest() -> None:
    row = measure_field(one_cell(), ["neighbours"]).iloc[0]
    assert row["cell_neighbours_touching"] == 0
    assert np.isnan(row["cell_neighbours_nearest_um"])
    assert np.isnan(row["cell_neighbours_angle_deg"])


@pytest.mark.parametrize("family", ["texture", "correlation"])
def test_families_that_cut_grey_levels_ask_for_the_camera_s_highest(family: str) -> None:
    with pytest.raises(InputError, match=f"the family '{family}' needs the camera's highest grey level, found None"):
        measure_field(unscaled(blobs()), [family])
    assert len(measure_field(blobs(), [family])) == 5
