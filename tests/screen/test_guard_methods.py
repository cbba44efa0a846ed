"""The tests behind the guard: wells of known error, wells at equal counts, and several tests that must agree."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.screen.hits.base import Estimate, p_values
from coculture.screen.hits.count_matched import count_matched
from coculture.screen.hits.groups import comparison_groups
from coculture.screen.hits.intersection_union import OneSided, intersection_union, one_sided
from coculture.screen.hits.known_error import between_wells, known_error
from coculture.screen.hits.methods import hit_method

TREATMENTS, REPLICATES, CONTROLS = 40, 3, 16


def places() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return treatment, stratum and negative controls of one plate."""
    treatment = np.concatenate((np.full(CONTROLS, -1), np.repeat(np.arange(TREATMENTS), REPLICATES)))
    return treatment, np.zeros(treatment.size, np.int64), treatment < 0


def false_calls(between: float, seed: int, plates: int = 100) -> tuple[float, float]:
    """Return the rate of p ≤ 0.05 among precise and among uncertain treatments that do nothing."""
    rng, found = np.random.default_rng(seed), []
    treatment, stratum, negative = places()
    errors = np.where((treatment >= 0) & (treatment % 2 == 1), 0.6, 0.1)
    for _ in range(plates):
        values = rng.normal(0, np.sqrt(between**2 + errors**2))
        comparison, estimate = known_error(values, errors, treatment, TREATMENTS, stratum, negative)
        found.append(p_values(comparison.effect, estimate, "both") <= 0.05)
    rates = np.mean(found, axis=0)
    return float(rates[::2].mean()), float(rates[1::2].mean())


@pytest.mark.parametrize("between", [0.0, 0.15])
def test_known_errors_keep_the_level_for_precise_and_uncertain_wells(between):
    for rate in false_calls(between, seed=1):
        assert 0.03 < rate < 0.07


def test_variance_between_wells_is_found():
    rng = np.random.default_rng(2)
    treatment, stratum, negative = places()
    errors = rng.uniform(0.1, 0.4, treatment.size)
    found = []
    for _ in range(60):
        values = rng.normal(0, np.sqrt(0.3**2 + errors**2))
        found.append(between_wells(comparison_groups(values, treatment, TREATMENTS, stratum, negative), errors)[0])
    assert np.mean(found) == pytest.approx(0.09, rel=0.08)


def test_errors_that_are_too_large_are_scaled_down():
    rng = np.random.default_rng(3)
    treatment, stratum, negative = places()
    errors = np.full(treatment.size, 0.4)
    groups = comparison_groups(rng.normal(0, 0.2, treatment.size), treatment, TREATMENTS, stratum, negative)
    between, scale = between_wells(groups, errors)
    assert between == 0.0
    assert scale == pytest.approx(0.25, rel=0.3)


def test_wells_without_an_error_are_left_out():
    treatment, stratum, negative = places()
    values, errors = np.random.default_rng(4).normal(0, 1, treatment.size), np.ones(treatment.size)
    errors[treatment == 0] = np.nan
    comparison, estimate = known_error(values, errors, treatment, TREATMENTS, stratum, negative)
    assert comparison.n[0] == 0
    assert np.isnan(estimate.standard_error[0])
    assert np.isfinite(estimate.standard_error[1:]).all()


def test_without_replicates_nothing_is_known_of_the_wells():
    values, errors = np.array([0.0, 1.0]), np.ones(2)
    _, estimate = known_error(values, errors, np.array([0, -1]), 1, np.zeros(2, np.int64), np.array([False, True]))
    assert np.isnan(estimate.standard_error).all()
    assert estimate.remark == "no replicates tell how wells vary"


def counted(seed: int, effect: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return wells whose read-out follows log2 counts, and counts that treatments change."""
    rng = np.random.default_rng(seed)
    treatment = places()[0]
    shift = np.where(treatment >= 0, 2.0 ** -(treatment % 4), 1.0)
    counts = np.exp(rng.normal(0, 0.2, treatment.size)) * 500 * shift
    values = 3.0 + 0.8 * np.log2(counts) + effect * (treatment >= 0) + rng.normal(0, 0.2, treatment.size)
    return values, counts[:, None]


def test_a_change_that_counts_explain_is_not_called_and_another_is():
    treatment, stratum, negative = places()
    method, called, missed = hit_method("moderated-t"), [], []
    for seed in range(60):
        for effect, kept in ((0.0, called), (0.8, missed)):
            values, counts = counted(seed, effect)
            comparison, estimate = count_matched(values, counts, treatment, TREATMENTS, stratum, negative, method)
            kept.append(p_values(comparison.effect, estimate, "both") <= 0.05)
    assert 0.03 < np.mean(called) < 0.07
    by_shift = np.array(missed).mean(axis=0).reshape(-1, 4).mean(axis=0)
    assert by_shift[0] > 0.9
    assert (np.diff(by_shift) <= 0.02).all()  # the further the counts move, the less can be said


def test_the_price_of_moving_far_from_the_controls_counts_is_a_wider_interval():
    treatment, stratum, negative = places()
    values, counts = counted(0)
    _, estimate = count_matched(values, counts, treatment, TREATMENTS, stratum, negative, hit_method("moderated-t"))
    error = estimate.standard_error.reshape(-1, 4).mean(axis=0)
    assert (np.diff(error) > 0).all()


def test_counts_that_no_replicate_varies_judge_only_treatments_with_the_same_counts():
    treatment, stratum, negative = places()
    values = np.random.default_rng(5).normal(0, 1, treatment.size)
    counts = np.where(treatment == 0, 50.0, 100.0)[:, None]
    _, estimate = count_matched(values, counts, treatment, TREATMENTS, stratum, negative, hit_method("moderated-t"))
    assert np.isnan(estimate.standard_error[0])
    assert np.isfinite(estimate.standard_error[1:]).all()


def test_too_few_replicates_to_learn_from_are_named():
    values, counts = np.arange(5.0), np.arange(10.0, 15.0)[:, None]
    treatment = np.array([-1, -1, 0, 1, 2])
    _, estimate = count_matched(values, counts, treatment, 3, np.zeros(5, np.int64), treatment < 0, hit_method("moderated-t"))
    assert estimate.remark == "too few replicates tell how it follows the counts"
    assert np.isnan(estimate.standard_error).all()


def test_all_tests_must_point_the_same_way():
    first = OneSided(np.array([0.01, 0.99, 0.01, 0.01]), np.array([0.99, 0.01, 0.99, 0.99]))
    second = OneSided(np.array([0.03, 0.02, 0.98, np.nan]), np.array([0.97, 0.98, 0.02, np.nan]))
    np.testing.assert_allclose(intersection_union([first, second], "both"), [0.06, 1.0, 1.0, np.nan])
    np.testing.assert_allclose(intersection_union([first, second], "up"), [0.03, 0.99, 0.98, np.nan])
    np.testing.assert_allclose(intersection_union([first], "both"), [0.02, 0.02, 0.02, 0.02])


def test_sides_speak_of_the_raw_readout():
    estimate = Estimate(np.array([1.0]), np.array([10.0]))
    assert one_sided(np.array([3.0]), estimate).up < 0.01
    assert one_sided(np.array([3.0]), estimate, -1).down < 0.01
