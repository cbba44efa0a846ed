"""What reading a culture had to say reaches whoever runs it."""

from __future__ import annotations

from tests.cases.two_types import CULTURE
from virtual_recipe import write_virtual

from coculture.run.recipe.reading import read_recipe
from coculture.run.virtual_job import virtual_job
from coculture.run.virtual_plan import make_virtual_plan

RULES = "tumour,ligand,increases,apoptosis,0.001,5,4,0\ntumour,damage,increases,apoptosis,0.07,180,2,0\n"


def test_warnings_of_carried_rules_are_notes_of_the_plan(tmp_path):
    recipe = write_virtual(tmp_path, culture=CULTURE + '[rules]\ngrammar_csv = "old.csv"\n')
    (tmp_path / "old.csv").write_text(RULES)
    notes = make_virtual_plan(read_recipe(recipe)).notes
    assert any("old.csv, lines 1, 2: rules by which signals increase apoptosis_per_min" in note for note in notes)
    assert any("half-maxima were taken in µM" in note for note in notes)


def test_a_run_goes_on_only_with_the_rules_it_began_with(tmp_path):
    recipe = write_virtual(tmp_path, culture=CULTURE + '[rules]\ngrammar_csv = "old.csv"\n')
    (tmp_path / "old.csv").write_text(RULES)
    before = virtual_job(make_virtual_plan(read_recipe(recipe)))
    (tmp_path / "old.csv").write_text(RULES.replace("180", "190"))
    after = virtual_job(make_virtual_plan(read_recipe(recipe)))
    assert "old.csv" in before.inputs_hashes
    assert before.state != after.state
