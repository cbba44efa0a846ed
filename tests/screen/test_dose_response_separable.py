"""Kernels of separable curves against the forward curves, plain linear algebra and a general optimiser."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from coculture.compounds.dose_curve.brain_cousens import brain_cousens
from coculture.compounds.dose_curve.cedergreen import cedergreen
from coculture.compounds.dose_curve.logistic import logistic_5_at, logistic_at
from coculture.compounds.dose_curve.weibull_1 import weibull_1_at
from coculture.compounds.dose_curve.weibull_2 import weibull_2_at
from coculture.screen.dose_response.kernels import terms
from coculture.screen.dose_response.kernels.profile import profile_limit, profile_squares
from coculture.screen.dose_response.kernels.robust import HUBER, STUDENT_T, TUKEY, robust_weight, robust_weights
from coculture.screen.dose_response.kernels.separable import damped_step, descend, global_fit, reduced, solve_linear

pytestmark = pytest.mark.kernel

U = np.concatenate(([-np.inf], np.log([0.02, 0.1, 0.4, 1.0, 3.0, 9.0, 30.0])))
DOSE = np.exp(U)
KINDS = {
    terms.LOGISTIC: (lambda v: logistic_at(U, *v), (2.0, 9.0, -1.4, 0.3)),
    terms.LOGISTIC_5: (lambda v: logistic_5_at(U, *v), (2.0, 9.0, -1.4, 0.3, 1.7)),
    terms.WEIBULL_1: (lambda v: weibull_1_at(U, *v), (2.0, 9.0, 1.4, 0.3)),
    terms.WEIBULL_2: (lambda v: weibull_2_at(U, *v), (2.0, 9.0, -1.4, 0.3)),
    terms.BRAIN_COUSENS: (lambda v: brain_cousens(DOSE, *v), (9.0, 2.0, 2.1, 1.3, 1.5)),
    terms.CEDERGREEN: (lambda v: cedergreen(DOSE, *v, onset=0.5), (9.0, 2.0, 2.1, 1.3, 1.5)),
}


def _search(kind: int, values: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return setting, theta and box of a curve's parameters."""
    direction = 1.0 if kind > terms.WEIBULL_2 else np.sign(values[2])
    setting = np.array([direction, 0.5, 0.0, 0.5, 0.0])
    if kind > terms.WEIBULL_2:
        theta = np.log([values[3], values[2]])
        return setting, theta, np.array([[-4.0, 4.0], np.log([1.01, 20])])
    power = values[4] if kind == terms.LOGISTIC_5 else 1.0
    shift = terms.quantile(kind, 0.5, power)
    theta = np.array([values[3] + shift / values[2], np.log(abs(values[2])), np.log(power)])
    box = np.array([[-4.0, 4.0], np.log([0.1, 20]), np.log([0.05, 20])])
    return (setting, theta, box) if kind == terms.LOGISTIC_5 else (setting, theta[:2], box[:2])


def _noisy(kind: int, seed: int = 0, noise: float = 0.4) -> np.ndarray:
    forward, values = KINDS[kind]
    return forward(values) + np.random.default_rng(seed).normal(0, noise, U.size)


@pytest.mark.parametrize("kind", KINDS)
def test_terms_are_those_of_the_forward_curve(kind: int) -> None:
    forward, values = KINDS[kind]
    setting, theta, _ = _search(kind, values)
    rows, coefficients, residual = np.empty((3, U.size)), np.zeros(3), np.empty(U.size)
    assert reduced(kind, setting, U, np.ones(U.size), forward(values), theta, rows, coefficients, residual) < 1e-18
    expected = (values[0], values[1] - values[0]) if kind <= terms.WEIBULL_2 else (values[1], values[0] - values[1], values[4])
    assert coefficients[: len(expected)] == pytest.approx(expected)


@pytest.mark.parametrize("kind", [terms.LOGISTIC, terms.LOGISTIC_5, terms.WEIBULL_1, terms.WEIBULL_2])
@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.93])
def test_quantile_inverts_the_sigmoid(kind: int, fraction: float) -> None:
    assert terms.sigmoid(kind, terms.quantile(kind, fraction, 2.5), 2.5) == pytest.approx(fraction)


def test_linear_solution_equals_least_squares() -> None:
    rng = np.random.default_rng(3)
    rows, w, y = rng.normal(size=(3, 9)), rng.uniform(0.5, 2, 9), rng.normal(size=9)
    coefficients, residual = np.zeros(3), np.empty(9)
    squares = solve_linear(rows, 3, w, y, coefficients, residual)
    root = np.sqrt(w)
    expected = np.linalg.lstsq(rows.T * root[:, None], y * root)[0]
    assert coefficients == pytest.approx(expected)
    assert squares == pytest.approx((((y - expected @ rows) * root) ** 2).sum())
    rows[2] = 2 * rows[0]  # holds nothing new
    solve_linear(rows, 3, w, y, coefficients, residual)
    assert coefficients[2] == 0.0


def test_a_span_does_not_turn_the_curve_over() -> None:
    setting, theta, _ = _search(terms.WEIBULL_1, KINDS[terms.WEIBULL_1][1])
    rows, coefficients, residual = np.empty((3, U.size)), np.zeros(3), np.empty(U.size)
    y = -_noisy(terms.WEIBULL_1)
    squares = reduced(terms.WEIBULL_1, setting, U, np.ones(U.size), y, theta, rows, coefficients, residual)
    assert coefficients[1] == 0.0
    assert squares == pytest.approx(((y - y.mean()) ** 2).sum())


def test_damped_step_solves_the_free_equations() -> None:
    matrix = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]])
    gradient, step = np.array([1.0, -2.0, 0.7]), np.zeros(3)
    assert damped_step(matrix, gradient, np.array([1.0, 0.0, 1.0]), 0.1, step)
    kept = np.ix_([0, 2], [0, 2])
    expected = np.linalg.solve(matrix[kept] + 0.1 * np.diag([4.0, 2.0]), gradient[[0, 2]])
    assert step == pytest.approx([expected[0], 0.0, expected[1]])
    assert not damped_step(np.zeros((3, 3)), gradient, np.ones(3), 0.1, step)


def _plain_best(kind: int, setting: np.ndarray, y: np.ndarray, box: np.ndarray) -> float:
    rows, coefficients, residual = np.empty((3, U.size)), np.zeros(3), np.empty(U.size)

    def squares(theta: np.ndarray) -> float:
        return reduced(kind, setting, U, np.ones(U.size), y, theta, rows, coefficients, residual)

    starts = [box.mean(axis=1) + shift * (box[:, 1] - box[:, 0]) * 0.25 for shift in (-1.0, 0.0, 1.0)]
    return min(optimize.minimize(squares, start, bounds=box, method="L-BFGS-B").fun for start in starts)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("noise", [0.3, 4.0])
def test_global_fit_is_as_good_as_a_multi_start(kind: int, noise: float) -> None:
    y = _noisy(kind, 1, noise)
    setting, theta, box = _search(kind, KINDS[kind][1])
    counts = np.array([12, 4, 3][: theta.size])
    found = global_fit(kind, setting, U, np.ones(U.size), y, box, counts, theta)
    assert found <= _plain_best(kind, setting, y, box) * (1 + 1e-5)


def test_descent_holds_what_it_is_told_to() -> None:
    y = _noisy(terms.LOGISTIC, 2)
    setting, theta, box = _search(terms.LOGISTIC, KINDS[terms.LOGISTIC][1])
    theta[0] = 1.5
    squares = descend(terms.LOGISTIC, setting, U, np.ones(U.size), y, theta, box, 1, 100)
    assert theta[0] == 1.5
    again = profile_squares(terms.LOGISTIC, setting, U, np.ones(U.size), y, theta.copy(), box)
    assert again == pytest.approx(squares, rel=1e-7)


@pytest.mark.parametrize("held", [terms.BRAIN_COUSENS_HELD, terms.CEDERGREEN_HELD])
def test_a_held_curve_goes_through_its_dose_of_effect(held: int) -> None:
    setting = np.array([1.0, 0.3, 0.0, 1.0, 0.0])
    theta = np.array([np.log(1.7), np.log(0.9), np.log(2.5)])
    rows, there = np.empty((3, U.size)), np.empty((3, 1))
    assert terms.fill_terms(held, setting, U, theta, rows) == 2
    terms.fill_terms(held, setting, theta[:1].copy(), theta, there)
    assert there[1, 0] == pytest.approx(0.7)  # 30 % of the way from start (1) to end (0)
    assert rows[1, 0] == 1.0


def test_anchored_terms_vanish_where_they_are_anchored() -> None:
    setting, theta, _ = _search(terms.LOGISTIC, KINDS[terms.LOGISTIC][1])
    rows, there = np.empty((3, U.size)), np.empty((3, 1))
    anchored = np.concatenate(([0.4], theta))
    assert terms.fill_anchored(terms.LOGISTIC, setting, U, anchored, rows) == 1
    terms.fill_anchored(terms.LOGISTIC, setting, np.array([0.4]), anchored, there)
    assert there[0, 0] == 0.0


def test_profile_limits_lie_where_the_profile_crosses() -> None:
    y = _noisy(terms.WEIBULL_2, 4)
    setting, theta, box = _search(terms.WEIBULL_2, KINDS[terms.WEIBULL_2][1])
    data = (terms.WEIBULL_2, setting, U, np.ones(U.size), y)
    squares = global_fit(*data, box, np.array([12, 4]), theta)
    for side in (-1.0, 1.0):
        limit = profile_limit(*data, theta.copy(), box, 1.5 * squares, side)
        assert (limit - theta[0]) * side > 0
        there = np.array([limit, theta[1]])
        assert profile_squares(*data, there, box) == pytest.approx(1.5 * squares, rel=1e-4)
        assert profile_limit(*data, theta.copy(), box, 1e9, side) == side * np.inf


def test_robust_weights_by_hand() -> None:
    assert robust_weight(HUBER, 1.345, 1.0) == 1.0
    assert robust_weight(HUBER, 1.345, -2.69) == pytest.approx(0.5)
    assert robust_weight(TUKEY, 4.685, 0.0) == 1.0
    assert robust_weight(TUKEY, 4.685, 5.0) == 0.0
    assert robust_weight(STUDENT_T, 4.0, 1.0) == pytest.approx(1.0)


@pytest.mark.parametrize(("method", "tuning"), [(HUBER, 1.345), (TUKEY, 4.685), (STUDENT_T, 4.0)])
def test_robust_weights_are_a_fixed_point(method: int, tuning: float) -> None:
    """The weights are those of the residuals of the curve fitted with them, over the scale that comes with them."""
    u = np.repeat(U[1:], 2)
    y = logistic_at(u, 2.0, 9.0, -1.4, 0.3) + np.random.default_rng(5).normal(0, 0.3, u.size)
    y[3] += 6.0
    setting, theta, box = _search(terms.LOGISTIC, KINDS[terms.LOGISTIC][1])
    weights, scale = np.ones(u.size), np.ones(1)
    levels = (np.array([0, u.size]), u, np.ones(u.size), y)
    grid = np.array([8, 3])
    robust_weights(terms.LOGISTIC, setting[1:4], *levels, box[:1], box[1:], grid, method, tuning, weights, scale)
    rows, coefficients, residual = np.empty((3, u.size)), np.zeros(3), np.empty(u.size)
    descend(terms.LOGISTIC, setting, u, weights, y, theta, box, 0, 200)
    reduced(terms.LOGISTIC, setting, u, weights, y, theta, rows, coefficients, residual)
    true = y - coefficients[0] - coefficients[1] * rows[1]
    expected = [robust_weight(method, tuning, r / scale[0]) for r in true]
    assert weights == pytest.approx(expected, abs=1e-4)
    assert weights[3] == weights.min()
    assert weights[3] < 0.3
