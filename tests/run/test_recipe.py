"""The recipe: what is understood, what is refused, and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from coculture.errors import FileError, InputError
from coculture.plate.design import generate_design
from coculture.plate.design_file import read_design
from coculture.run.check.readouts import check_readouts
from coculture.run.new import RECIPES, template_text, write_new
from coculture.run.recipe.reading import parse_recipe, read_recipe
from coculture.run.recipe.recipe import Recipe
from coculture.run.recipe.writing import recipe_text
from coculture.typed_file.complaints import models_of

GOOD = """
[screen]
name = "small"
[source]
kind = "images"
images = "images"
pattern = "plain"
pixel_size_um = 0.65
[source.channels]
dna = "w1"
[plate]
layout = 96
map = "map.csv"
[[readout]]
name = "ratio"
feature = "cell_translocation_ratio_gfp"
"""


def problems_of(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_recipe(text, "s.toml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("name", RECIPES)
def test_every_template_is_a_recipe_and_survives_a_round_trip(name: str) -> None:
    recipe = parse_recipe(template_text(name), name)
    assert parse_recipe(recipe_text(recipe)) == recipe


@pytest.mark.parametrize("name", ["images", "demo", "time-series"])
def test_templates_ask_for_what_is_measured(name: str) -> None:
    recipe = parse_recipe(template_text(name))
    assert check_readouts(recipe, name, tuple(recipe.source.channels), is_series=name == "time-series") == []


def test_the_design_template_can_be_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "design.toml"
    write_new(path, "design")
    spec, seed = read_design(path)
    assert len(generate_design(spec, seed).wells) == 12 + 8 + 3 * 10


def test_choices_that_a_template_comments_out_are_valid_too() -> None:
    lines = template_text("wells").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("# [analysis.contrast]"))
    taken_up = lines[:start] + [line.removeprefix("# ") for line in lines[start:]]
    contrast = parse_recipe("\n".join(taken_up)).analysis.contrast
    assert contrast is not None
    assert (contrast.reference, contrast.tested) == ("mono", "co")


@pytest.mark.parametrize("channel", ["my dna.1", r"\u007f", "丹參"])
def test_odd_texts_survive_a_round_trip(channel: str) -> None:
    recipe = parse_recipe(GOOD.replace('"small"', r'"a \"quoted\" µ \\ name \u007f\n"').replace("dna =", f'"{channel}" ='))
    assert parse_recipe(recipe_text(recipe)) == recipe


def test_all_problems_of_a_file_come_at_once_with_line_key_and_remedy() -> None:
    text = GOOD.replace("pixel_size_um = 0.65", "pixel_size_um = -1\npatern = 'x'").replace("layout = 96", "layout = 96\nfdr = 3")
    found = problems_of(text + "agregate = 'mean'\n[analysis]\nnormalise = 'bscore'\nfdr = '0.1'\n[nuclie]\nx = 1\n")
    expected = [
        "s.toml, line 8, source.pixel_size_um: found -1\n  → it should be greater than 0",
        "s.toml, line 9, source.patern: unknown key 'patern'\n  → did you mean 'pattern'? allowed here: bit_depth, channels,",
        "s.toml, line 14, plate.fdr: unknown key 'fdr'\n  → 'fdr' belongs in [analysis]. allowed here: columns, defaults,",
        "s.toml, line 19, readout[1].agregate: unknown key 'agregate'\n  → did you mean 'aggregate'? allowed here: about,",
        "s.toml, line 21, analysis.normalise: found 'bscore'\n  → did you mean 'b-score'? use one of: percent-of-control,",
        "s.toml, line 22, analysis.fdr: found '0.1'\n  → write a number",
        "s.toml, line 23, nuclie: unknown key 'nuclie'\n  → did you mean 'nuclei'? allowed here: analysis,",
    ]
    assert len(found) == len(expected)
    for one, beginning in zip(found, expected, strict=True):
        assert one.startswith(beginning)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "images"', 'kind = "image"', "source.kind: found 'image'\n  → did you mean 'images'? use one of: images, wells"),
        ('kind = "images"', "", "source.kind: key 'kind' is missing\n  → use one of: images, wells"),
        ('[screen]\nname = "small"', "", "s.toml, screen: key 'screen' is missing"),
        ('name = "small"', 'name = "small"\nseed = 1.5', "screen.seed: found 1.5\n  → write a whole number"),
        ('name = "small"', 'name = "small"\nseed = -1', "screen.seed: found -1\n  → it should be greater than or equal to 0"),
        ('name = "small"', 'name = ""', "screen.name: found ''\n  → give at least 1 character"),
        ('name = "small"', "name = 3", "screen.name: found 3\n  → write a text in quotes"),
        ('dna = "w1"', "", "source.channels: found {}\n  → give at least 1"),
        (
            'name = "ratio"',
            'name = "the ratio"',
            "readout[1].name: found 'the ratio'\n  → begin with a letter; use letters, digits and _",
        ),
        ('feature = "cell_translocation_ratio_gfp"', "", "exactly one of 'feature' (of the cells) and 'column' (of the wells)"),
        ('name = "ratio"', 'name = "ratio"\nthreshold = 2.0', "readout[1]: aggregate 'median' takes no 'threshold'"),
        (
            'name = "ratio"',
            'name = "ratio"\naggregate = "fraction_above"',
            "readout[1]: aggregate 'fraction_above' needs a 'threshold'",
        ),
        ("layout = 96", "layout = 96\n[measure]\nfamilies = 'shape'", "measure.families: found 'shape'\n  → write a list"),
        ("layout = 96", "layout = 96\n[store]\nimages = 1", "store.images: found 1\n  → write true or false"),
        ("layout = 96", "layout = 96\n[analysis]\nfdr = nan", "analysis.fdr: found nan"),
        ("layout = 96", "layout = 96\n[nuclei]\nmethod = 'watersheet'", "nuclei.method: found 'watersheet'\n  → did you mean"),
        ("layout = 96", "layout = [96]", "plate.layout: found [96]\n  → write a whole number or write a text in quotes"),
        ("pixel_size_um = 0.65", "z = 1.5", "source.z: found 1.5\n  → use one of: max or write a whole number"),
        (
            "layout = 96",
            "layout = 96\n[nuclei.options]\nsmoothing = [1]",
            "nuclei.options.smoothing: found [1]\n  → write true or false or write a whole number",
        ),
        ("\n[screen]", "nuclei = 3\n[screen]", "nuclei: found 3\n  → write a table of key = value lines"),
    ],
)
def test_each_fault_is_told_in_plain_words(old: str, new: str, message: str) -> None:
    assert old in GOOD
    assert any(message in problem for problem in problems_of(GOOD.replace(old, new)))


def test_two_readouts_of_one_name_are_refused() -> None:
    (problem,) = problems_of(GOOD + '[[readout]]\nname = "ratio"\ncolumn = "n_cells"\n')
    assert "two readouts share the name 'ratio'; give each its own" in problem


def test_names_that_every_well_table_has_are_refused() -> None:
    (problem,) = problems_of(GOOD.replace('"ratio"', '"dose"'))
    assert "a readout cannot be named 'dose'" in problem
    assert parse_recipe(GOOD.replace('"ratio"', '"n_cells"')).readout[0].name == "n_cells"


def test_one_readout_ranks_the_hits() -> None:
    (problem,) = problems_of(GOOD + 'primary = true\n[[readout]]\nname = "count"\ncolumn = "n_cells"\nprimary = true\n')
    assert "ratio, count are all marked as primary" in problem


def test_an_unknown_role_names_its_line() -> None:
    (problem,) = problems_of(GOOD.replace("layout = 96", 'layout = 96\nroles = {DMSO = "negativ"}'))
    assert "plate.roles.DMSO: found 'negativ'\n  → did you mean 'negative'?" in problem


def test_a_recipe_without_readouts_is_refused() -> None:
    assert "key 'readout' is missing" in problems_of(GOOD[: GOOD.index("[[readout]]")])[0]
    assert "a screen asks for at least one" in problems_of("readout = []\n" + GOOD[: GOOD.index("[[readout]]")])[0]


def test_broken_toml_names_the_line() -> None:
    (problem,) = problems_of(GOOD + "[analysis\n")
    assert "this is not valid TOML" in problem
    assert "line 17" in problem


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"no such recipe(.|\n)*coculture new"):
        read_recipe(tmp_path / "none.toml")
    with pytest.raises(FileError, match="this is a folder"):
        read_recipe(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b'[screen]\nname = "\xb5"\n')
    with pytest.raises(FileError, match="UTF-8 text file"):
        read_recipe(tmp_path / "latin.toml")


def test_images_are_looked_for_beside_the_recipe_then_under_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe, data = tmp_path / "recipes" / "screen.toml", tmp_path / "data"
    recipe.parent.mkdir()
    recipe.write_text(GOOD)
    monkeypatch.delenv("COCULTURE_DATA", raising=False)
    assert read_recipe(recipe).images == recipe.parent / "images"
    monkeypatch.setenv("COCULTURE_DATA", str(data))
    assert read_recipe(recipe).images == recipe.parent / "images"  # neither exists: name the first
    (data / "images").mkdir(parents=True)
    assert read_recipe(recipe).images == data / "images"
    (recipe.parent / "images").mkdir()
    assert read_recipe(recipe).images == recipe.parent / "images"
    assert read_recipe(recipe, images=tmp_path).images == tmp_path


def test_a_template_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "screen.toml"
    write_new(path)
    assert read_recipe(path).settings.screen.name == "my screen"
    with pytest.raises(FileError, match="there is such a file already"):
        write_new(path)
    with pytest.raises(FileError, match="cannot be written"):
        write_new(tmp_path / "none" / "screen.toml")
    known = "images, time-series, wells, combination, mixture, demo, design"
    with pytest.raises(InputError, match=rf"no template 'plates'(.|\n)*{known}"):
        write_new(path, "plates")


def keys_without_meaning(section: type[BaseModel], name: str) -> list[str]:
    found = []
    for key, field in section.model_fields.items():
        inner = list(models_of(field.annotation))
        for model in inner:
            found += keys_without_meaning(model, f"{name}.{key}")
        if not inner and not field.description:
            found.append(f"{name}.{key}")
    return found


def test_every_key_says_what_it_means() -> None:
    assert keys_without_meaning(Recipe, "recipe") == []
