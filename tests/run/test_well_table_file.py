"""A table of wells from elsewhere: read in every format, joined with its numbers, refused with line and column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.errors import FileError, InputError
from coculture.plate.layout import Layout
from coculture.run.loaded_wells import load_wells
from coculture.run.parquet_numbers import split_table
from coculture.run.recipe.reading import parse_recipe
from coculture.run.recipe.recipe import LoadedRecipe
from coculture.run.well_table_file import read_well_table

RECIPE = """
[screen]
name = "elsewhere"
[source]
kind = "wells"
table = "wells.csv"
[source.columns]
well = "Position"
compound = "Drug"
role = "Drug"
dose = "uM"
n_cells = "Count"
[plate]
layout = 24
[plate.roles]
DMSO = "negative"
"*" = "treatment"
[plate.defaults]
dose_unit = "uM"
[[readout]]
name = "viability"
column = "Viab"
[[readout]]
name = "cells"
column = "n_cells"
"""

TABLE = pd.DataFrame(
    {
        "Position": ["b1", "A01", "r01c02"],
        "Drug": ["alpha", "DMSO", "alpha"],
        "uM": [2.0, 0.0, 1.0],
        "Viab": [0.123456789012, np.nan, 1e-7],
        "Count": [12, 200, 100],
        "Comment": ["x", "y", "z"],
    }
)


def loaded(folder: Path) -> LoadedRecipe:
    return LoadedRecipe(folder / "screen.toml", parse_recipe(RECIPE))


def read(path: Path) -> pd.DataFrame:
    return read_well_table(path, loaded(path.parent), Layout.of(24))[1]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".parquet"])
def test_every_format_gives_the_same_wells(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"wells{suffix}"
    if suffix == ".xlsx":
        TABLE.to_excel(path, index=False)
    elif suffix == ".parquet":
        TABLE.to_parquet(path)
    else:
        TABLE.to_csv(path, index=False, sep="\t" if suffix == ".tsv" else ",")
    wells = read(path)
    assert wells["plate"].tolist() == ["elsewhere"] * 3
    assert wells["well"].tolist() == ["A01", "A02", "B01"]
    assert wells["role"].tolist() == ["negative", "treatment", "treatment"]
    assert wells["n_cells"].tolist() == [200, 100, 12]
    assert wells["cells"].tolist() == [200, 100, 12]
    np.testing.assert_array_equal(wells["viability"], [np.nan, 1e-7, 0.123456789012])
    assert "Comment" not in wells


def test_what_is_no_number_is_told_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "wells.csv"
    spoilt = TABLE.astype({"Viab": object})
    spoilt.loc[2, "Viab"] = "high"
    spoilt.to_csv(path, index=False)
    with pytest.raises(InputError, match=r"line 4, column 'Viab': not a number: 'high'"):
        read(path)


def test_a_header_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "wells.csv"
    TABLE.rename(columns={"Viab": "Viability", "Count": "Counts"}).to_csv(path, index=False)
    with pytest.raises(InputError) as caught:
        read(path)
    text = str(caught.value)
    assert "there is no column 'Viab' (asked for as viability)\n  → did you mean 'Viability'?" in text
    assert "there is no column 'Count' (asked for as n_cells)\n  → did you mean 'Counts'?" in text


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such table"):
        read(tmp_path / "none.parquet")
    (tmp_path / "bad.parquet").write_text("not parquet")
    with pytest.raises(FileError, match="not a readable Parquet file"):
        read(tmp_path / "bad.parquet")
    with pytest.raises(FileError, match="does not exist"):
        read(tmp_path / "none.csv")


def test_a_recipe_of_images_is_no_recipe_of_wells(tmp_path: Path) -> None:
    from small_screen import write_screen

    recipe = write_screen(tmp_path)
    with pytest.raises(InputError, match=r"this recipe is of images(.|\n)*--template wells"):
        load_wells(tmp_path / "wells.csv", recipe)


def test_an_unknown_layout_names_the_key(tmp_path: Path) -> None:
    recipe = tmp_path / "screen.toml"
    recipe.write_text(RECIPE.replace("layout = 24", "layout = 25"))
    with pytest.raises(InputError, match=r"screen\.toml, plate\.layout: unknown layout '25'"):
        load_wells(tmp_path / "wells.csv", recipe)


def test_numbers_of_a_parquet_table_are_the_same_with_and_without_their_way_through_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(5)
    n = len(TABLE)
    viability = random.standard_normal(n) * 10.0 ** random.integers(-300, 300, n)
    viability[1] = np.nan
    table = TABLE.assign(Viab=viability, Count=np.arange(n) + 2**53, narrow=random.standard_normal(n).astype(np.float32))
    table.to_parquet(tmp_path / "wells.parquet")
    direct = read(tmp_path / "wells.parquet")
    monkeypatch.setattr("coculture.run.well_table_file.split_table", lambda path, texts: None)
    through_text = read(tmp_path / "wells.parquet")
    pd.testing.assert_frame_equal(direct, through_text, check_exact=True)


def test_what_parquet_numbers_are_not_plain(tmp_path: Path) -> None:
    frame = pd.DataFrame({"well": ["A01"], "dose": [1.0], "f": [1.0], "g": [np.inf], "h": [True], "k": [3], "keep": [1.0]})
    frame = frame.assign(narrow=np.float32(0.1))
    frame.to_parquet(tmp_path / "t.parquet")
    split = split_table(tmp_path / "t.parquet", {"keep"})
    assert split is not None
    assert list(split.numbers) == ["f", "k"]
    assert split_table(tmp_path / "t.csv", set()) is None
    (tmp_path / "bad.parquet").write_text("no Parquet")
    assert split_table(tmp_path / "bad.parquet", set()) is None
