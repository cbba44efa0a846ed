"""The two fits of synergy scores against plain NumPy, and against the best curve."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from coculture.screen.synergy.curve_fits import least_squares_curve, published_curve
from coculture.screen.synergy.kernels.hill import fraction, hill_fit, plateaus
from coculture.screen.synergy.kernels.variable_metric import differences, squares, updated_metric

DOSE = np.array([0.0, 0.01, 0.04, 0.16, 0.64, 2.56])
with np.errstate(divide="ignore"):
    POSITION = np.log(DOSE)
NOISE = np.array([1.5, -2.0, 0.5, 2.5, -1.0, 0.3])


def response(base=3.0, top=85.0, slope=1.5, middle=0.1):
    return base + (top - base) / (1.0 + np.exp(-slope * (POSITION - np.log(middle)))) + NOISE


@pytest.mark.kernel
@pytest.mark.parametrize("base", [np.nan, 3.0])
def test_plateaus_are_the_linear_least_squares(base):
    residual = np.empty(6)
    found, low, high = plateaus(POSITION, response(), -2.0, 0.3, base, residual)
    f = np.array([fraction(u, -2.0, 0.3) for u in POSITION])
    np.testing.assert_allclose(f, 1.0 / (1.0 + np.exp(-np.exp(0.3) * (POSITION + 2.0))), rtol=1e-14)
    if np.isnan(base):
        best = np.linalg.lstsq(np.column_stack([1.0 - f, f]), response(), rcond=None)[0]
    else:
        best = np.array([base, base + f @ (response() - base) / (f @ f)])
    np.testing.assert_allclose([low, high], best, rtol=1e-10)
    np.testing.assert_allclose(residual, response() - best[0] * (1 - f) - best[1] * f, atol=1e-10)
    assert found == pytest.approx(float(residual @ residual))


@pytest.mark.kernel
@pytest.mark.parametrize("base", [np.nan, 3.0])
def test_hill_fit_is_as_good_as_many_starts(base):
    found = hill_fit(POSITION, response(), base)[4]

    def residual(p):
        with np.errstate(over="ignore"):
            f = 1.0 / (1.0 + np.exp(-np.exp(p[1]) * (POSITION - p[0])))
        start = p[2] if np.isnan(base) else base
        return response() - start - (p[3] - start) * f

    starts = [(m, k, 0.0, 80.0) for m in (-4.0, -2.0, 0.0) for k in (-0.5, 0.5, 1.5)]
    best = min(2.0 * optimize.least_squares(residual, start).cost for start in starts)
    assert found <= best * (1.0 + 1e-8) + 1e-9


@pytest.mark.kernel
def test_squares_and_differences_of_the_descent():
    free, fixed = np.array([0, 2, 3]), np.array([np.nan, 3.0, np.nan, np.nan])
    scale, p = np.array([1.5, 80.0, 0.1]), np.array([-1.0, 1.1, 0.9])

    def plain(q):
        slope, upper, place = q * scale
        return float(((response() - (3.0 + (upper - 3.0) / (1.0 + np.exp(slope * (POSITION - np.log(place)))))) ** 2).sum())

    assert squares(p, scale, free, fixed, POSITION, response(), False) == pytest.approx(plain(p), rel=1e-12)
    slope = np.empty(3)
    assert differences(p, scale, free, fixed, POSITION, response(), False, slope)
    expected = [(plain(p + step) - plain(p - step)) / 2e-3 for step in 1e-3 * np.eye(3)]
    np.testing.assert_allclose(slope, expected, rtol=1e-8)
    assert np.isnan(squares(-p, scale, free, fixed, POSITION, response(), False))


@pytest.mark.kernel
def test_metric_update_is_bfgs():
    metric, step, change = np.diag([1.0, 2.0, 0.5]), np.array([0.3, -0.2, 0.1]), np.array([0.5, -0.1, 0.4])
    rho = 1.0 / (step @ change)
    left = np.eye(3) - rho * np.outer(step, change)
    expected = left @ metric @ left.T + rho * np.outer(step, step)
    assert updated_metric(metric, step, change)
    np.testing.assert_allclose(metric, expected, atol=1e-12)
    assert not updated_metric(metric, step, -change)


def test_both_fits_agree_where_the_curve_is_clear():
    one, two = least_squares_curve(DOSE, response()), published_curve(DOSE, response())
    assert not two.fallback
    np.testing.assert_allclose(one.at(DOSE), two.at(DOSE), atol=0.05)
    assert two.effect.ec50 == pytest.approx(one.effect.ec50, rel=0.01)


def test_a_published_fit_always_ends_in_a_curve():
    for values in (np.zeros(6), np.full(6, 40.0), np.array([50.0, 40, 48, 40, 38, 44]), 1e6 * NOISE):
        for lower in (np.nan, float(values[0])):
            assert np.isfinite(published_curve(DOSE, values, lower).at(DOSE)).all()
    falling = np.array([52.9, 38.4, 47.7, 43.8, 40.6, 57.6])
    assert published_curve(np.array([0, 0.01, 0.04, 0.16, 0.64, 2.5]), falling, 52.9).fallback


def test_no_dose_gives_a_constant():
    np.testing.assert_array_equal(least_squares_curve(np.zeros(2), np.array([1.0, 3.0])).at(DOSE), 2.0)
