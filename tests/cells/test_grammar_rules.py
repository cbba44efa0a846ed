"""Reading the published grammar's CSV: names, meaning, what it warns of and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases.cultures import LIVE, cell_type, model

from coculture.cells.files.rules_csv import COLUMNS, parse_grammar_rules, read_grammar_rules
from coculture.cells.model import CellModel
from coculture.errors import FileError, InputError

KIND = model(
    cell_type("tumour", LIVE),
    cell_type("M0_macrophage", migration_speed_um_per_min=1.0),
    cell_type("CD8_T_cell", migration_speed_um_per_min=1.0),
    solutes=("oxygen", "IFN_gamma", "debris"),
)


def read(text: str, kind: CellModel = KIND, **how: object) -> tuple[list[tuple[str, str, str, str, float]], tuple[str, ...]]:
    found = parse_grammar_rules(text, "rules.csv", kind, **how)  # type: ignore[arg-type]
    short = [(one.cell_type, one.signal, one.direction, one.behaviour, one.saturation) for one in found.rules]
    return short, found.notes


@pytest.mark.parametrize(
    ("line", "signal", "behaviour"),
    [
        ("tumour,oxygen,increases,cycle entry,7e-4,21.5,4,0", "concentration_oxygen_um", "exit_phase_0_per_min"),
        ("tumour,oxygen,increases,exit from cycle phase 0,7e-4,21.5,4,0", "concentration_oxygen_um", "exit_phase_0_per_min"),
        (
            "Tumour,IFN-gamma gradient,increases,migration speed,2,1,4,0",
            "gradient_IFN_gamma_um_per_um",
            "migration_speed_um_per_min",
        ),
        ("tumour,grad(oxygen),increases,migration bias,1,1,4,0", "gradient_oxygen_um_per_um", "migration_bias"),
        ("tumour,intracellular oxygen,increases,apoptosis,1,1,4,0", "inside_oxygen_um", "apoptosis_per_min"),
        ("tumour,contact with M0 macrophage,increases,necrosis,1,1,4,0", "contact_M0_macrophage", "necrosis_per_min"),
        (
            "M0 macrophage,contact with dead cell,increases,transform to CD8 T cell,1,1,4,0",
            "contact_dead",
            "transform_CD8_T_cell_per_min",
        ),
        ("CD8 T cell,is attacking,increases,attack tumour,1,1,4,0", "attacking", "attack_tumour_per_min"),
        ("tumour,total attack time,increases,immunogenicity to CD8 T cell,1,1,4,0", "attacked_min", "immunogenicity_CD8_T_cell"),
        ("tumour,contact with BM,decreases,cell-BM adhesion,0,1,4,0", "contact_wall", "wall_adhesion_um_per_min"),
        ("tumour,damage,increases,debris secretion target,1,1,4,0", "damage", "secretion_target_debris_um"),
        ("tumour,time,increases,chemotactic response to debris,1,1,4,0", "time_min", "chemotaxis_debris"),
        ("tumour,volume,decreases,is_movable,0,1,4,0", "volume_um3", "movable"),
    ],
)
def test_names_of_the_grammar(line: str, signal: str, behaviour: str) -> None:
    (found,), _ = read(line)
    assert (found[1], found[3]) == (signal, behaviour)


def test_a_line_is_read_whole() -> None:
    (found,) = parse_grammar_rules("tumour,dead,increases,debris secretion,0.017,0.1,10,1", "r.csv", KIND).rules
    assert (found.saturation, found.half_max, found.hill_power, found.applies_to_dead) == (0.017, 0.1, 10.0, True)


def test_headers_comments_blank_lines_and_tabs_are_understood() -> None:
    text = (
        "cell type,signal,direction,behavior,saturation,half-max,hill power,applies to dead\n\n"
        "// tumour,oxygen,nonsense\n# more\n"
        "tumour\tpressure\tdecreases\tcycle entry\t0\t1\t4\t0\n"
        "tumour,damage,increases,apoptosis,0.07,180,2,false\n"
    )
    assert [one[1] for one in read(text)[0]] == ["pressure", "damage"]


def test_an_old_name_may_stand_for_two_behaviours() -> None:
    found, _ = read("M0 macrophage,debris,increases,phagocytose dead cell,0.05,0.25,2,0")
    assert [one[3] for one in found] == ["engulf_apoptotic_per_min", "engulf_necrotic_per_min"]


TWO = (
    "tumour,oxygen,increases,migration speed,2,5,4,0\n"
    "tumour,damage,increases,migration speed,3,5,4,0\n"
    "CD8 T cell,oxygen,decreases,migration speed,0.2,5,4,0\n"
    "CD8 T cell,damage,decreases,migration speed,0.1,5,4,0\n"
)


def test_saturations_that_disagree_follow_the_published_meaning_and_are_told() -> None:
    found, notes = read(TWO)
    assert [one[4] for one in found] == [3.0, 3.0, 0.1, 0.1]
    assert notes[0].startswith("rules.csv, lines 1, 2: rules by which signals increase migration_speed_um_per_min in tumour have")
    assert "(2, 3); as published, all go to 3" in notes[0]
    assert "(0.2, 0.1); as published, all go to 0.1" in notes[1]


def test_every_rule_can_keep_its_own_saturation() -> None:
    found, notes = read(TWO, own_saturations=True)
    assert [one[4] for one in found] == [2.0, 3.0, 0.2, 0.1]
    assert not any("different" in note for note in notes)


def test_a_saturation_on_the_wrong_side_of_the_base_is_told() -> None:
    _, notes = read("CD8 T cell,damage,increases,migration speed,0.5,5,4,0")
    assert notes == (
        "rules.csv, line 1: damage increases migration_speed_um_per_min in CD8_T_cell toward 0.5, below its base of 1",
    )


def test_units_of_concentration_are_said_or_told() -> None:
    line = "tumour,oxygen,increases,apoptosis,1,38,4,0"
    assert read(line)[1] == ("rules.csv: half-maxima were taken in µM and µm for concentration_oxygen_um",)
    found = parse_grammar_rules(line, "rules.csv", KIND, um_per_unit={"oxygen": 1.3})
    assert found.rules[0].half_max == pytest.approx(49.4)
    assert not found.notes


@pytest.mark.parametrize(
    ("line", "says", "column"),
    [
        ("tumor cell,oxygen,increases,apoptosis,1,1,4,0", "unknown cell type 'tumor cell'", 1),
        ("tumour,oxygn,increases,apoptosis,1,1,4,0", "unknown signal 'oxygn'\n  → did you mean 'oxygen'?", 2),
        ("tumour,oxygen,increases,apoptossis,1,1,4,0", "unknown behaviour 'apoptossis'\n  → did you mean 'apoptosis'?", 4),
        ("tumour,oxygen,increases,custom:speed,1,1,4,0", "numbers kept inside cells are signals, not behaviours", 4),
        ("tumour,oxygen,increases,exit from cycle phase 3,1,1,4,0", "unknown behaviour 'exit from cycle phase 3'", 4),
        ("tumour,contact with other dead cells,increases,apoptosis,1,1,4,0", "use 'contact with dead cell'", 2),
        ("tumour,oxygen,goes,apoptosis,1,1,4,0", "'goes' is no direction", 3),
        ("tumour,oxygen,increases,apoptosis,one,1,4,0", "'saturation' is 'one'", 5),
        ("tumour,oxygen,increases,apoptosis,1,0,4,0", "the half-maximum is 0", 6),
        ("tumour,oxygen,increases,apoptosis,1,1,0,0", "the Hill power is 0", 7),
        ("tumour,oxygen,increases,apoptosis,-1,1,4,0", "the saturation is -1", 5),
        ("tumour,oxygen,increases,apoptosis,1,1,4,maybe", "'applies to dead' is 'maybe'\n  → write 0 or 1", 8),
        ("tumour,oxygen,increases,apoptosis,1,1,4", "7 fields", None),
        ("tumour,,increases,apoptosis,1,1,4,0", "the field 'signal' is empty", 2),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_column(line: str, says: str, column: int | None) -> None:
    with pytest.raises(InputError) as caught:
        read("tumour,damage,increases,apoptosis,1,1,4,0\n" + line)
    where = "rules.csv, line 2: " if column is None else f"rules.csv, line 2, column {column} ({COLUMNS[column - 1]}): "
    assert where in str(caught.value)
    assert says in str(caught.value)
    assert all(problem.remedy for problem in caught.value.problems)


def test_all_faults_are_told_at_once_and_doubles_with_both_lines() -> None:
    with pytest.raises(InputError) as caught:
        read("x,oxygen,increases,apoptosis,1,1,4,0\ny,oxygen,increases,apoptosis,1,1,4,0")
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match=r"line 3.*a second time") as caught:
        read("tumour,oxygen,increases,apoptosis,1,1,4,0\n\ntumour,oxygen,increases,apoptosis,2,1,4,0")
    assert "the first is rules.csv, line 1" in str(caught.value)


def test_types_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(InputError, match="two types differ only in case or signs"):
        read("", model(cell_type("T_cell"), cell_type("tcell")))


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "rules.csv"
    file.write_text("tumour,damage,increases,apoptosis,1,1,4,0\n", encoding="utf-8")
    assert len(read_grammar_rules(file, KIND).rules) == 1
    with pytest.raises(FileError, match="no such rules file"):
        read_grammar_rules(tmp_path / "none.csv", KIND)
