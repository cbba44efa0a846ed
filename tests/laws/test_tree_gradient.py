"""The tree of the shipped designs, drawn, cut into cells and solved, gives the gradient of the split rule (Jeon 2000)."""

from __future__ import annotations

import numpy as np
import pytest
from examples.chip_gradient.run_chip_gradient import Gradient, measure


@pytest.fixture(scope="module")
def gradient() -> Gradient:
    return measure(50.0)


def test_outlets_follow_the_split_rule(gradient):
    np.testing.assert_allclose(gradient.ideal_um, [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(gradient.outlets_um, gradient.ideal_um, atol=0.02)


def test_outlets_carry_alike(gradient):
    np.testing.assert_allclose(gradient.shares, 0.2, atol=0.01)


def test_nothing_is_lost_on_the_way(gradient):
    assert abs(gradient.gap) < 1e-10


def test_two_inlets_mirrored_give_the_mirrored_gradient(gradient):
    np.testing.assert_allclose(gradient.outlets_um + gradient.outlets_um[::-1], 1.0, atol=1e-3)
