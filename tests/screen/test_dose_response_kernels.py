"""Kernels against plain NumPy and a general optimiser."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special

from coculture.screen.dose_response.kernels.logistic import (
    descend,
    fit_curves,
    global_fit,
    normal_matrix,
    plateau_fit,
    profile_limit,
    profile_squares,
    rising_fraction,
)

pytestmark = pytest.mark.kernel

BOX = np.array([np.log(0.001), np.log(300.0), np.log(0.1), np.log(20.0), 0.0])
POSITION = np.concatenate(([-np.inf], np.log([0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0])))


def _data(seed: int, span: float = 80.0, noise: float = 3.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    weight = rng.integers(1, 4, POSITION.size).astype(float)
    mean = 10 + span * _fraction(np.log(0.7), np.log(1.4)) + rng.normal(0, noise, POSITION.size) / np.sqrt(weight)
    return POSITION, weight, mean


def _fraction(m: float, k: float) -> np.ndarray:
    return 1 / (1 + np.exp(-np.exp(k) * (POSITION - m)))


def plain_squares(w: np.ndarray, y: np.ndarray, m: float, k: float) -> tuple[float, np.ndarray]:
    """Plain twin of ``plateau_fit``: weighted linear least squares on (1, f)."""
    design = np.stack((np.ones(y.size), _fraction(m, k)), axis=1) * np.sqrt(w)[:, None]
    solution = np.linalg.lstsq(design, y * np.sqrt(w))[0]
    return float(((y * np.sqrt(w) - design @ solution) ** 2).sum()), solution


def test_rising_fraction() -> None:
    x = np.array([-np.inf, -800.0, -3.0, 0.0, 0.5, 900.0])
    assert [rising_fraction(float(value)) for value in x] == pytest.approx(special.expit(x))


@pytest.mark.parametrize("seed", range(4))
def test_plateaus_equal_linear_least_squares(seed: int) -> None:
    u, w, y = _data(seed)
    m, k = np.log(0.2), np.log(2.0)
    squares, start, span = plateau_fit(u, w, y, m, k, np.empty(u.size))
    expected, solution = plain_squares(w, y, m, k)
    assert squares == pytest.approx(expected)
    assert (start, span) == pytest.approx(tuple(solution))


def test_a_constant_fraction_gives_a_flat_line() -> None:
    u, w, y = _data(0)
    squares, start, span = plateau_fit(u, w, y, 400.0, np.log(20.0), np.empty(u.size))
    assert span == 0.0
    assert start == pytest.approx(np.average(y, weights=w))
    assert squares == pytest.approx((w * (y - start) ** 2).sum())


def test_gradient_is_that_of_the_reduced_sum_of_squares() -> None:
    u, w, y = _data(1)
    m, k, f = np.log(0.4), np.log(1.1), np.empty(POSITION.size)
    _, start, span = plateau_fit(u, w, y, m, k, f)
    matrix = normal_matrix(u, w, y, m, k, start, span, f)
    step = 1e-6
    by_m = (plain_squares(w, y, m + step, k)[0] - plain_squares(w, y, m - step, k)[0]) / (2 * step)
    by_k = (plain_squares(w, y, m, k + step)[0] - plain_squares(w, y, m, k - step)[0]) / (2 * step)
    assert (-2 * matrix[3], -2 * matrix[4]) == pytest.approx((by_m, by_k), rel=1e-5)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("noise", [3.0, 40.0])
def test_global_fit_is_as_good_as_a_multi_start(seed: int, noise: float) -> None:
    u, w, y = _data(seed, noise=noise)
    found, m, k = global_fit(u, w, y, BOX, np.empty(u.size))
    bounds = [(BOX[0], BOX[1]), (BOX[2], BOX[3])]
    starts = [(a, b) for a in np.linspace(BOX[0], BOX[1], 6)[1:-1] for b in (0.0, 1.5)]
    best = min(
        optimize.minimize(lambda p: plain_squares(w, y, *p)[0], start, bounds=bounds, method="L-BFGS-B").fun for start in starts
    )
    assert found <= best * (1 + 1e-5)
    assert found == pytest.approx(plain_squares(w, y, m, k)[0])


def test_descent_can_hold_the_midpoint() -> None:
    u, w, y = _data(2)
    squares, m, k = descend(u, w, y, np.log(2.0), np.log(1.0), BOX, False, np.empty(u.size))
    best = optimize.minimize_scalar(lambda k: plain_squares(w, y, np.log(2.0), k)[0], bounds=(BOX[2], BOX[3]), method="bounded")
    assert m == np.log(2.0)
    assert squares == pytest.approx(best.fun, rel=1e-6)
    assert profile_squares(u, w, y, np.log(2.0), k, BOX, np.empty(u.size))[0] == pytest.approx(best.fun, rel=1e-6)


def test_profile_limit_lies_where_the_profile_crosses() -> None:
    u, w, y = _data(3)
    f = np.empty(u.size)
    squares, m, k = global_fit(u, w, y, BOX, f)
    threshold = 2 * squares
    for direction in (-1.0, 1.0):
        limit = profile_limit(u, w, y, m, k, BOX, threshold, 0.05, direction, f)
        assert (limit - m) * direction > 0
        assert profile_squares(u, w, y, limit, k, BOX, f)[0] == pytest.approx(threshold, rel=1e-4)
    assert profile_limit(u, w, y, m, k, BOX, 1e12, 0.05, 1.0, f) == np.inf
    assert profile_limit(u, w, y, m, k, BOX, 1e12, 0.05, -1.0, f) == -np.inf


def test_many_curves_are_fitted_as_one_by_one() -> None:
    data = [_data(seed, span) for seed, span in ((1, 80.0), (2, -60.0), (3, 5.0))]
    u, w, y = (np.concatenate([part[i] for part in data]) for i in range(3))
    offsets = np.arange(4) * POSITION.size
    out = np.empty((3, 7))
    fit_curves(offsets, u, w, y, np.array([0.0, 10.0, 0.0]), np.tile(BOX, (3, 1)), np.full(3, 1.5), out)
    for row, (position, weight, mean), within in zip(out, data, (0.0, 10.0, 0.0), strict=True):
        squares, m, k = global_fit(position, weight, mean, BOX, np.empty(position.size))
        assert row[:3] == pytest.approx([squares + within, m, k])
        assert row[5] < m < row[6]
    assert (out[:, 4] < 0).tolist() == [False, True, out[2, 4] < 0]
