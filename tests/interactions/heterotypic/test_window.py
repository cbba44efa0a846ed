"""Windows and how much of them overlaps their shifted copy."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.heterotypic.window import SetCovariance, Window
from coculture.randomness import stream


def l_shape(side: int = 20) -> Window:
    mask = np.zeros((side, side), bool)
    mask[:, : side // 3], mask[2 * side // 3 :, :] = True, True
    return Window.from_mask(mask, 5.0)


def test_a_rectangle_overlaps_its_copy_as_geometry_says() -> None:
    covariance = SetCovariance.of(Window.rectangle(80.0, 50.0), 40.0)
    dx, dy = stream(1).uniform(-40, 40, (2, 60))
    np.testing.assert_allclose(covariance.at(dx, dy), (80 - np.abs(dx)) * (50 - np.abs(dy)))


def test_a_mask_overlaps_its_copy_as_counting_says() -> None:
    window = l_shape()
    covariance = SetCovariance.of(window, 60.0)
    fine = np.kron(window.mask, np.ones((4, 4)))  # quarter pixels of 1.25 µm
    for down, right in ((0, 0), (3, -7), (-10, 2), (17, 30), (-48, 0), (5, 47)):
        padded = np.pad(fine, 60)
        shared = (padded * np.roll(padded, (down, right), (0, 1))).sum() * 1.25**2
        shift = np.array([right * 1.25]), np.array([down * 1.25])
        assert covariance.at(*shift)[0] == pytest.approx(shared)


def test_points_are_drawn_from_the_window_and_known_to_lie_in_it() -> None:
    window = l_shape()
    points = window.sample(4000, stream(2))
    assert window.contains(points).all()
    assert window.area_um2 == window.mask.sum() * 25
    np.testing.assert_allclose(np.mean(points[:, 0] < 30), window.mask[:, :6].sum() / window.mask.sum(), atol=0.03)
    assert window.contains(np.array([[0.0, 0.0], [100.0, 100.0], [100.1, 100.0], [-0.1, 5.0], [60.0, 20.0]])).tolist() == [
        True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("action", "kind", "words"),
    [
        (lambda: Window.from_mask(np.zeros((3, 3)), 1.0), InputError, "with 0 pixels inside is no window"),
        (lambda: Window.from_mask(np.ones(3), 1.0), InputError, "is no window"),
        (lambda: Window.rectangle(10.0, 0.0), InputError, "sides of 10 × 0 µm"),
        (lambda: l_shape().require(np.zeros((1, 3))), InputError, "three coordinates"),
        (lambda: l_shape().require(np.array([[1.0, 1.0], [60.0, 20.0]])), DataError, r"1 of 2 cells .* the first at \(60, 20\)"),
        (lambda: SetCovariance.of(l_shape(), 110.0).require_overlap(110.0), DataError, r"use radii up to 4[56]\.\d+ µm"),
    ],
)
def test_bad_input_is_named(action, kind, words: str) -> None:
    with pytest.raises(kind, match=words):
        action()
