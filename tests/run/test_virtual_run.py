"""A virtual recipe from its file to a report, and everything that can be wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from result_bytes import bytes_of
from tests.cases.two_types import CULTURE
from virtual_recipe import RECIPE, ROWS, map_text, write_virtual

from coculture.errors import InputError
from coculture.report.pages import write_report
from coculture.run.check.whole import check_recipe
from coculture.run.pipeline import run_screen
from coculture.run.recipe.reading import parse_recipe
from coculture.run.recipe.writing import recipe_text
from coculture.store.tables import read_table


def errors(path: Path) -> list[str]:
    """Return the errors a check finds, as text."""
    try:
        return [str(one.problem) for one in check_recipe(path, path.parent / "results").findings if one.grade == "error"]
    except InputError as error:
        return [str(problem) for problem in error.problems]


def changed(folder: Path, *pairs: tuple[str, str], **other: str) -> list[str]:
    """Return the errors of the recipe with some words replaced."""
    text = RECIPE
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return errors(write_virtual(folder, text, **other))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the screen, by one worker."""
    recipe = write_virtual(tmp_path_factory.mktemp("virtual"))
    outcome = run_screen(recipe, workers=1)
    assert not outcome.failed
    return outcome.results


def test_the_killer_is_found_and_the_antagonist_is_not(results):
    hits = read_table(results / "hits.parquet").set_index("treatment")
    assert bool(hits.loc["killer 1 uM", "hit"])
    assert not bool(hits.loc["alpha 3 uM", "hit"])


def test_the_report_says_that_nothing_was_measured(results):
    text = write_report(results).read_text(encoding="utf-8")
    assert "No cell was observed: the culture of culture.toml was simulated in virtual wells for 2 h" in text
    assert "Outlines" not in text
    assert not (results / "images").exists()


def test_two_workers_give_the_same_bytes(results, fork_server, tmp_path):
    recipe = write_virtual(tmp_path)
    again = run_screen(recipe, workers=2)
    assert bytes_of(again.results) == bytes_of(results)


def test_the_recipe_is_written_and_read_back():
    recipe = parse_recipe(RECIPE)
    assert parse_recipe(recipe_text(recipe)) == recipe


def test_a_sound_recipe_is_tried_on_a_control_and_a_dosed_well(tmp_path):
    report = check_recipe(write_virtual(tmp_path), tmp_path / "results")
    assert not [one for one in report.findings if one.grade == "error"]
    assert report.facts[0] == "12 virtual wells of 300 x 300 µm for 2 h, 2 cell types, 1 solutes, 2 drugs"
    assert report.facts[-1].startswith("tried on virtual B01 for 60 min: ")


def test_what_the_check_tries_leaves_nothing_behind(tmp_path):
    check_recipe(write_virtual(tmp_path), tmp_path / "results")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["culture.toml", "map.csv", "screen.toml"]


def test_faults_of_recipe_culture_map_and_compounds_are_told_together(tmp_path):
    found = changed(
        tmp_path,
        ("layout = 24", "layout = 24"),
        culture=CULTURE.replace('like = "fibroblast"', 'like = "fibrblast"'),
        plate_map=map_text((*ROWS, "A05,treatment,unheard-of,3")),
    )
    assert len(found) == 2
    assert "there is no cell type 'fibrblast'" in found[0]
    assert "compound 'unheard-of'" in found[1]
    assert 'declare it as [[source.compound]] with name = "unheard-of"' in found[1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hours = 2", "hours = 2\nhalf_life = 3", "half_life"),
        ("hours = 2", "hours = 2.5", "150 min is no whole number of read-outs every 60 min"),
        ('kind = "viability"', 'kind = "viability"\nligand = "ligand"', "takes no ligand"),
        ("alive_fraction = 0.02\n", "", "needs alive_fraction"),
        ('name = "alpha"', 'name = "killer"', "declared twice: killer"),
        ("cells = 20", 'cells = 20\nregion = "a"\nrectangle_um = [0, 0, 9, 9]', "give a region or a rectangle, not both"),
        ("cells = 20", "cells = 20\nrectangle_um = [9, 0, 0, 9]", "left below right"),
        ("[source.well]", '[source.chip]\ndesign = "gap"\n[source.well]', "not in both"),
    ],
)
def test_the_recipe_alone_shows_what_contradicts_itself(tmp_path, old, new, said):
    found = changed(tmp_path, (old, new))
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('cell_type = "stroma"', 'cell_type = "strom"', "there is no cell type 'strom'"),
        ("cells = 20", 'cells = 20\nregion = "lane"', "there is no region 'lane'"),
        ("cells = 20", "cells = 20\nrectangle_um = [0, 0, 900, 9]", "reaches beyond 300 x 300 µm"),
        ("read_out_every_min = 60", "read_out_every_min = 40", "40 min is no whole number of the culture's contact steps"),
        ("[[source.seeding]]", "start_um = { glucose = 1 }\n[[source.seeding]]", "there is no solute 'glucose'"),
        ('ligand = "ligand"', 'ligand = "CXCL12"', "no rule of the culture hears 'CXCL12'"),
        ('column = "n_tumour"', 'column = "n_tumor"', "did you mean 'n_tumour'"),
        ('column = "n_tumour"', 'feature = "cell_size_volume"', "no feature 'cell_size_volume'"),
        ("width_um = 300", "width_um = 310", "no whole number of voxels"),
        (
            "[[source.seeding]]",
            "[source.render.markers.neuron]\ndna = [1, 0, 0]\n[[source.seeding]]",
            "there is no cell type 'neuron'",
        ),
        (
            "[[source.seeding]]",
            "[source.render.markers.tumour]\ncy5 = [1, 0, 0]\n[[source.seeding]]",
            "there is no channel 'cy5'",
        ),
        ("cells = 20", "cells = 400", "find room"),
    ],
)  # fmt: skip
def test_the_check_finds_what_only_the_culture_shows(tmp_path, old, new, said):
    found = changed(tmp_path, (old, new))
    assert any(said in one for one in found), found


def test_sections_about_images_are_told_to_be_idle(tmp_path):
    path = write_virtual(tmp_path, RECIPE + '[nuclei]\nchannel = "dapi"\n')
    told = [str(one.problem) for one in check_recipe(path, tmp_path / "results").findings]
    assert any("[nuclei] has nothing to work on" in one for one in told)


def test_a_dose_by_mass_needs_a_molar_mass(tmp_path):
    rows = map_text().replace("alpha,3,uM", "alpha,3,ug/mL")
    found = changed(tmp_path, plate_map=rows)
    assert any("'alpha' is dosed in µg/mL, and its molar mass is not known" in one for one in found)
    heavy = RECIPE.replace('name = "alpha"', 'name = "alpha"\nmolar_mass_g_per_mol = 500')
    assert not errors(write_virtual(tmp_path / "heavy", heavy, plate_map=rows))


def test_chips_are_checked_for_ports_and_regions(tmp_path):
    chip = '[source.chip]\ndesign = "lane3"\npitch_um = 50\n[source.chip.port.attic]\npressure_pa = 0\n'
    found = changed(tmp_path, ("[source.well]\nwidth_um = 300\nheight_um = 300\n", chip))
    assert any("there is no port 'attic'" in one for one in found)
    assert any("nothing is said of the ports upper_in, lower_in, upper_out, lower_out" in one for one in found)


def test_a_compound_of_the_library_needs_no_declaration(tmp_path):
    rows = map_text().replace("alpha,3", "AMD3100,3")
    recipe = RECIPE.replace("hours = 2", 'hours = 2\ngenes = { CXCL12 = "ligand" }')
    start = recipe.index('[[source.compound]]\nname = "alpha"')
    without = recipe[:start] + recipe[recipe.index("[plate]") :]
    assert not errors(write_virtual(tmp_path, without, plate_map=rows))
