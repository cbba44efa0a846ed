"""The assays that come ready to run, cut down: a gap, carriers against free drug, a formula taken apart."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from coculture.report.pages import write_report
from coculture.run.pipeline import run_screen
from coculture.store.tables import read_wells

ASSAYS = Path(__file__).parents[2] / "examples" / "assays"


def cut_down(name: str, work: Path, wells: int, leave_out: str = "^$", **changed: object) -> Path:
    """Copy an assay with keys of its recipe changed and the first wells of some treatments alone; return the recipe."""
    folder = work / name
    shutil.copytree(ASSAYS / name, folder, ignore=shutil.ignore_patterns("results"))
    text = (folder / "screen.toml").read_text(encoding="utf-8")
    for key, value in changed.items():
        text, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", text)
        assert found, key
    (folder / "screen.toml").write_text(text, encoding="utf-8")
    table = pd.read_csv(folder / "plate_map.csv", keep_default_na=False)
    told = table["treatment"] if "treatment" in table else table["compound"] + " " + table["dose"].astype(str)
    table = table[~told.str.contains(leave_out)]
    table.groupby([told, "role"], sort=False).head(wells).to_csv(folder / "plate_map.csv", index=False)
    return folder / "screen.toml"


def means(results: Path, by: list[str], column: str) -> pd.Series:
    return pd.read_parquet(results / "wells.parquet").groupby(by)[column].mean()


def test_a_gap_closes_slower_where_cells_do_not_walk(tmp_path: Path) -> None:
    recipe = cut_down("gap_closure", tmp_path, 2, "mitomycin|staurosporine|sin 2|sin 10|286 5", hours=8)
    outcome = run_screen(recipe, tmp_path / "out", workers=1)
    assert not outcome.failed
    speed = means(tmp_path / "out", ["compound", "dose"], "well_gap_closing_um_per_min")
    assert speed["blebbistatin", 50] < 0.6 * speed["DMSO", 0]
    closed = means(tmp_path / "out", ["compound", "dose"], "well_gap_closed_percent")
    assert closed["DMSO", 0] > 5
    walked = means(tmp_path / "out", ["compound", "dose"], "well_motion_speed_um_per_min_tumour")
    assert walked["GSK429286", 25] < 0.6 * walked["DMSO", 0]
    fibroblasts = means(tmp_path / "out", ["compound", "dose"], "well_motion_speed_um_per_min_fibroblast")
    assert fibroblasts["GSK429286", 25] > 0.7 * fibroblasts["DMSO", 0]


def test_a_gap_needs_read_outs_and_a_region(tmp_path: Path) -> None:
    recipe = cut_down("gap_closure", tmp_path, 1, region='"attic"')
    with pytest.raises(Exception, match="there is no region 'attic'"):
        run_screen(recipe, tmp_path / "out")
    text = (ASSAYS / "gap_closure" / "screen.toml").read_text(encoding="utf-8").replace("read_out_every_min = 120\n", "")
    recipe.write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match="a gap's closing needs several read-outs"):
        run_screen(recipe, tmp_path / "out")


def test_carriers_bring_drug_into_cells_that_free_drug_does_not(tmp_path: Path) -> None:
    recipe = cut_down("nano_carrier", tmp_path, 2, r" 0\.[13]|(?:some|le|cin) 3|doxorubicin 10", hours=9)
    assert not run_screen(recipe, tmp_path / "out", workers=1).failed
    wells = pd.read_parquet(tmp_path / "out" / "wells.parquet")[["plate", "well", "compound", "dose"]]
    doses = read_wells(tmp_path / "out", "doses").merge(wells, on=["plate", "well"])
    end = doses[(doses["t_min"] == 540) & (doses["dose"] == 1)].groupby("compound").mean(numeric_only=True)
    assert end["administered_fmol"].to_numpy() == pytest.approx([360.0] * 3)
    assert end.loc["doxorubicin", "released_fmol"] == pytest.approx(360)
    released = end["released_fmol"]
    assert released["doxorubicin liposome"] < 0.2 * released["PLGA particle"] < 0.2 * released["doxorubicin"]
    inside = end["intracellular_fmol"]
    assert inside["doxorubicin liposome"] > 3 * inside["doxorubicin"]
    assert end.loc["PLGA particle", "cell_free_um"] > end.loc["PLGA particle", "medium_free_um"]
    page = write_report(tmp_path / "out").read_text(encoding="utf-8")
    assert 'id="doses"' in page
    assert "PLGA particle" in page


def test_the_herb_that_carries_the_formula_is_named(tmp_path: Path) -> None:
    recipe = cut_down("herbal_formula", tmp_path, 4, r"^Huanglian.*\+ Zhizi|nivolumab", hours=9)
    assert not run_screen(recipe, tmp_path / "out", workers=1).failed
    effects = pd.read_parquet(tmp_path / "out" / "mixture_effects.parquet")
    killed = effects[(effects["readout"] == "killed") & (effects["kind"] == "alone")].set_index("ingredient")
    assert killed["effect"].idxmax() == "Huanglian"
    assert killed.loc["Huanglian", "formula_role"] == "君"
    assert set(killed.index) == {"Huanglian", "Huangqin", "Huangbai", "Zhizi"}
    assert killed.loc["Huanglian", "effect_low"] > 0
