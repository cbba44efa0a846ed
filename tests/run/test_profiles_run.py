"""[profiles] from the recipe to the results folder, for a table of wells and for cells on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.errors import CocultureError
from coculture.report.pages import write_report
from coculture.run.pipeline import analyse_wells
from coculture.run.profiles import write_profiles
from coculture.run.recipe.reading import parse_recipe
from coculture.run.recipe.recipe import Recipe
from coculture.store.tables import read_table, table_path, write_table

RECIPE = """
[screen]
name = "profiles"
[source]
kind = "wells"
table = "wells.csv"
columns = { plate = "plate", well = "well", role = "role", compound = "compound", dose = "dose", batch = "week" }
[plate]
layout = 24
defaults = { dose_unit = "uM" }
[[readout]]
name = "area"
column = "Cells_Area"
[dose_response]
model = "none"
[profiles]
features = ["Cells_*"]
steps = ["drop-missing", "blocklist", "centre", "standardize"]
draws = 199
"""
BY_TABLE = 'mechanism = "target"\n'
BY_RECIPE = '[profiles.mechanisms]\nfirst = ["a", "b"]\nsecond = ["c", "d"]\n'


def _table(folder: Path) -> pd.DataFrame:
    draws = np.random.default_rng(0)
    rows = []
    for plate in range(3):
        for place in range(24):
            name = "abcd"[place % 4] if place >= 12 else ""
            rows.append((f"p{plate}", f"{'ABCD'[place // 6]}{place % 6 + 1:02d}", name, f"week{plate}"))
    wells = pd.DataFrame(rows, columns=["plate", "well", "compound", "week"])
    wells["role"] = np.where(wells["compound"] == "", "negative", "treatment")
    wells["dose"] = (wells["role"] == "treatment").astype(float)
    wells["target"] = wells["compound"].map({"a": "first", "b": "first", "c": "second", "d": "second"})
    for number, name in enumerate(["Cells_Area", "Cells_Texture", "Cells_Shape", "Cells_Location_Center_X", "Nuclei_Area"]):
        shift = np.where(wells["target"] == ("first" if number == 0 else "second"), 12.0, 0.0) * (number < 2)
        wells[name] = 50 + shift + draws.normal(0, 1, len(wells))
    wells.to_csv(folder / "wells.csv", index=False)
    return wells


def _recipe(folder: Path, text: str) -> Path:
    _table(folder)
    path = folder / "screen.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("known", [BY_TABLE, BY_RECIPE])
def test_a_table_of_wells(tmp_path: Path, known: str) -> None:
    results = analyse_wells(None, _recipe(tmp_path, RECIPE + known), tmp_path / "results").results
    profiles = read_table(results / "profiles.parquet")
    assert [name for name in profiles if name.startswith(("Cells", "Nuclei"))] == ["Cells_Area", "Cells_Texture", "Cells_Shape"]
    matches = read_table(results / "mechanism_matches.parquet")
    assert matches.loc[matches["rule"] == "not same compound", "correct"].all()
    activity = read_table(results / "profile_activity.parquet")
    assert activity["question"].value_counts().to_dict() == {"activity": 4, "consistency": 2}
    page = write_report(results).read_text(encoding="utf-8")
    assert 'id="profiles"' in page
    assert "has the right mechanism for 100% of 4 treatments" in (results / "run.json").read_text(encoding="utf-8")


def test_no_feature_and_no_header(tmp_path: Path) -> None:
    with pytest.raises(CocultureError, match=r"profiles.features\[1\]: no feature fits 'Spots_\*'"):
        analyse_wells(None, _recipe(tmp_path, RECIPE.replace("Cells_*", "Spots_*")), tmp_path / "results")
    with pytest.raises(CocultureError, match=r"there is no column 'moa' \(asked for as profiles.mechanism\)"):
        analyse_wells(None, _recipe(tmp_path, RECIPE + 'mechanism = "moa"\n'), tmp_path / "results")


def _virtual() -> Recipe:
    text = RECIPE[: RECIPE.index("[source]")] + '[source]\nkind = "virtual"\nculture = "c.toml"\nhours = 1\n'
    text += '[source.well]\nwidth_um = 300\nheight_um = 300\n[[source.seeding]]\ncell_type = "a"\ncells = 5\n'
    text += '[plate]\nlayout = 24\nmap = "m.csv"\n[[readout]]\nname = "area"\ncolumn = "n_cells"\n'
    text += '[profiles]\nfeatures = ["cell_*"]\naggregation = ["median", "mad"]\nsteps = ["centre"]\ndraws = 99\n'
    return parse_recipe(text)


def test_cells_on_disk_at_their_last_time_point(tmp_path: Path) -> None:
    wells = _table(tmp_path).assign(dose_unit="uM")
    draws = np.random.default_rng(1)
    for plate, well, role in zip(wells["plate"], wells["well"], wells["role"], strict=True):
        cells = pd.DataFrame({"t_min": np.repeat([0.0, 60.0], 20), "alive": np.tile([True] * 19 + [False], 2)})
        level = np.where(cells["t_min"] == 0, 1000.0, 5.0 if role == "treatment" else 1.0)
        cells["cell_size"] = np.where(cells["alive"], level, -1e6) + draws.normal(0, 0.1, 40)
        write_table(cells, table_path(tmp_path, "cells", plate, well))
    given = wells[["plate", "well", "role", "compound", "dose", "dose_unit"]]
    write_profiles(tmp_path, given, _virtual())
    profiles = read_table(tmp_path / "profiles.parquet")
    treated = profiles.loc[profiles["role"] == "treatment", "cell_size_median"]
    assert treated.to_numpy() == pytest.approx(4.0, abs=0.3)
    assert "cell_size_mad" in profiles
    without = _virtual().model_copy(update={"profiles": None})
    assert write_profiles(tmp_path, given, without) == ()
    assert not (tmp_path / "profiles.parquet").exists()
