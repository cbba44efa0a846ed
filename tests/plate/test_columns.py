import importlib.util
from pathlib import Path

import pytest

from coculture.plate import columns

ROOT = Path(__file__).resolve().parents[2]

TABLES = [
    columns.CELL_COLUMNS,
    columns.CONTACT_COLUMNS,
    columns.FIELD_COLUMNS,
    columns.COURSE_COLUMNS,
    columns.DOSE_COLUMNS,
    columns.WELL_COLUMNS,
]


def test_the_page_of_columns_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("generate_columns", ROOT / "docs" / "generate_columns.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    written = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    assert written == generator.page(), "run: python docs/generate_columns.py"


@pytest.mark.parametrize("table", TABLES)
def test_names_are_unique_and_meanings_are_sentences(table: tuple[columns.Column, ...]) -> None:
    assert len(set(columns.names(table))) == len(table)
    assert all(column.meaning.endswith(".") and column.meaning[0] == column.meaning.strip()[0] for column in table)
    assert [column.kind for column in table][:2] == ["key", "key"]


def test_optional_columns_can_be_left_out() -> None:
    required = columns.names(columns.WELL_COLUMNS, required_only=True)
    assert required == ["plate", "well", "role", "treatment", "compound", "dose", "dose_unit"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nucleus_shape_area_um2", True),
        ("nucleus_intensity_mean_gfp", True),
        ("cell_translocation_ratio_gfp", True),
        ("cell_type", False),
        ("area_um2", False),
        ("cell__mean", False),
        ("tumour_shape_area", False),
    ],
)
def test_the_feature_grammar(name: str, expected: bool) -> None:
    assert columns.is_feature(name) is expected


def test_what_columns_hold() -> None:
    held = {column.name: column.dtype for column in columns.CELL_COLUMNS}
    assert held["well"] == "str"
    assert held["site"] == held["cell_id"] == "int64"
    assert held["t_min"] == held["x_um"] == "float64"
    assert held["alive"] == "bool"
    assert columns.Column("nucleus_shape_area_um2", "µm²", "feature", "Area.").holds == "real"


def test_a_bar_in_a_meaning_does_not_break_the_table() -> None:
    table = columns.markdown_table((columns.Column("a", "", "real", "|x| of it.", required=False),))
    assert table.splitlines()[-1] == r"| `a` |  | real | optional | \|x\| of it. |"
