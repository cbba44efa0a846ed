"""What rules hear of a ligand beside a drug: the equations of Gaddum, Schild and competing agonists, exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from virtual_screen import on_ligand

from coculture.cells.model import Rule
from coculture.cells.processes.rules import heard_by
from coculture.compounds.binding.occupancy import gaddum_occupancy
from coculture.compounds.binding.two_state import active_share
from coculture.sources.virtual_chip.receptor_effects import heard_with

LIGAND = np.array([0.0, 0.01, 0.1, 1.0, 30.0])
DOSE = np.array([0.0, 0.5, 1.0, 3.0, 100.0])


def rule(signal: str = "concentration_ligand_um", half_max: float = 0.1, power: float = 1.0) -> Rule:
    return Rule("tumour", signal, "increases", "migration_speed_um_per_min", 1.0, half_max, power)


def answer(signal: np.ndarray, of: Rule) -> np.ndarray:
    u = (signal / of.half_max) ** of.hill_power
    return u / (1 + u)


def test_an_antagonist_moves_a_rule_as_gaddum_says():
    one = rule()
    heard = heard_with(on_ligand(), one, LIGAND, DOSE)
    np.testing.assert_allclose(answer(heard, one), gaddum_occupancy(LIGAND, 0.1, DOSE, 1.0), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0, 4.0])
def test_an_antagonist_divides_the_ligand_by_the_dose_ratio_at_any_steepness(power):
    np.testing.assert_allclose(heard_with(on_ligand(), rule(power=power), LIGAND, DOSE), LIGAND / (1 + DOSE), rtol=1e-6)


def test_an_occupied_receptor_is_left_by_the_ligand_as_gaddum_says():
    held = LIGAND / (LIGAND + 0.1)
    heard = heard_with(on_ligand(), rule("occupancy_receptor", half_max=0.3), held, DOSE)
    np.testing.assert_allclose(heard, gaddum_occupancy(LIGAND, 0.1, DOSE, 1.0), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("power", [1.0, 2.0])
def test_an_inhibitor_behind_the_receptor_leaves_its_share_of_the_answer(power):
    one, effect = rule(power=power), on_ligand("signalling inhibitor", 0.1)
    expected = answer(LIGAND, one) * (1 - 0.9 * DOSE / (1 + DOSE))
    np.testing.assert_allclose(answer(heard_with(effect, one, LIGAND, DOSE), one), expected, rtol=1e-9, atol=1e-15)


def test_an_agonist_answers_without_ligand_and_competes_with_much_of_it():
    one, effect = rule(), on_ligand("agonist", 0.5)
    alone = heard_with(effect, one, np.zeros(1), np.array([3.0]))
    assert answer(alone, one)[0] == pytest.approx(0.5 * 3 / (1 + 3))
    both = heard_with(effect, one, np.array([0.1]), np.array([3.0]))
    assert answer(both, one)[0] == pytest.approx((1 + 0.5 * 3) / (1 + 1 + 3))


@pytest.mark.parametrize("basal", [0.05, 0.4])
def test_a_receptor_active_without_ligand_is_silenced_left_or_raised_as_two_states_say(basal):
    one = replace(rule(), constitutive=basal)
    plain = heard_by(one, LIGAND)
    np.testing.assert_allclose(answer(plain, one), active_share(basal, [LIGAND / 0.1], [1.0]), rtol=1e-9)
    for effect, own in (
        (on_ligand("inverse agonist", 0.25), 0.25 * basal),
        (on_ligand(), basal),
        (on_ligand("agonist", 0.8), 0.8),
    ):
        heard = heard_with(effect, one, LIGAND, DOSE)
        np.testing.assert_allclose(answer(heard, one), active_share(basal, [LIGAND / 0.1, DOSE], [1.0, own]), rtol=1e-9)
        alone = heard_with(effect, one, np.zeros(1), np.array([1e9]))
        assert answer(alone, one)[0] == pytest.approx(own, rel=1e-6)


def test_an_inhibitor_cuts_the_constitutive_activity_too():
    one = replace(rule(), constitutive=0.3)
    assert answer(heard_with(on_ligand("signalling inhibitor", 0.0), one, np.zeros(1), np.ones(1)), one)[0] == pytest.approx(0.15)


def test_a_rule_on_occupancy_has_its_constitutive_activity_silenced():
    one = replace(rule("occupancy_receptor", half_max=0.5), constitutive=0.4)
    empty = heard_with(on_ligand("inverse agonist", 0.5), one, np.zeros(1), np.array([1e9]))
    assert answer(empty, one)[0] == pytest.approx(0.2, rel=1e-6)
    held = np.array([0.6])
    none = heard_with(on_ligand("inverse agonist", 0.5), one, held, np.zeros(1))
    np.testing.assert_allclose(none, heard_by(one, held), rtol=1e-9)


def test_no_dose_changes_nothing():
    for effect in (on_ligand(), on_ligand("signalling inhibitor", 0.0), on_ligand("agonist", 1.0)):
        np.testing.assert_allclose(heard_with(effect, rule(power=2.0), LIGAND, np.zeros(1)), LIGAND, rtol=1e-6)
