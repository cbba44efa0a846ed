"""A recipe that keeps the medium: a file a well, in run.json, and the same bytes after a well is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from virtual_recipe import RECIPE, ROWS, map_text, write_virtual

from coculture.errors import InputError
from coculture.run.pipeline import run_screen
from coculture.run.recipe.reading import parse_recipe
from coculture.store.checksums import hash_file
from coculture.store.medium import medium_path, read_medium

KEPT = RECIPE + "[store]\nmedium = true\n"


def test_the_medium_is_kept_hashed_and_made_again(tmp_path: Path) -> None:
    recipe = write_virtual(tmp_path, KEPT.replace("hours = 2", "hours = 1"), plate_map=map_text((*ROWS[:5], ROWS[7])))
    results = run_screen(recipe, workers=1).results
    path = medium_path(results, "virtual", "A01")
    assert read_medium(path).solutes == ("ligand",)
    outputs = json.loads((results / "run.json").read_text())["outputs"]
    assert outputs["medium/plate=virtual/well=A01.npz"] == hash_file(path)
    before = path.read_bytes()
    path.unlink()
    run_screen(recipe, workers=1)
    assert path.read_bytes() == before


def test_wells_that_are_not_virtual_have_no_medium() -> None:
    wells = '[screen]\nname = "a"\n[source]\nkind = "wells"\ntable = "t.csv"\ncolumns = { well = "well" }\n'
    readout = '[[readout]]\nname = "b"\ncolumn = "b"\n[store]\nmedium = true\n'
    with pytest.raises(InputError, match="these wells are none; leave it out"):
        parse_recipe(wells + readout, "screen.toml")
