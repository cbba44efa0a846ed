"""Only some rows of a table of wells are analysed."""

from __future__ import annotations

from pathlib import Path

import pytest

from coculture.errors import InputError
from coculture.run.loaded_wells import load_wells

RECIPE = """
[screen]
name = "few"
[source]
kind = "wells"
table = "wells.csv"
[source.columns]
well = "well"
compound = "drug"
role = "drug"
dose = "dose"
donor = "patient"
condition = "arm"
[source.keep]
{keep}
[plate]
layout = 96
[plate.roles]
DMSO = "negative"
"*" = "treatment"
[plate.defaults]
dose_unit = "uM"
[[readout]]
name = "living"
column = "count"
{more}
"""
TABLE = """well,drug,dose,patient,arm,count
A01,DMSO,0,CLL_1,mono,100
A02,DMSO,0,CLL_1,co,90
A03,x,1,CLL_2,mono,50
A04,x,1,AML_1,co,40
A05,y,2,AML_1,co,30
"""
CONTRAST = '[analysis.contrast]\nreference = "mono"\n'


def load(folder: Path, keep: str, more: str = "") -> list[str]:
    """Return the wells that are analysed."""
    (folder / "wells.csv").write_text(TABLE)
    (folder / "screen.toml").write_text(RECIPE.format(keep=keep, more=more))
    loaded = load_wells(folder / "wells.csv", folder / "screen.toml")
    assert loaded.plate_map.wells["well"].tolist() == loaded.wells["well"].tolist()
    return loaded.wells["well"].tolist()


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        ("", ["A01", "A02", "A03", "A04", "A05"]),
        ('patient = "CLL_*"', ["A01", "A02", "A03"]),
        ('patient = "CLL_*"\narm = "mono"', ["A01", "A03"]),
        ('drug = ["DMSO", "y"]', ["A01", "A02", "A05"]),
    ],
)
def test_rows_that_have_what_is_asked_for_are_kept(tmp_path: Path, keep: str, left: list[str]) -> None:
    assert load(tmp_path, keep) == left


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, 'patients = "CLL_*"\ndrug = ["DMSO", "z*"]')
    text = str(caught.value)
    assert "there is no column 'patients' (asked for in source.keep)" in text
    assert "did you mean 'patient'" in text
    assert "no row has 'z*' in column 'drug' (source.keep)" in text
    assert "it holds: DMSO, x, y" in text


def test_toxic_doses_that_nobody_got_are_found_before_the_run(tmp_path: Path) -> None:
    toxic = CONTRAST + 'tested = "co"\n[analysis.contrast.toxic_doses]\nx = [1, 3]\nz = [1]\n'
    (tmp_path / "wells.csv").write_text(TABLE)
    (tmp_path / "screen.toml").write_text(RECIPE.format(keep="", more=toxic))
    found = load_wells(tmp_path / "wells.csv", tmp_path / "screen.toml").findings(tmp_path / "results")
    texts = [f"{finding.problem.what} {finding.problem.remedy}" for finding in found]
    assert any("no well got 'x' at dose 3" in text and "its doses are: 1" in text for text in texts)
    assert any("no well got 'z'" in text for text in texts)


def test_several_conditions_or_all_others_can_be_tested(tmp_path: Path) -> None:
    for tested in ('["co"]', '"*"'):
        (tmp_path / "wells.csv").write_text(TABLE)
        (tmp_path / "screen.toml").write_text(RECIPE.format(keep="", more=f"{CONTRAST}tested = {tested}\n"))
        found = load_wells(tmp_path / "wells.csv", tmp_path / "screen.toml").findings(tmp_path / "results")
        assert not any("there is no condition" in finding.problem.what for finding in found)
