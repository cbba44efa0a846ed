"""The forward dose-response functions and the meaning of their parameters."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.compounds.dose_curve import axis_dose, axis_position, logistic, logistic_at
from coculture.errors import InputError


def test_half_way_at_the_ec50() -> None:
    assert logistic(2.0, 10.0, 90.0, 1.7, 2.0) == pytest.approx(50.0)
    assert logistic(2.0, 10.0, 90.0, -1.7, 2.0) == pytest.approx(50.0)


def test_plateaus_and_direction() -> None:
    rising = logistic([0.0, 1e9], 10.0, 90.0, 1.0, 2.0)
    falling = logistic([0.0, 1e9], 10.0, 90.0, -1.0, 2.0)
    assert rising == pytest.approx([10.0, 90.0])
    assert falling == pytest.approx([90.0, 10.0])


def test_is_the_hill_equation() -> None:
    dose = np.array([0.1, 0.5, 3.0, 20.0])
    expected = 1.0 + 4.0 * dose**1.3 / (0.7**1.3 + dose**1.3)
    assert logistic(dose, 1.0, 5.0, 1.3, 0.7, "ug/mL") == pytest.approx(expected, rel=1e-13)


def test_steps_are_a_linear_axis() -> None:
    step = np.array([1.0, 4.0, 5.0])
    expected = 100.0 / (1.0 + np.exp(-0.8 * (step - 4.5)))
    assert logistic(step, 0.0, 100.0, 0.8, 4.5, "step") == pytest.approx(expected)
    assert logistic(0.0, 0.0, 100.0, 0.8, 4.5, "step") == 0.0  # nothing added: the start plateau, not "step 0"


@pytest.mark.parametrize("unit", ["uM", "ug/mL", "step"])
def test_axis_there_and_back(unit: str) -> None:
    dose = np.array([0.0, 0.3, 1.0, 12.5])
    assert axis_dose(axis_position(dose, unit), unit) == pytest.approx(dose)


def test_faults_are_named() -> None:
    with pytest.raises(InputError, match=r"negative: -1\.0 uM"):
        axis_position([-1.0, 2.0], "uM")
    with pytest.raises(InputError, match="'nM' is not a unit of dose"):
        axis_position(1.0, "nM")
    with pytest.raises(InputError, match="slope"):
        logistic_at(0.0, 0.0, 1.0, 0.0, 0.0)
    with pytest.raises(InputError, match="EC50 of 0"):
        logistic(1.0, 0.0, 1.0, 1.0, 0.0)
