"""Each kernel of segmentation against a plain twin."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from coculture.imaging.kernels import group_pixels, label_counts
from coculture.imaging.segment.kernels import (
    connected_pieces,
    depth_inside,
    descending_order,
    label_moments,
    nearest_label,
    persistent_basins,
    propagate,
)

SHAPES = [(1, 1), (1, 9), (9, 1), (17, 13)]


def speckle(shape: tuple[int, int], share: float, seed: int = 0) -> NDArray[np.int32]:
    rng = np.random.default_rng(seed)
    return np.where(rng.random(shape) < share, rng.integers(1, 9, shape), 0).astype(np.int32)


def brute_distance(labels: NDArray[np.int32]) -> NDArray[np.float64]:
    places = np.argwhere(labels > 0)
    grid = np.argwhere(np.ones_like(labels))
    squares = ((grid[:, None] - places[None]) ** 2).sum(axis=2)
    return squares.min(axis=1).reshape(labels.shape).astype(float)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("share", [0.02, 0.3])
def test_the_nearest_label_is_as_far_as_the_nearest_pixel(shape: tuple[int, int], share: float) -> None:
    labels = speckle(shape, share, seed=4)
    labels[0, 0] = 3
    squared, nearest = nearest_label(labels)
    np.testing.assert_array_equal(squared, brute_distance(labels))
    for y, x in np.ndindex(shape):
        of_that_label = np.argwhere(labels == nearest[y, x])
        assert ((of_that_label - [y, x]) ** 2).sum(axis=1).min() == squared[y, x]


def test_without_labels_everything_is_infinitely_far() -> None:
    squared, nearest = nearest_label(np.zeros((4, 5), dtype=np.int32))
    assert np.isinf(squared).all()
    assert not nearest.any()


def test_depth_is_scipys_distance_transform() -> None:
    mask = speckle((23, 31), 0.8) > 0
    np.testing.assert_allclose(depth_inside(mask), ndimage.distance_transform_edt(mask), rtol=1e-6)


def test_depth_of_a_full_image_is_finite() -> None:
    assert np.isfinite(depth_inside(np.ones((3, 4), dtype=bool))).all()


def test_the_order_is_a_stable_sort() -> None:
    rng = np.random.default_rng(1)
    steps = rng.integers(0, 5, (11, 7)).astype(np.uint16)
    steps[0, 0], steps[0, 1] = 65535, 0
    mask = rng.random((11, 7)) < 0.7
    inside = np.flatnonzero(mask)
    expected = inside[np.argsort(-steps.ravel()[inside].astype(int), kind="stable")]
    np.testing.assert_array_equal(descending_order(steps, mask), expected)


def plain_basins(relief, mask, order, least_drop, least_share, least_area):  # type: ignore[no-untyped-def]
    """The kernel's rule, with sets of pixels in place of union-find."""
    height, width = relief.shape
    hills: dict[int, set[int]] = {}
    owner: dict[int, int] = {}
    for pixel in order:
        y, x = divmod(int(pixel), width)
        around = [
            (v, u)
            for v in range(max(y - 1, 0), min(y + 2, height))
            for u in range(max(x - 1, 0), min(x + 2, width))
            if (v, u) != (y, x) and v * width + u in owner
        ]
        if not around:
            hills[int(pixel)] = {int(pixel)}
            owner[int(pixel)] = int(pixel)
            continue
        steepest = max(around, key=lambda place: relief[place])
        for k, second in enumerate(around):
            for first in around[:k]:
                one, other = (owner[v * width + u] for v, u in (first, second))
                if one == other:
                    continue
                low, high = sorted((one, other), key=lambda hill: relief.ravel()[hill])
                summit = relief.ravel()[low]
                if summit - relief[y, x] < least_drop + least_share * summit or len(hills[low]) < least_area:
                    owner.update(dict.fromkeys(hills[low], high))
                    hills[high] |= hills.pop(low)
        home = owner[steepest[0] * width + steepest[1]]
        owner[int(pixel)] = home
        hills[home].add(int(pixel))
    labels = np.zeros(relief.shape, dtype=int)
    for pixel, hill in owner.items():
        labels.ravel()[pixel] = hill + 1
    return labels


def same_partition(one: NDArray[np.int32], other: NDArray[np.int32]) -> bool:
    pairs = set(zip(one.ravel().tolist(), other.ravel().tolist(), strict=True))
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


@pytest.mark.parametrize(("drop", "share", "area"), [(0.0, 0.0, 1), (3.0, 0.0, 1), (0.0, 0.2, 1), (0.0, 0.0, 6)])
def test_basins_follow_the_plain_rule(drop: float, share: float, area: int) -> None:
    rng = np.random.default_rng(5)
    relief = ndimage.gaussian_filter(rng.random((24, 24)), 2)
    relief = (20 * (relief - relief.min()) / np.ptp(relief)).astype(np.float32)
    relief += rng.permutation(relief.size).reshape(relief.shape).astype(np.float32) * np.float32(1e-5)  # no ties
    mask = relief > 5
    order = np.flatnonzero(mask)[np.argsort(-relief.ravel()[np.flatnonzero(mask)])]
    found = persistent_basins(relief, mask, order, drop, share, area)
    assert same_partition(found, plain_basins(relief, mask, order, drop, share, area))
    assert (found > 0).sum() == mask.sum()


def test_basins_are_numbered_by_their_summits() -> None:
    relief = np.array([[1, 5, 1, 9, 1]], dtype=np.float32)
    mask = np.ones((1, 5), dtype=bool)
    order = np.array([3, 1, 0, 2, 4])
    assert persistent_basins(relief, mask, order, 0.0, 0.0, 1)[0, 3] == 1
    assert persistent_basins(relief, mask, order, 0.0, 0.0, 1)[0, 1] == 2
    assert persistent_basins(relief, mask, order, 4.5, 0.0, 1).max() == 1


@pytest.mark.parametrize("share", [0.1, 0.6, 1.0])
def test_pieces_are_scipys_pieces_label_by_label(share: float) -> None:
    labels = speckle((19, 23), share, seed=2) % 4
    pieces, n_pieces = connected_pieces(labels.astype(np.int32))
    apart = [ndimage.label(labels == value) for value in (1, 2, 3)]
    assert n_pieces == sum(number for _, number in apart) == pieces.max()
    for value, (expected, _) in zip((1, 2, 3), apart, strict=True):
        inside = labels == value
        assert same_partition(np.where(inside, pieces, 0), expected)
    firsts = [np.flatnonzero(pieces.ravel() == number)[0] for number in range(1, n_pieces + 1)]
    assert firsts == sorted(firsts)


def test_moments_are_sums() -> None:
    labels = speckle((9, 12), 0.5)
    image = np.random.default_rng(0).random((9, 12)).astype(np.float32)
    sums = label_moments(labels, image, int(labels.max()))
    y, x = np.mgrid[:9, :12].astype(float)
    value = image.astype(float)
    for column, terms in enumerate([np.ones_like(y), y, x, y * y, x * x, y * x, value, value * value]):
        expected = np.bincount(labels.ravel(), weights=np.where(labels > 0, terms, 0).ravel())
        np.testing.assert_allclose(sums[:, column], expected, rtol=1e-12)


def plain_propagation(seeds, image, mask, regularisation, furthest):  # type: ignore[no-untyped-def]
    mean = ndimage.uniform_filter(image.astype(float), 3, mode="nearest")
    height, width = seeds.shape
    labels, cost = seeds.copy(), np.where(seeds > 0, 0.0, np.inf)
    path = np.zeros(seeds.shape)
    queue = [(0.0, int(y), int(x)) for y, x in np.argwhere(seeds > 0)]
    heapq.heapify(queue)
    done = np.zeros(seeds.shape, dtype=bool)
    while queue:
        spent, y, x = heapq.heappop(queue)
        if done[y, x]:
            continue
        done[y, x] = True
        for v in range(max(y - 1, 0), min(y + 2, height)):
            for u in range(max(x - 1, 0), min(x + 2, width)):
                if done[v, u] or not mask[v, u] or seeds[v, u]:
                    continue
                square = (v - y) ** 2 + (u - x) ** 2
                total = spent + np.sqrt((mean[v, u] - mean[y, x]) ** 2 + regularisation * square)
                if total < cost[v, u] and path[y, x] + np.sqrt(square) <= furthest:
                    cost[v, u], labels[v, u], path[v, u] = total, labels[y, x], path[y, x] + np.sqrt(square)
                    heapq.heappush(queue, (total, v, u))
    return labels


@pytest.mark.parametrize("furthest", [np.inf, 4.0])
def test_propagation_takes_the_cheapest_paths(furthest: float) -> None:
    rng = np.random.default_rng(3)
    image = rng.random((16, 18)).astype(np.float32)
    mask = rng.random((16, 18)) < 0.9
    seeds = np.zeros((16, 18), dtype=np.int32)
    seeds[3, 3], seeds[10, 12], seeds[14, 2] = 5, 2, 9
    found = propagate(seeds, image, mask, 0.01, furthest)
    np.testing.assert_array_equal(found, plain_propagation(seeds, image, mask, 0.01, furthest))


def test_counts_and_groups_are_bincount_and_argsort() -> None:
    labels = speckle((8, 9), 0.6)
    np.testing.assert_array_equal(label_counts(labels, int(labels.max())), np.bincount(labels.ravel()))
    rows = np.full(labels.max() + 1, -1, dtype=np.int64)
    rows[[2, 5]] = [0, 1]
    starts, pixels = group_pixels(labels, rows, 2)
    np.testing.assert_array_equal(pixels[starts[0] : starts[1]], np.flatnonzero(labels.ravel() == 2))
    np.testing.assert_array_equal(pixels[starts[1] : starts[2]], np.flatnonzero(labels.ravel() == 5))
