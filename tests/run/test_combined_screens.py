"""Combinations and mixtures from a recipe to results and report, from tables of wells; and what the check says of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.errors import FileError, InputError
from coculture.plate.design import generate_design
from coculture.plate.design_file import read_design
from coculture.plate.plate_map import write_plate_map
from coculture.report.pages import write_report
from coculture.run.check.whole import check_recipe
from coculture.run.composition_file import read_composition
from coculture.run.formula_parts import formula_parts
from coculture.run.pipeline import analyse_wells
from coculture.run.recipe.reading import parse_recipe, read_recipe
from coculture.screen.synergy.settings import SynergySettings
from coculture.screen.synergy.table import synergy_table
from coculture.store.tables import read_table

RECIPE = """
[screen]
name = "combined"
seed = 4
[source]
kind = "wells"
table = "wells.csv"
[source.columns]
plate = "plate"
well = "well"
role = "role"
treatment = "treatment"
[plate]
layout = 96
[[readout]]
name = "viability"
column = "viability"
direction = "down"
[dose_response]
model = "none"
"""

DESIGN = """
layout = 96
replicates = 4
negatives = 10
[[mixture]]
kind = "knock-out-and-in"
formula = "黄连解毒汤"
dose = 0.3
unit = "mg/mL"
"""


def write_screen(folder: Path, wells: pd.DataFrame, more: str) -> Path:
    """Write wells and recipe, and return the recipe's path."""
    wells.to_csv(folder / "wells.csv", index=False)
    (folder / "screen.toml").write_text(RECIPE + more, encoding="utf-8")
    return folder / "screen.toml"


def formula_wells(folder: Path) -> pd.DataFrame:
    """Lay the design out and let Huanglian halve the cells."""
    (folder / "design.toml").write_text(DESIGN, encoding="utf-8")
    spec, seed = read_design(folder / "design.toml", formula_parts)
    write_plate_map(generate_design(spec, seed), folder / "map.csv")
    wells = pd.read_csv(folder / "map.csv", keep_default_na=False)
    draws = np.random.default_rng(1)
    left = np.where(wells["treatment"].str.contains("Huanglian"), 50.0, 100.0)
    return wells[["plate", "well", "role", "treatment"]].assign(viability=left + draws.normal(0, 3, len(wells)))


def blocks(folder: Path, chosen: tuple[int, ...]) -> pd.DataFrame:
    """Return real 6×6 matrices as wells, a plate each."""
    table = pd.read_csv(folder / "synergy_matrices" / "mathews_griner.csv.gz")
    table = table[table["BlockId"].isin(chosen)]
    rows = []
    for row in table.itertuples():
        parts = [f"{name} {dose:g} nM" for name, dose in ((row.RowName, row.RowConcs), ("Ibrutinib", row.ColConcs)) if dose > 0]
        well = f"{'ABCDEF'[row.Row - 1]}{row.Col:02d}"
        role = "treatment" if parts else "negative"
        rows.append((f"B{row.BlockId:03d}", well, role, " + ".join(parts), row.viability))
    return pd.DataFrame(rows, columns=["plate", "well", "role", "treatment", "viability"])


def test_real_matrices_through_the_program_have_the_scores_of_the_library(tmp_path: Path, shared_data: Path) -> None:
    chosen = (1, 3, 5, 7, 9, 11)
    wells = blocks(shared_data, chosen)
    asked = '[combination]\nresponse = "viability"\nconvention = "synergyfinder"\nby_plate = true\nbootstraps = 0\n'
    outcome = analyse_wells(None, write_screen(tmp_path, wells, asked), tmp_path / "results")
    found = read_table(tmp_path / "results" / "combinations.parquet").set_index(["group", "model"])["score"]
    settings = SynergySettings(bootstraps=0, convention="synergyfinder", group_by=("condition", "plate"))
    direct = synergy_table(wells, settings).scores.set_index(["group", "model"])["score"]
    pd.testing.assert_series_equal(found.sort_index(), direct.sort_index(), rtol=1e-9)
    stored = pd.read_csv(shared_data / "synergy_matrices" / "reference_scores.csv").set_index("BlockId")
    for block in chosen:
        if block in stored.index:
            assert found[f"B{block:03d}", "ZIP"] == pytest.approx(stored.loc[block, "ZIP_synergy"], abs=0.1)
    assert len(read_table(tmp_path / "results" / "surfaces.parquet")) == len(chosen) * 4 * 25
    assert len(outcome.result.combinations) == len(chosen) * 4
    page = write_report(tmp_path / "results").read_text(encoding="utf-8")
    assert 'id="combinations"' in page
    assert page.count("synergy-surface") >= 6
    assert "Ibrutinib, nM" in page
    assert "Yadav" in page


def test_a_formula_is_taken_apart_from_design_to_report(tmp_path: Path) -> None:
    path = write_screen(tmp_path, formula_wells(tmp_path), '[mixture]\nscale = "log"\n')
    findings = check_recipe(path, tmp_path / "results").findings
    assert not any("mixture" in finding.problem.where for finding in findings)
    analyse_wells(None, path, tmp_path / "results")
    table = read_table(tmp_path / "results" / "mixture_effects.parquet").set_index(["kind", "ingredient"])
    assert table.loc["left out"]["called"].to_dict() == {"Huanglian": True, "Huangqin": False, "Huangbai": False, "Zhizi": False}
    assert table.loc[("alone", "Huanglian"), "reading"] == "needed and sufficient"
    page = write_report(tmp_path / "results").read_text(encoding="utf-8")
    assert "君 sovereign" in page
    assert "黄连" in page
    assert "needed and sufficient" in page
    path.write_text(RECIPE, encoding="utf-8")
    analyse_wells(None, path, tmp_path / "results")
    assert not (tmp_path / "results" / "mixture_effects.parquet").exists()


def test_real_fractions_through_the_program_name_the_fraction_that_drives(tmp_path: Path, shared_data: Path) -> None:
    """Nothias et al. 2018 (J Nat Prod 81:758): 14 samples, 587 features, activity against chikungunya virus."""
    table = pd.read_csv(
        shared_data / "euphorbia_fractions" / "features_quantification_matrix_edited_bioactivity_MZmine2.csv", dtype=str
    )
    samples = list(table.columns[3:])
    table.iloc[1:].to_csv(tmp_path / "peaks.csv", index=False)
    names = [name.removesuffix(".mzXML Peak area") for name in samples]
    rows = [("P1", f"A{place:02d}", "negative", "", 0.0) for place in range(1, 5)]
    rows += [
        ("P1", f"{'BC'[place // 12]}{place % 12 + 1:02d}", "treatment", f"{name} 50 ug/mL", float(table.loc[0, sample]))
        for place, (name, sample) in enumerate(zip(names, samples, strict=True))
    ]
    wells = pd.DataFrame(rows, columns=["plate", "well", "role", "treatment", "viability"])
    more = """
[analysis]
normalise = "as-given"
[mixture]
design = "none"
direction = "up"
methods = ["correlation", "grey-relation"]
bootstraps = 20
[mixture.composition]
table = "peaks.csv"
rows = "features"
name = "row ID"
ignore = ["row m/z", "row retention time"]
strip = ".mzXML Peak area"
per_total = true
"""
    analyse_wells(None, write_screen(tmp_path, wells, more), tmp_path / "results")
    ranked = read_table(tmp_path / "results" / "ingredients.parquet")
    assert len(ranked) == 587
    assert set(ranked["driver"]) == {"F_13"}
    stored = pd.read_csv(shared_data / "euphorbia_fractions" / "reference_R_correlation.csv")["cor"]
    order = ranked.assign(number=ranked["feature"].astype(int)).sort_values("number")["correlation"].to_numpy()
    assert np.abs(order - stored.to_numpy()).max() < 1e-6
    page = write_report(tmp_path / "results").read_text(encoding="utf-8")
    assert "Fraction F_13 drives the result" in page
    assert "One fraction drives the ranking of features" in page


def test_the_check_warns_of_what_is_missing_and_does_not_fail(tmp_path: Path) -> None:
    wells = formula_wells(tmp_path)
    said = told(tmp_path, wells[~wells["treatment"].str.contains(r"\+")], "[combination]\n[mixture]\n")
    assert "no well holds two or three compounds" in said["warning"]
    assert "no two ingredients share a well" in said["warning"]
    rows = [("P1", f"A{place:02d}", "negative", "", 100.0) for place in range(1, 5)]
    rows += [("P1", "B01", "treatment", "a 1 uM + b 2 uM", 50.0), ("P1", "B02", "treatment", "a 1 uM", 80.0)]
    pair = pd.DataFrame(rows, columns=["plate", "well", "role", "treatment", "viability"])
    said = told(tmp_path, pair, '[combination]\nresponse = "normalised-percent-effect"\n')
    assert "single agents are missing: b at 1 dose" in said["warning"]
    assert "inhibition as percent effect needs positive controls, and there are none" in said["warning"]
    assert not said["error"]
    said = told(tmp_path, pair, '[combination]\nreadout = "other"\n[mixture]\nreadouts = ["third"]\n')
    assert said["error"] == ["there is no readout 'other'", "there is no readout 'third'"]
    (tmp_path / "peaks.csv").write_text("fraction,x,y\na,1,2\nz,3,4\n")
    said = told(tmp_path, pair, '[mixture]\ndesign = "none"\n[mixture.composition]\ntable = "peaks.csv"\n')
    assert "1 of the table's 2 fractions were tested; a ranking needs 4" in said["warning"]
    said = told(tmp_path, pair, '[mixture]\n[mixture.composition]\ntable = "lost.csv"\n')
    assert said["error"] == ["the composition table does not exist"]


def told(folder: Path, wells: pd.DataFrame, more: str) -> dict[str, list[str]]:
    """Return what the check says, by grade."""
    findings = check_recipe(write_screen(folder, wells, more), folder / "results").findings
    return {grade: [one.problem.what for one in findings if one.grade == grade] for grade in ("warning", "error")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fraction;\n", "the table holds no contents"),
        ("fraction,x\n", "the table holds no contents"),
        ("fraction,x\na,1\na,2\n", "the fraction 'a' is there twice"),
        ("fraction,x,y\na,1,none\nb,2,3\n", "1 cells hold no number, first 'none' of 'a'"),
    ],
)
def test_a_table_of_contents_with_faults(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "peaks.csv").write_text(text)
    (tmp_path / "screen.toml").write_text(RECIPE + '[mixture]\n[mixture.composition]\ntable = "peaks.csv"\n')
    with pytest.raises(InputError, match=said):
        read_composition(read_recipe(tmp_path / "screen.toml"))


def test_a_table_of_contents_that_is_not_as_told(tmp_path: Path) -> None:
    (tmp_path / "peaks.csv").write_text("fraction,x\na,1\n")
    (tmp_path / "screen.toml").write_text(RECIPE + '[mixture]\n[mixture.composition]\ntable = "peaks.csv"\nname = "fractions"\n')
    with pytest.raises(InputError, match="there is no column 'fractions'") as error:
        read_composition(read_recipe(tmp_path / "screen.toml"))
    assert "did you mean 'fraction'" in error.value.problems[0].remedy
    (tmp_path / "peaks.csv").unlink()
    with pytest.raises(FileError, match="the composition table does not exist"):
        read_composition(read_recipe(tmp_path / "screen.toml"))


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("[combination]\nbootstraps = 5\n", "5 repetitions tell no interval"),
        ('[combination]\nmodels = ["zip", "zip"]\n', "a model is named twice"),
        ('[combination]\nmodels = ["musyc"]\n', "MuSyC gives no score to rank by"),
        ('[mixture]\nformula = "a"\ningredients = ["b"]\n', "the ingredients are given twice"),
        ("[mixture]\n[mixture.composition]\n", "say what fractions hold once"),
    ],
)
def test_sections_that_make_no_sense(section: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        parse_recipe(RECIPE + section)
    assert said in str(error.value)


def test_a_formula_is_dosed_by_mass() -> None:
    from coculture.plate.treatment import Part

    parts = formula_parts(Part("huanglian jiedu tang", 300.0, "ug/mL"))
    assert [(part.compound, part.dose) for part in parts] == [
        ("Huanglian", 90.0),
        ("Huangqin", 60.0),
        ("Huangbai", 60.0),
        ("Zhizi", 90.0),
    ]
    with pytest.raises(InputError, match="is dosed in 'uM'"):
        formula_parts(Part("huanglian jiedu tang", 1.0, "uM"))
    with pytest.raises(InputError, match="is no formula but a herb"):
        formula_parts(Part("huanglian", 1.0, "ug/mL"))
