"""Forward curves: exact values, limits, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.compounds.dose_curve.brain_cousens import brain_cousens
from coculture.compounds.dose_curve.cedergreen import cedergreen
from coculture.compounds.dose_curve.constant import constant
from coculture.compounds.dose_curve.exponential_2 import exponential_2
from coculture.compounds.dose_curve.exponential_3 import exponential_3
from coculture.compounds.dose_curve.exponential_4 import exponential_4
from coculture.compounds.dose_curve.exponential_5 import exponential_5
from coculture.compounds.dose_curve.gain_loss import gain_loss
from coculture.compounds.dose_curve.hill import hill
from coculture.compounds.dose_curve.logistic import logistic_5_at, logistic_at
from coculture.compounds.dose_curve.polynomial_1 import polynomial_1
from coculture.compounds.dose_curve.polynomial_2 import polynomial_2
from coculture.compounds.dose_curve.power import power
from coculture.compounds.dose_curve.weibull_1 import weibull_1_at
from coculture.compounds.dose_curve.weibull_2 import weibull_2_at
from coculture.errors import InputError

U = np.array([-np.inf, -3.0, 0.0, 0.7, 4.0])


@pytest.mark.parametrize("slope", [1.3, -0.8])
def test_five_parameters_hold_four(slope: float) -> None:
    assert logistic_5_at(U, 1, 5, slope, 0.5, 1.0) == pytest.approx(logistic_at(U, 1, 5, slope, 0.5))
    assert logistic_5_at(0.5, 1, 5, slope, 0.5, 3.0) == pytest.approx(1 + 4 / 8)


def test_weibull_curves_at_their_location_and_ends() -> None:
    assert weibull_1_at(0.7, 2, 10, -1.5, 0.7) == pytest.approx(2 + 8 * np.exp(-1))
    assert weibull_2_at(0.7, 2, 10, -1.5, 0.7) == pytest.approx(2 + 8 * (1 - np.exp(-1)))
    for curve in (weibull_1_at, weibull_2_at):
        assert curve(np.array([-np.inf, 200.0]), 2, 10, -1.5, 0.7) == pytest.approx([10, 2])


def test_the_weibull_curves_are_mirror_images() -> None:
    """Type 1 turned upside down and run backwards is type 2."""
    assert weibull_1_at(U, 0, 1, 1.4, 0.2) == pytest.approx(1 - weibull_2_at(U, 0, 1, -1.4, 0.2))


@pytest.mark.parametrize("curve", [brain_cousens, cedergreen])
def test_hormesis_without_stimulation_is_logistic(curve) -> None:
    dose = np.array([0.0, 0.1, 1.0, 7.0])
    with np.errstate(divide="ignore"):
        assert curve(dose, 9, 1, 2.0, 0.8, 0.0) == pytest.approx(logistic_at(np.log(dose), 1, 9, -2.0, np.log(0.8)))
    raised = curve(np.array([0.4]), 9, 1, 3.0, 2.0, 4.0)
    assert raised > 9  # goes the other way first


def test_hormesis_by_hand() -> None:
    assert brain_cousens(2.0, 10, 2, 3.0, 2.0, 1.5) == pytest.approx(2 + (8 + 3) / 2)
    assert cedergreen(2.0, 10, 2, 3.0, 2.0, 1.5, onset=2.0) == pytest.approx(2 + (8 + 1.5 * np.exp(-0.25)) / 2)


def test_curves_from_zero_by_hand() -> None:
    d = np.array([0.0, 2.0, 4.0])
    assert constant(d, 3.0) == pytest.approx([3, 3, 3])
    assert hill(d, -6, 2, 1.0) == pytest.approx([0, -3, -4])
    assert gain_loss(d, 12, 2, 1.0, 4, 1.0) == pytest.approx([0, 4, 4])
    assert polynomial_1(d, -0.5) == pytest.approx([0, -1, -2])
    assert polynomial_2(d, 3, -0.5) == pytest.approx([0, 4, 4])
    assert power(d, 2, 1.5) == pytest.approx([0, 2 * 2**1.5, 16])
    assert exponential_2(d, 2, 4) == pytest.approx([0, 2 * np.expm1(0.5), 2 * np.expm1(1)])
    assert exponential_3(d, 2, 4, 2.0) == pytest.approx([0, 2 * np.expm1(0.25), 2 * np.expm1(1)])
    assert exponential_4(d, -8, 2) == pytest.approx([0, -4, -6])
    assert exponential_5(d, 8, 2, 2.0) == pytest.approx([0, 4, 7.5])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: logistic_5_at(0, 0, 1, 1, 0, 0.0), "asymmetry is 0.0"),
        (lambda: weibull_1_at(0, 0, 1, 0.0, 0), "the slope of a dose-response curve is 0.0"),
        (lambda: brain_cousens(-1.0, 1, 0, 1, 1, 0), "a dose is negative: -1.0"),
        (lambda: cedergreen(1.0, 1, 0, 1, 1, 0, onset=0), "onset is 0.0"),
        (lambda: hill(1.0, 1, 0.0, 1), "gain is 0.0"),
        (lambda: gain_loss(1.0, 1, 1.0, 1, 2, -1), "loss_power is -1.0"),
        (lambda: power(1.0, 1, 0), "exponent is 0.0"),
        (lambda: exponential_2(1.0, 1, 0), "width is 0.0"),
        (lambda: exponential_5(1.0, 1, 1, 0), "exponent is 0.0"),
        (lambda: polynomial_2(np.array([1.0, -2.0]), 1, 0), "a dose is negative: -2.0"),
    ],
)
def test_faults_are_named(call, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()
