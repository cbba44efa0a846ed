"""Combination surfaces, forward: their laws, their limits and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.compounds.combination.bliss import bliss
from coculture.compounds.combination.hill_effect import HillEffect
from coculture.compounds.combination.hsa import highest_single_agent
from coculture.compounds.combination.kernels import additive_effects, dose_index
from coculture.compounds.combination.loewe import loewe
from coculture.compounds.combination.musyc import Musyc, state_shares
from coculture.errors import InputError

DOSES = np.array([0.0, 0.3, 1.0, 4.0, 20.0])
STRONG, WEAK = HillEffect(0.0, 90.0, 1.3, 2.0), HillEffect(0.0, 60.0, 1.0, 0.5)


def test_bliss_of_halves():
    assert bliss([0.5, 0.5]) == 0.75
    assert bliss([50.0, 50.0, 50.0], full=100.0) == pytest.approx(87.5)
    np.testing.assert_allclose(bliss([DOSES / 40, 0.0]), DOSES / 40, atol=1e-15)


def test_highest_single_agent_is_the_larger():
    np.testing.assert_array_equal(highest_single_agent([[1.0, 5.0], [3.0, 2.0]]), [3.0, 5.0])


def test_hill_effect_and_its_inverse():
    assert STRONG.effect(2.0) == pytest.approx(45.0)
    assert STRONG.effect(0.0) == 0.0
    np.testing.assert_allclose(STRONG.dose_share(DOSES[1:], STRONG.effect(DOSES[1:])), 1.0, rtol=1e-12)
    assert STRONG.dose_share(1.0, 95.0) == 0.0
    assert STRONG.dose_share(1.0, -1.0) == np.inf
    assert STRONG.dose_share(0.0, -1.0) == 0.0


def test_a_drug_with_itself_is_a_dilution():
    both = loewe([STRONG, STRONG], [DOSES[:, None], DOSES[None]])
    np.testing.assert_allclose(both, STRONG.effect(DOSES[:, None] + DOSES[None]), atol=1e-11)


def test_three_dilutions_of_one_drug():
    potent = HillEffect(0.0, 90.0, 1.3, 0.2)
    both = loewe([STRONG, potent, STRONG], [1.0, 0.1, 0.5])
    assert both == pytest.approx(float(STRONG.effect(2.5)), abs=1e-11)


def test_loewe_beyond_the_weaker_drug_is_the_stronger_alone():
    assert loewe([STRONG, WEAK], [20.0, 4.0]) == pytest.approx(float(STRONG.effect(20.0)), abs=1e-9)


def test_loewe_of_drugs_that_fall_is_their_larger_effect():
    falling = HillEffect(0.0, -30.0, 1.0, 1.0)
    assert loewe([falling, falling], [1.0, 2.0]) == pytest.approx(float(falling.effect(1.0)))
    assert loewe([STRONG, falling], [2.0, 5.0]) == pytest.approx(45.0, abs=1e-10)


@pytest.mark.kernel
def test_additive_effect_solves_its_equation():
    points = np.array([[1.0, 0.2], [0.5, 0.0], [3.0, 1.0]])
    base, top, slope, place = np.zeros(2), np.array([90.0, 60.0]), np.array([1.3, 1.0]), np.log([2.0, 0.5])
    for point, effect in zip(points, additive_effects(points, base, top, slope, place), strict=True):
        shares = [float(drug.dose_share(dose, effect)) for drug, dose in zip((STRONG, WEAK), point, strict=True)]
        assert sum(shares) == pytest.approx(1.0, abs=1e-9)
        assert dose_index(point, base, top, slope, place, effect) == pytest.approx(sum(shares), rel=1e-9)


def _steady_state(first: float, second: float, first_after: float, second_after: float) -> np.ndarray:
    """The four states by the balance of their flows, written as a linear system."""
    flows = np.array(
        [
            [-(first + second), 1, 1, 0],
            [first, -(1 + second_after), 0, 1],
            [second, 0, -(1 + first_after), 1],
            [1, 1, 1, 1],
        ]
    )
    return np.linalg.solve(flows, [0, 0, 0, 1])


def test_musyc_is_the_steady_state_of_four_states():
    shape = (1.2, 2.0, 1.0, 3.0, 2.0, 0.5, 1.3, 0.8)
    expected = _steady_state(2.0**1.2, (4 / 3) ** 2, (0.5 * 2) ** (0.8 * 1.2), (2 * 4 / 3) ** (1.3 * 2))
    np.testing.assert_allclose(np.array(state_shares(np.array(2.0), np.array(4.0), shape)), expected, rtol=1e-12)


def test_musyc_without_interaction_is_bliss():
    model = Musyc(0.0, 60.0, 50.0, 80.0, 1.2, 2.0, 1.0, 3.0)
    alone = [model.effect(DOSES, 0.0)[:, None], model.effect(0.0, DOSES)[None]]
    np.testing.assert_allclose(model.effect(DOSES[:, None], DOSES[None]), bliss(alone, full=100.0), atol=1e-10)


def test_musyc_limits_and_beta():
    model = Musyc(0.0, 60.0, 50.0, 90.0, 1.0, 1.0, 1.0, 1.0, alpha12=4.0)
    assert model.effect(1e9, 1e9) == pytest.approx(90.0, abs=1e-5)
    assert model.beta == pytest.approx(0.5)
    assert model.effect(1e9, 0.25) == pytest.approx(75.0, abs=1e-5)
    assert np.isnan(Musyc(1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0).beta)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bliss([]), "at least one drug"),
        (lambda: bliss([0.1], full=0.0), "full effect above 0"),
        (lambda: highest_single_agent([]), "at least one drug"),
        (lambda: HillEffect(0, 1, 0, 1), "has no shape"),
        (lambda: loewe([STRONG], [1.0, 2.0]), "1 curves and 2 doses"),
        (lambda: Musyc(0, 1, 1, 1, 1, 1, 0, 1), "c1 is 0"),
    ],
)
def test_what_is_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()
