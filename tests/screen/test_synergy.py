"""Synergy scores: additive surfaces score 0, symmetry, units, replicates, missing singles, and what is refused."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from coculture.compounds.combination.bliss import bliss
from coculture.compounds.combination.hill_effect import HillEffect
from coculture.compounds.combination.hsa import highest_single_agent
from coculture.compounds.combination.loewe import loewe
from coculture.errors import DataError, InputError
from coculture.screen.synergy.combination_data import Combination
from coculture.screen.synergy.scores import score_combination
from coculture.screen.synergy.settings import SynergySettings

LADDER = np.array([0.0, 0.1, 0.4, 1.6, 6.4, 25.6])
FIRST, SECOND, THIRD = HillEffect(0.0, 92.0, 1.4, 1.0), HillEffect(0.0, 70.0, 0.9, 3.0), HillEffect(0.0, 80.0, 2.0, 5.0)
PLAIN = SynergySettings(bootstraps=0)


def surface(expect, drugs=(FIRST, SECOND), ladder=LADDER, names="ABC") -> Combination:
    """A full grid of the drugs whose effects are combined by ``expect(drugs, doses)``."""
    doses = np.array(list(itertools.product(*[ladder] * len(drugs))))
    return Combination(tuple(names[: len(drugs)]), doses, expect(drugs, doses.T))


def bliss_surface(drugs, doses):
    return bliss([drug.effect(dose) for drug, dose in zip(drugs, doses, strict=True)], full=100.0)


def hsa_surface(drugs, doses):
    return highest_single_agent([drug.effect(dose) for drug, dose in zip(drugs, doses, strict=True)])


ADDITIVE = {"Bliss": bliss_surface, "HSA": hsa_surface, "Loewe": loewe, "ZIP": bliss_surface}


@pytest.mark.parametrize("n_drugs", [2, 3])
@pytest.mark.parametrize("model", ADDITIVE)
def test_its_own_additive_surface_scores_zero(model, n_drugs):
    data = surface(ADDITIVE[model], (FIRST, SECOND, THIRD)[:n_drugs], LADDER if n_drugs == 2 else LADDER[[0, 1, 3, 4, 5]])
    result = score_combination(data, PLAIN)
    assert result.score(model) == pytest.approx(0.0, abs=1e-6)
    assert result.surface.query("model == @model")["synergy"].abs().max() < 1e-5
    assert (result.scores["status"] == "ok").all()


def test_a_drug_with_itself_is_additive_for_loewe_alone():
    data = surface(lambda drugs, doses: FIRST.effect(doses[0] + doses[1]), (FIRST, FIRST))
    result = score_combination(data, PLAIN)
    assert result.score("Loewe") == pytest.approx(0.0, abs=1e-6)
    assert abs(result.score("Bliss")) > 1.0
    assert result.score("HSA") > 2.0


@pytest.mark.parametrize("convention", ["exact", "synergyfinder"])
def test_order_of_drugs_does_not_matter(convention):
    data = noisy(3)
    turned = Combination(("B", "A"), data.doses[:, ::-1], data.inhibition)
    asked = SynergySettings(bootstraps=0, convention=convention)
    for model in ADDITIVE:
        assert score_combination(turned, asked).score(model) == pytest.approx(
            score_combination(data, asked).score(model), abs=1e-8
        )


def test_unit_of_the_doses_does_not_matter():
    data = noisy(4)
    rescaled = Combination(data.drugs, data.doses * [1000.0, 0.02], data.inhibition)
    for model in ADDITIVE:
        assert score_combination(rescaled, PLAIN).score(model) == pytest.approx(
            score_combination(data, PLAIN).score(model), abs=1e-6
        )


def noisy(seed: int, sd: float = 4.0, replicates: int = 1, extra: float = 0.0) -> Combination:
    grid = surface(bliss_surface)
    doses = np.repeat(grid.doses, replicates, axis=0)
    effect = np.repeat(grid.inhibition + extra * (grid.doses > 0).all(axis=1), replicates)
    return Combination(grid.drugs, doses, effect + np.random.default_rng(seed).normal(0.0, sd, effect.size))


def test_replicates_tell_the_noise_and_order_of_wells_changes_nothing():
    data = noisy(5, replicates=3)
    asked = SynergySettings(bootstraps=30, models=("Bliss", "HSA"))
    result = score_combination(data, asked)
    assert result.noise.source == "replicates"
    assert result.noise.df == 72
    assert 3.0 < result.noise.sd < 5.0
    order = np.random.default_rng(1).permutation(data.inhibition.size)
    again = score_combination(Combination(data.drugs, data.doses[order], data.inhibition[order]), asked)
    np.testing.assert_allclose(again.scores["score_low"], result.scores["score_low"], atol=1e-9)


def test_bliss_interval_is_the_analytic_one():
    result = score_combination(noisy(6, replicates=4), SynergySettings(bootstraps=400, models=("Bliss",)))
    table = noisy(6, replicates=4).table
    rest = 1.0 - table.response[table.single] / 100.0
    points = table.together
    weight = np.zeros(table.response.size)
    for drug in range(2):
        np.add.at(weight, table.single[points, drug], -rest[points, 1 - drug])
    weight[points] += 1.0
    error = result.noise.sd / 2.0 * np.sqrt((weight**2).sum()) / points.size
    half = (result.scores["score_high"] - result.scores["score_low"])[0] / 2.0
    assert half == pytest.approx(error * 1.98, rel=0.12)


def test_strong_synergy_is_found_and_none_is_not():
    asked = SynergySettings(bootstraps=40)
    found = score_combination(noisy(7, extra=12.0), asked)
    assert found.noise.source == "residuals"
    assert (found.scores["p_value"] < 0.01).all()
    assert (found.scores.query("model in ('ZIP', 'Bliss')")["score_low"] > 0).all()
    none = score_combination(noisy(8), asked).scores.set_index("model")
    assert none.loc["Bliss", "p_value"] > 0.01


def test_missing_singles_and_control_are_estimated_and_said():
    full = surface(bliss_surface)
    together = (full.doses > 0).all(axis=1)
    result = score_combination(
        Combination(full.drugs, full.doses[together], full.inhibition[together]), SynergySettings(bootstraps=20)
    )
    assert np.isfinite(result.scores["score"]).all()
    assert set(result.scores["status"]) == {"estimated"}
    assert "no control without drugs" in result.scores["reason"][0]
    assert "5 doses of drug 1 alone were not measured" in result.scores["reason"][0]
    assert abs(result.score("Bliss")) < 1.0


def test_one_missing_single_dose_is_read_off_its_curve():
    full = surface(bliss_surface)
    kept = ~((full.doses[:, 0] == 1.6) & (full.doses[:, 1] == 0))
    result = score_combination(Combination(full.drugs, full.doses[kept], full.inhibition[kept]), PLAIN)
    assert result.score("Bliss") == pytest.approx(0.0, abs=1e-5)
    assert result.scores["status"].eq("estimated").all()


@pytest.mark.parametrize("convention", ["exact", "synergyfinder"])
@pytest.mark.parametrize("seed", range(4))
def test_any_numbers_have_scores(convention, seed):
    draws = np.random.default_rng(seed)
    grid = surface(bliss_surface)
    for effect in (draws.normal(0, 80, 36), np.zeros(36), np.full(36, -7.0), draws.choice([0.0, 100.0], 36)):
        result = score_combination(
            Combination(grid.drugs, grid.doses, effect), SynergySettings(bootstraps=0, convention=convention)
        )
        assert np.isfinite(result.scores["score"]).all()


def test_one_point_has_a_score_and_says_there_is_no_interval():
    result = score_combination(Combination(("A", "B"), np.array([[1.0, 2.0]]), np.array([40.0])), SynergySettings(bootstraps=20))
    assert np.isfinite(result.scores["score"]).all()
    assert result.scores["p_value"].isna().all()
    assert "no interval" in result.scores["reason"][0]


def test_missing_numbers_are_left_out():
    grid = surface(bliss_surface)
    effect = grid.inhibition.copy()
    effect[[8, 20]] = np.nan
    assert score_combination(Combination(grid.drugs, grid.doses, effect), PLAIN).score("ZIP") == pytest.approx(0.0, abs=1e-4)


def test_the_bootstrap_is_seeded():
    asked = SynergySettings(bootstraps=20, models=("HSA",))
    one, two = (score_combination(noisy(9), asked).scores["score_high"][0] for _ in range(2))
    assert one == two
    assert score_combination(noisy(9), SynergySettings(bootstraps=20, models=("HSA",), seed=1)).scores["score_high"][0] != one


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Combination(("A",), np.zeros((1, 1)), np.zeros(1)), "1 drugs"),
        (lambda: Combination(("A", "A"), np.zeros((1, 2)), np.zeros(1)), "different drugs"),
        (lambda: Combination(("A", "B"), np.zeros((2, 2)), np.zeros(1)), "shape"),
        (lambda: Combination(("A", "B"), np.array([[-1.0, 1.0]]), np.zeros(1)), "missing or negative"),
        (lambda: SynergySettings(convention="other"), "convention 'other'"),
        (lambda: SynergySettings(response="other"), "response 'other'"),
        (lambda: SynergySettings(models=()), "no model"),
        (lambda: SynergySettings(bootstraps=5), "bootstraps is 5"),
        (lambda: SynergySettings(confidence=1.0), "confidence is 1.0"),
        (lambda: SynergySettings(seed=-1), "seed is -1"),
        (lambda: score_combination(surface(bliss_surface), SynergySettings(models=("Blis",))), "model 'Blis' is not known"),
    ],
)
def test_what_is_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_no_well_with_all_drugs():
    with pytest.raises(DataError, match="no well holds A and B together"):
        Combination(("A", "B"), np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([1.0, np.nan]))
