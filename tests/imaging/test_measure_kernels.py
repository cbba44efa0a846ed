"""Kernels of measurement against plain NumPy twins."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.measure import regionprops
from tests.imaging.measured_fields import blobs, values

from coculture.imaging.kernels import group_pixels, label_counts
from coculture.imaging.measure.kernels.colocalisation import pearson
from coculture.imaging.measure.kernels.intensity import intensity_statistics
from coculture.imaging.measure.kernels.shape import outline_counts, shape_statistics

pytestmark = pytest.mark.kernel


def test_label_counts_are_bincount() -> None:
    labels = blobs().cells
    np.testing.assert_array_equal(label_counts(labels, 40), np.bincount(labels.ravel(), minlength=41))


def test_grouped_pixels_are_those_of_each_label_in_rising_order() -> None:
    objects = blobs()
    starts, pixels = group_pixels(objects.cells, objects.row_of_label, objects.ids.size)
    assert starts[-1] == np.count_nonzero(objects.cells)
    for row, number in enumerate(objects.ids):
        np.testing.assert_array_equal(pixels[starts[row] : starts[row + 1]], np.flatnonzero(objects.cells.ravel() == number))


def test_intensity_statistics_are_numpy_s() -> None:
    objects = blobs()
    lists = objects.cell_pixels
    found = intensity_statistics(objects.flat(1), lists.starts, lists.pixels)
    for row in range(objects.ids.size):
        grey = values(objects, lists, row, 1)
        expected = [grey.mean(), grey.std(), grey.min(), *np.quantile(grey, [0.25, 0.5, 0.75]), grey.max(), grey.sum()]
        np.testing.assert_allclose(found[row, : len(expected)], expected, rtol=1e-12)


def test_an_object_without_pixels_has_no_statistics() -> None:
    starts, pixels = np.array([0, 0, 2]), np.array([0, 1])
    found = intensity_statistics(np.array([1.0, 3.0], dtype=np.float32), starts, pixels)
    assert np.isnan(found[0]).all()
    assert found[1, 0] == 2
    assert np.isnan(shape_statistics(starts, pixels, 2)[0]).all()


def test_pearson_is_corrcoef_over_both_lists_together() -> None:
    objects = blobs()
    nuclei, rings = objects.nucleus_pixels, objects.ring_pixels
    found = pearson(objects.flat(0), objects.flat(1), nuclei.starts, nuclei.pixels, rings.starts, rings.pixels)
    for row in range(objects.ids.size):
        both = [np.concatenate([values(objects, lists, row, channel) for lists in (nuclei, rings)]) for channel in (0, 1)]
        assert found[row] == pytest.approx(np.corrcoef(*both)[0, 1], rel=1e-10)


def test_shape_statistics_are_those_of_region_properties() -> None:
    objects = blobs()
    lists = objects.nucleus_pixels
    found = shape_statistics(lists.starts, lists.pixels, objects.nuclei.shape[1])
    for row, region in enumerate(regionprops(objects.nuclei)):
        rows, columns = region.coords.T
        spread = np.cov(np.stack([columns, rows]), bias=True) + np.eye(2) / 12
        minor, major = 4 * np.sqrt(np.linalg.eigvalsh(spread))
        top, left, bottom, right = region.bbox
        expected = [region.area, columns.mean() + 0.5, rows.mean() + 0.5, major, minor, right - left, bottom - top]
        np.testing.assert_allclose(found[row, :7], expected, rtol=1e-10)
        angle = 0.5 * np.arctan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1])
        assert found[row, 7] == pytest.approx(angle, rel=1e-9)


def test_outline_counts_are_edges_and_corners_of_each_object_s_mask() -> None:
    objects = blobs()
    found = outline_counts(objects.cells, objects.row_of_label, objects.ids.size)
    for row, number in enumerate(objects.ids):
        mask = np.pad(objects.cells == number, 1).astype(int)
        cracks = np.abs(np.diff(mask, axis=0)).sum() + np.abs(np.diff(mask, axis=1)).sum()
        four = np.stack([mask[:-1, :-1], mask[:-1, 1:], mask[1:, :-1], mask[1:, 1:]])
        total = four.sum(axis=0)
        crossed = (total == 2) & (four[0] == four[3])
        assert found[row, 0] == cracks
        assert found[row, 1] == np.count_nonzero((total == 1) | (total == 3)) + 2 * np.count_nonzero(crossed)
