"""``coculture power`` from the command line: what it says, what it writes, and how it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from tests.report.left_in_english import left_in_english

from coculture.cli.power import command
from coculture.errors import FileError, InputError
from coculture.report.power.page import write_power_page
from coculture.store.tables import write_table

RECIPE = """
[screen]
name = "measured & <kept>"
[source]
kind = "wells"
table = "wells.csv"
columns = { well = "well" }
[plate]
layout = 96
[[readout]]
name = "level"
column = "level"
label = "level of the marker"
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """A recipe beside the results of twelve negative controls and six treatments."""
    random = np.random.default_rng(2)
    roles = ["negative"] * 12 + ["treatment"] * 12
    treatment = [""] * 12 + [f"c{number // 2} 1 uM" for number in range(12)]
    places = [f"{row}{column:02d}" for row in "AB" for column in range(1, 13)]
    wells = pd.DataFrame({"plate": "P1", "well": places, "role": roles, "treatment": treatment, "condition": ""})
    (tmp_path / "results").mkdir()
    write_table(wells.assign(level=random.normal(10, 1, 24), n_cells=100), tmp_path / "results" / "wells.parquet")
    (tmp_path / "screen.toml").write_text(RECIPE)
    return tmp_path / "screen.toml"


def run(recipe: Path, *words: str):
    asked = [str(recipe), "--effect", "level -6", "--replicates", "2,4", "--screens", "10", "--workers", "1", *words]
    return CliRunner().invoke(command, asked, catch_exceptions=False)


def test_the_summary_tells_power_false_calls_and_what_was_drawn(recipe):
    said = run(recipe).output
    assert "Screen:  6 treatments of 2 wells, 12 negative controls" in said
    assert "Effect:  level -6; sizes are shares of the effect" in said
    assert "Drawn:   10 screens of each kind from 12 wells" in said
    assert "level (primary)" in said
    line = r"size 1: power \d+% \(\d+% to \d+%\) with 2 wells; (≥ 80% from [24] wells on|80% not reached with 4 wells)"
    assert re.search(line, said)
    assert "without any effect: a call in" in said
    assert said.rstrip().endswith("power.html")


def test_the_page_needs_nothing_beside_itself_and_escapes_names(recipe):
    assert run(recipe, "-q").output == ""
    page = (recipe.parent / "power" / "power.html").read_text(encoding="utf-8")
    assert "measured &amp; &lt;kept&gt;" in page
    assert "level of the marker" in page
    assert page.count("<svg") == 1  # one density: nothing to draw against cells a well
    assert "http" not in page.replace("http-equiv", "")
    again = write_power_page(recipe.parent / "power").read_text(encoding="utf-8")
    assert again == page


def test_the_page_speaks_the_language_of_the_recipe(recipe):
    recipe.write_text(RECIPE + '[report]\nlanguage = "zh-Hant"\n')
    assert run(recipe, "-q").output == ""
    page = (recipe.parent / "power" / "power.html").read_text(encoding="utf-8")
    assert '<html lang="zh-Hant">' in page
    names = ("measured & <kept>", "level of the marker", "moderated-t", str(recipe.parent / "results"), "level")
    assert left_in_english(page, names) == {}


def test_the_tables_lie_where_they_are_asked_for(recipe, tmp_path):
    run(recipe, "-q", "-o", str(tmp_path / "elsewhere"))
    names = {path.name for path in (tmp_path / "elsewhere").iterdir()}
    assert {"power.html", "power.json", "pilot_wells.parquet"} <= names
    assert {f"{name}.{kind}" for name in ("power", "level", "densities") for kind in ("csv", "parquet")} <= names


@pytest.mark.parametrize(("word", "said"), [("2,many", "'2,many' is no list of whole numbers"), ("2.5", "'2.5' is no list")])
def test_lists_that_are_none_are_refused(recipe, word, said):
    found = CliRunner().invoke(command, [str(recipe), "--replicates", word])
    assert found.exit_code == 2
    assert said in found.output


def test_numbers_that_make_no_sense_are_refused_before_anything_is_drawn(recipe):
    with pytest.raises(InputError, match="1 replicates"):
        run(recipe, "--replicates", "1")


def test_there_is_no_page_without_a_calculation(tmp_path):
    with pytest.raises(FileError, match="there is no power calculation"):
        write_power_page(tmp_path)
