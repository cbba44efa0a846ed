"""Nothing outside a results folder is read, whatever the folder holds: links, or columns with odd names."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from tests.web.pictured_screen import add_pictures

from coculture.web.screen_folder import ScreenContents


@pytest.mark.parametrize(
    "name",
    ["wells.parquet", "hits.parquet", "run.json", "cells", "cells/plate=P1/well=A01.parquet", "prepared/flow.npz", "images"],
)
def test_a_folder_with_a_link_in_it_is_not_shown(screen_folder: Path, tmp_path: Path, ask, name: str) -> None:
    outside, copy = tmp_path / "outside", tmp_path / "root" / "copied"
    shutil.copytree(screen_folder, outside)
    shutil.copytree(screen_folder, copy)
    link = copy / name
    link.unlink(missing_ok=True)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside / name)
    browser = ask([copy.parent])
    for page in ("plate", "hits", "cells", "chip"):
        answer = browser.get(f"/screens/copied/{page}")
        assert answer.status_code == 422
        assert "is a link" in answer.text
    assert "is a link" in browser.get("/").text


@pytest.mark.parametrize("name", ["", "zarr.json", "A", "A/01", "A/01/1/0", "A/01/1/zarr.json", "A/01/1/labels"])
def test_images_behind_a_link_are_not_shown(screen_folder: Path, tmp_path: Path, ask, name: str) -> None:
    folder, moved = tmp_path / "pictured", tmp_path / "elsewhere"
    shutil.copytree(screen_folder, folder)
    add_pictures(folder)
    inside = folder / "images" / "P1.zarr" / name
    column = folder / "images" / "P1.zarr" / "A"
    inside = inside if inside.exists() else next(column.iterdir()).joinpath(*Path(name).parts[2:])
    inside.rename(moved)
    inside.symlink_to(moved)
    browser = ask([folder])
    for address in ("", "/tile/1/0/0/0/0.png", "/crop/1/0/1.png"):
        answer = browser.get(f"/screens/pictured/plate/P1/well/A01{address}")
        assert answer.status_code == 422
        assert "is a link" in answer.text


def test_a_column_cannot_ask_the_database_anything(screen_folder: Path, tmp_path: Path, ask) -> None:
    folder, secret = tmp_path / "named", tmp_path / "secret.csv"
    shutil.copytree(screen_folder, folder)
    add_pictures(folder)
    secret.write_text("hidden\n1\n")
    column = f"cell_shape_a\" FROM read_csv('{secret}') --"
    path = folder / "cells" / "plate=P1" / "well=A01.parquet"
    pd.read_parquet(path).assign(**{column: 1.0}).to_parquet(path)
    answer = ask([folder]).get("/screens/named/cells", params={"x": column, "y": "area_um2"})
    assert answer.status_code == 200
    assert "3 cells with both numbers" in answer.text
    contents = ScreenContents(folder)
    for outside in (str(secret), f"{folder}/../secret.csv"):
        with pytest.raises(duckdb.PermissionException):
            contents.ask("SELECT * FROM read_csv(?)", [outside])
