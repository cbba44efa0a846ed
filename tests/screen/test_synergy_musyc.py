"""MuSyC and the combination index: parameters that are known are found again."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from coculture.compounds.combination.musyc import Musyc
from coculture.errors import InputError
from coculture.screen.synergy.combination_data import Combination
from coculture.screen.synergy.combination_index import combination_index
from coculture.screen.synergy.musyc import fit_musyc

LADDER = np.array([0.0, 0.05, 0.2, 0.8, 3.2, 12.8, 51.2])
DOSES = np.array(list(itertools.product(LADDER, LADDER)))


@pytest.mark.parametrize("cooperativity", [False, True])
def test_musyc_parameters_are_recovered(cooperativity):
    truth = Musyc(0.0, 60.0, 40.0, 85.0, 1.3, 0.9, 1.0, 2.0, 5.0, 0.4, *((1.4, 0.7) if cooperativity else ()))
    fit = fit_musyc(Combination(("A", "B"), DOSES, truth.effect(*DOSES.T)), cooperativity)
    assert fit.status == "ok"
    for name in ("e0", "e1", "e2", "e3", "h1", "h2", "c1", "c2", "alpha12", "alpha21", "gamma12", "gamma21", "beta"):
        assert getattr(fit.model, name) == pytest.approx(getattr(truth, name), rel=1e-3, abs=1e-3)


def test_musyc_intervals_hold_the_truth_under_noise():
    truth = Musyc(0.0, 60.0, 50.0, 85.0, 1.3, 1.1, 1.0, 2.0, 4.0, 1.0)
    noise = np.random.default_rng(2).normal(0.0, 2.0, len(DOSES))
    frame = fit_musyc(Combination(("A", "B"), DOSES, truth.effect(*DOSES.T) + noise), confidence=0.99).parameters
    for row in frame.itertuples():
        assert row.low < row.value < row.high
        assert row.low < getattr(truth, row.parameter) < row.high


def test_drugs_exchanged_exchange_the_parameters():
    truth = Musyc(0.0, 60.0, 40.0, 85.0, 1.3, 0.9, 1.0, 2.0, 5.0, 0.4)
    turned = fit_musyc(Combination(("B", "A"), DOSES[:, ::-1], truth.effect(*DOSES.T))).model
    assert turned.alpha21 == pytest.approx(5.0, rel=1e-3)
    assert turned.c1 == pytest.approx(2.0, rel=1e-3)


def test_musyc_says_what_it_cannot_tell():
    flat = fit_musyc(Combination(("A", "B"), DOSES, np.zeros(len(DOSES))))
    assert np.isfinite(flat.model.e3)
    few = fit_musyc(Combination(("A", "B"), np.array([[0, 0], [1, 0], [0, 1], [1, 1.0]]), np.array([0.0, 10, 20, 60])))
    assert few.status == "undetermined"
    assert few.reason.endswith("more parameters than points")
    assert few.parameters["low"].isna().all()


def test_musyc_refuses_three_drugs():
    with pytest.raises(InputError, match="fitted to two drugs, found 3"):
        fit_musyc(Combination(("A", "B", "C"), np.ones((1, 3)), np.ones(1)))


def median_effect(dose, slope, median):
    ratio = (dose / median) ** slope
    return 100.0 * ratio / (1.0 + ratio)


def test_dilutions_of_one_drug_have_index_one():
    dose = np.array([0.0, 0.25, 0.5, 1.0, 2.0])
    doses = np.array(list(itertools.product(dose, dose)))
    index = combination_index(Combination(("A", "B"), doses, median_effect(doses[:, 0] + doses[:, 1] / 3.0, 1.5, 1.0)))
    np.testing.assert_allclose(index.points["combination_index"], 1.0, atol=1e-9)
    assert index.lines[0].slope == pytest.approx(1.5)
    assert index.lines[1].dose == pytest.approx(3.0)
    shares = 1.0 / index.points["reduction_1"] + 1.0 / index.points["reduction_2"]
    np.testing.assert_allclose(shares, 1.0, atol=1e-9)


def test_half_the_doses_needed_is_index_one_half():
    dose = np.array([0.0, 0.25, 0.5, 1.0])
    doses = np.array(list(itertools.product(dose, dose)))
    total = doses.sum(axis=1) * np.where((doses > 0).all(axis=1), 2.0, 1.0)
    points = combination_index(Combination(("A", "B"), doses, median_effect(total, 1.0, 1.0))).points
    np.testing.assert_allclose(points["combination_index"], 0.5, atol=1e-9)
    assert (points["status"] == "ok").all()


def test_index_of_three_drugs_and_of_a_drug_without_effect():
    dose = np.array([0.0, 0.5, 1.0, 2.0])
    doses = np.array(list(itertools.product(dose, dose, dose)))
    points = combination_index(Combination(("A", "B", "C"), doses, median_effect(doses[:, 0] + doses[:, 1], 1.0, 1.0))).points
    third = points[points["dose_1"].gt(0) & points["dose_3"].gt(0) & points["dose_2"].eq(0)]
    np.testing.assert_allclose(third["combination_index"], 1.0, atol=1e-9)
    assert set(points["status"]) == {"at edge", "estimated"} & set(points["status"]) | {"estimated"}
    assert "C: no effect that rises with dose" in points["reason"][0]


def test_full_effect_is_at_the_edge():
    points = combination_index(Combination(("A", "B"), DOSES, np.where((DOSES > 0).all(axis=1), 120.0, 30.0))).points
    assert (points["status"] == "at edge").all()
    assert np.isfinite(points["combination_index"]).all()
