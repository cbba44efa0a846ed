"""The index answers in SQL, empty or full, here or in a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from coculture.errors import FileError
from coculture.plate.columns import CELL_COLUMNS, names
from coculture.store.index import build_index, open_index
from coculture.store.tables import table_path, write_table


def _cells(plate: str, well: str, **more: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"plate": [plate] * 2, "well": [well] * 2, "x_um": [1.0, float("nan")], **{k: [v, v] for k, v in more.items()}}
    )


def _fill(results: Path) -> None:
    write_table(_cells("P", "A01", cell_shape_area=3.0), table_path(results, "cells", "P", "A01"))
    write_table(_cells("P [2],*", "A01"), table_path(results, "cells", "P [2],*", "A01"))
    write_table(pd.DataFrame({"rank": [1], "compound": ["wortmannin"]}), table_path(results, "hits"))


def _count(connection: duckdb.DuckDBPyConnection, view: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {view}").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("name", ["results", "re,sults 'x' [1]*"])
def test_views_show_the_tables(tmp_path: Path, name: str) -> None:
    results = tmp_path / name
    _fill(results)
    build_index(results)
    with open_index(results) as connection:
        assert _count(connection, "cells") == 4
        assert connection.execute("SELECT DISTINCT plate FROM cells ORDER BY plate").fetchall() == [("P",), ("P [2],*",)]
        assert connection.execute("SELECT avg(x_um), count(cell_shape_area) FROM cells").fetchone() == (1.0, 2)
        assert _count(connection, "contacts") == 0
        assert connection.execute("SELECT compound FROM hits").fetchall() == [("wortmannin",)]


def test_a_copied_folder_answers_with_its_own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(tmp_path / "old")
    build_index(tmp_path / "old")
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    write_table(_cells("P", "B01"), table_path(tmp_path / "new", "cells", "P", "B01"))
    with open_index(tmp_path / "new") as connection:
        assert _count(connection, "cells") == 6
    shutil.rmtree(tmp_path / "old")
    monkeypatch.chdir(tmp_path / "new")
    with duckdb.connect("screen.duckdb", read_only=True) as connection:
        assert _count(connection, "cells") == 6


def test_an_empty_folder_has_empty_views_with_declared_columns(tmp_path: Path) -> None:
    assert build_index(tmp_path).exists()
    with open_index(tmp_path) as connection:
        assert list(connection.execute("SELECT * FROM cells").df().columns) == names(CELL_COLUMNS)
        assert _count(connection, "fields") == 0
    assert [path.name for path in tmp_path.iterdir()] == ["screen.duckdb"]


def test_errors_say_where(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such results folder"):
        open_index(tmp_path / "absent")
    with pytest.raises(FileError, match="no such results folder"):
        build_index(tmp_path / "absent")
    (tmp_path / "hits.parquet").write_bytes(b"no parquet")
    with pytest.raises(FileError, match="a table is not readable"):
        open_index(tmp_path)
