"""The examples of docs/plate_maps.md are read as they stand there."""

import re
from pathlib import Path

import pytest

from coculture.plate.design import generate_design
from coculture.plate.design_file import read_design
from coculture.plate.layout import Layout
from coculture.plate.map_columns import MAP_COLUMNS
from coculture.plate.plate_map import read_plate_map

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "plate_maps.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


EXPECTED = [
    ["", "wortmannin 0.15 uM", "wortmannin 0.3 uM", "staurosporine 1 uM", "", ""],
    [
        "wortmannin 0.15 uM + serum 10 ug/mL",
        "TNF 0.02 ug/mL from 60 min to 240 min + wortmannin 0.15 uM",
        "Vitamin D + Ibrutinib 4.5 uM",
    ],
    ["", "wortmannin 0.075 uM", "wortmannin 0.15 uM", "", "LY294002 10 uM", "LY294002 20 uM"],
]


def test_every_map_of_the_page_is_tested() -> None:
    assert len(_blocks("csv")) == len(EXPECTED)


@pytest.mark.parametrize("number", range(len(EXPECTED)))
def test_the_maps_of_the_page_are_read(tmp_path: Path, number: int) -> None:
    path = tmp_path / "map.csv"
    path.write_text(_blocks("csv")[number], encoding="utf-8")
    assert read_plate_map(path, layout=Layout.of(6)).wells["treatment"].tolist() == EXPECTED[number]


def test_the_design_of_the_page_is_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "design.toml"
    (text,) = _blocks("toml")
    path.write_text(text, encoding="utf-8")
    spec, seed = read_design(path)
    wells = generate_design(spec, seed).wells
    assert wells["role"].value_counts().to_dict()["treatment"] == 2 * 4 * (9 + 6 + 9 * 2)


def test_the_page_names_every_column_a_map_may_have() -> None:
    assert [name for name in MAP_COLUMNS if f"`{name}`" not in PAGE] == []
