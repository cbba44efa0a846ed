"""A culture's file that takes its rules over from the grammar's CSV."""

from __future__ import annotations

from pathlib import Path

import pytest

from coculture.cells.files.reading import files_read, read_model
from coculture.errors import FileError, InputError

CULTURE = """
include = ["tumour", "t_cell"]
[solutes.oxygen]
[[rule]]
cell_type = "tumour"
signal = "pressure"
direction = "decreases"
behaviour = "migration_speed_um_per_min"
saturation = 0.0
half_max = 1.0
hill_power = 4.0
[rules]
grammar_csv = "rules/old.csv"
"""
TWO = "tumour,oxygen,increases,apoptosis,0.002,5,4,0\ntumour,damage,increases,apoptosis,0.07,180,2,0\n"


def written(folder: Path, rules: str, more: str = "", culture: str = CULTURE) -> Path:
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "old.csv").write_text(rules, encoding="utf-8")
    file = folder / "culture.toml"
    file.write_text(culture + more, encoding="utf-8")
    return file


def test_rules_of_the_csv_stand_beside_those_of_the_file(tmp_path: Path) -> None:
    model = read_model(written(tmp_path, TWO))
    assert [(rule.signal, rule.behaviour, rule.saturation) for rule in model.rules] == [
        ("pressure", "migration_speed_um_per_min", 0.0),
        ("concentration_oxygen_um", "apoptosis_per_min", 0.07),
        ("damage", "apoptosis_per_min", 0.07),
    ]


def test_saturations_that_disagree_and_units_taken_for_granted_are_warned_of(tmp_path: Path) -> None:
    notes = read_model(written(tmp_path, TWO)).notes
    assert "old.csv, lines 1, 2: rules by which signals increase apoptosis_per_min in tumour have different" in notes[0]
    assert "half-maxima were taken in µM and µm for concentration_oxygen_um" in notes[1]
    assert not read_model(written(tmp_path, "tumour,damage,increases,apoptosis,0.07,180,2,0")).notes


def test_each_rule_may_keep_its_own_saturation_and_units_may_be_said(tmp_path: Path) -> None:
    model = read_model(written(tmp_path, TWO, "own_saturations = true\num_per_unit = {oxygen = 1.3}\n"))
    assert [rule.saturation for rule in model.rules[1:]] == [0.002, 0.07]
    assert model.rules[1].half_max == pytest.approx(6.5)
    assert not model.notes


def test_a_file_that_is_not_there_is_named_with_where_paths_start(tmp_path: Path) -> None:
    file = written(tmp_path, TWO)
    (tmp_path / "rules" / "old.csv").unlink()
    with pytest.raises(FileError, match=r"rules.old\.csv: there is no such rules file\n.*culture.toml names it; paths start at"):
        read_model(file)


@pytest.mark.parametrize(
    ("rules", "more", "says"),
    [
        (
            "\ntumour,oxygn,increases,apoptosis,1,1,4,0",
            "",
            "old.csv, line 2, column 2 (signal): unknown signal 'oxygn'\n  → did you mean 'oxygen'?",
        ),
        ("tumour,oxygen,increases,apoptosis,1,1,0,0", "", "old.csv, line 1, column 7 (hill power): the Hill power is 0"),
        (TWO, "um_per_unit = {oxigen = 1.3}\n", "rules.um_per_unit.oxigen: unknown solute 'oxigen'\n  → did you mean 'oxygen'?"),
        (TWO, "um_per_unit = {oxygen = 0.0}\n", "rules.um_per_unit.oxygen"),
        (TWO, "own_saturation = true\n", "did you mean 'own_saturations'?"),
        (
            "tumour,pressure,decreases,migration speed,0,2,4,0",
            "",
            "rules.grammar_csv: 'pressure' decreases 'migration_speed_um_per_min' in 'tumour' is a rule of",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, rules: str, more: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read_model(written(tmp_path, rules, more))
    assert says in str(caught.value)


def test_the_section_needs_its_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"rules\.grammar_csv"):
        read_model(written(tmp_path, TWO, culture='include = ["tumour"]\n[rules]\nown_saturations = true\n'))


def test_every_file_a_culture_is_read_from_is_known(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('name = "mine"\n')
    culture = CULTURE.replace('"t_cell"]', '"mine.toml"]') + '[[cell_type]]\nname = "b"\nlike = "mine.toml"\n'
    file = written(tmp_path, TWO, culture=culture)
    assert files_read(file) == (file, tmp_path / "mine.toml", tmp_path / "rules" / "old.csv")
    assert files_read(tmp_path / "mine.toml") == (tmp_path / "mine.toml",)
