"""Where effects find their targets: names of behaviours, types, ligands, receptors and links."""

from __future__ import annotations

import pytest
from virtual_screen import curve, drug, model, on_behaviour, on_life, on_ligand, on_link

from coculture.compounds.effects.pair import PairEffect
from coculture.sources.virtual_chip.drug_targets import behaviours_named, linked, targets_of

RECEPTOR = """
[[receptor]]
name = "receptor"
synthesis_per_min = { tumour = 10 }
[[receptor.ligand]]
solute = "ligand"
on_per_um_min = 60
off_per_min = 0.6
"""

JUNCTION = """
[[junction]]
internal = "dye"
permeability_um_per_min = 2.0
[notch]
rate_per_min = 0.1
"""


def missed(*effects, of=None, genes=None) -> list[str]:
    found = targets_of([drug(*effects)], of or model(), genes or {})
    return [why for _, _, why in found.missed]


def test_a_name_with_braces_means_every_one_and_no_longer_name():
    assert behaviours_named("secretion_{solute}_per_min", model()) == ("secretion_ligand_per_min",)
    assert set(behaviours_named("affinity_{type}", model())) == {"affinity_tumour", "affinity_stroma"}
    assert set(behaviours_named("exit_{phase}_per_min", model())) == {f"exit_phase_{k}_per_min" for k in range(3)}
    assert behaviours_named("attack_{type}_per_min", model()) == ("attack_tumour_per_min", "attack_stroma_per_min")
    assert behaviours_named("nonsense_{type}", model()) == ()


def test_effects_act_on_the_types_they_name_whatever_their_spelling():
    found = targets_of([drug(on_behaviour("migration_speed_um_per_min", 0.0, ("STROMA",)))], model(), {})
    assert [one.types for one in found.on_cells] == [(1,)]
    assert not found.missed


def test_a_misspelt_behaviour_and_an_absent_type_are_told():
    assert "did you mean 'migration_speed_um_per_min'" in missed(on_behaviour("migration_sped_um_per_min", 0.0))[0]
    assert missed(on_behaviour("migration_speed_um_per_min", 0.0, ("neuron",))) == ["the culture has no cells of neuron"]


def test_a_ligand_is_found_by_its_own_name_or_by_the_recipes():
    gene = PairEffect("CXCL12", "CXCR4", "competitive antagonist", curve())
    assert "no rule of the culture hears 'CXCL12' or 'CXCR4'" in missed(gene)[0]
    found = targets_of([drug(gene)], model(), {"CXCL12": "ligand"})
    assert [one.signals for one in found.on_rules] == [("concentration_ligand_um",)]


def test_a_receptor_of_the_culture_is_found():
    more = RECEPTOR + '[[rule]]\ncell_type = "tumour"\nsignal = "occupancy_receptor"\ndirection = "increases"\n'
    more += 'behaviour = "apoptosis_per_min"\nsaturation = 0.1\nhalf_max = 0.5\nhill_power = 1\n'
    found = targets_of([drug(on_ligand(receptor="Receptor"))], model(more), {})
    assert found.on_rules[0].signals == ("concentration_ligand_um", "occupancy_receptor")


def test_an_inverse_agonist_acts_on_the_rules_that_hear_its_receptor():
    (found,) = targets_of([drug(on_ligand("inverse agonist", 0.1))], model(), {}).on_rules
    assert found.signals == ("concentration_ligand_um",)


def test_chemotaxis_is_lost_with_the_receptor_unless_a_rule_says_how():
    follows = model().types[1]
    assert not targets_of([drug(on_ligand())], model(), {}).on_cells
    text = (
        '[[cell_type]]\nname = "hunter"\nlike = "t_cell"\n[cell_type.behaviours]\nchemotaxis_ligand = 1\nmigration_bias = 0.5\n'
    )
    hunted = targets_of([drug(on_ligand())], model(text), {})
    assert [(one.behaviours, one.types) for one in hunted.on_cells] == [(("migration_bias",), (2,))]
    ruled = '[[rule]]\ncell_type = "hunter"\nsignal = "concentration_ligand_um"\ndirection = "increases"\n'
    ruled += 'behaviour = "migration_bias"\nsaturation = 0.9\nhalf_max = 0.1\nhill_power = 1\n'
    assert not targets_of([drug(on_ligand())], model(text + ruled), {}).on_cells
    assert follows.name == "stroma"


def test_links_are_weakened_and_their_absence_is_told():
    assert missed(on_link("junction", 0.0), on_link("notch", 0.0)) == ["the culture has no junction", "the culture has no notch"]
    text = JUNCTION + '[[cell_type]]\nname = "dyed"\nlike = "fibroblast"\n[cell_type.internal]\ndye = 1.0\n'
    culture = model(text + "")
    found = targets_of([drug(on_link("junction", 0.25), on_link("notch", 0.5))], culture, {})
    after = linked(culture, found.on_links, {"drug": 1.0})
    assert after.links["junctions"][0].permeability_um_per_min == pytest.approx(0.5, rel=1e-5)  # type: ignore[index]
    assert after.links["notch"].a == pytest.approx(0.01 / 0.5**2, rel=1e-5)  # type: ignore[attr-defined]


def test_death_has_a_target_in_every_culture():
    assert [one.behaviours for one in targets_of([drug(on_life())], model(), {}).on_cells] == [("apoptosis_per_min",)]
