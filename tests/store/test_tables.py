"""Tables: same data, same bytes; whole or not at all; nothing lost on the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.dataset
import pytest

from coculture.errors import FileError, InputError
from coculture.store.atomic import PREFIX, remove_leftovers, temporary_name, write_bytes, written_file, written_folder
from coculture.store.names import folder_name, plate_of_folder
from coculture.store.tables import read_table, read_wells, table_path, wells_with, write_table, write_well_tables


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "plate": ["P 1", "P 1", "P 1"],
            "well": ["A01", "A01", "A01"],
            "cell_id": np.array([1, 2, 9], np.int64),
            "cell_type": pd.Categorical(["T", "tumour", "T"]),
            "alive": [True, False, True],
            "x_um": np.array([0.1, np.nan, 1e300]),
            "cell_intensity_mean_gfp": np.array([1.5, 2.5, np.nan], np.float32),
            "parent_id": pd.array([1, None, 3], dtype="Int64"),
            "phase": [None, "", "S"],
        }
    )


def test_a_table_comes_back_as_it_was(frame: pd.DataFrame, tmp_path: Path) -> None:
    write_table(frame, tmp_path / "t.parquet")
    back = read_table(tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(back, frame.assign(cell_type=frame["cell_type"].astype(str)), check_dtype=False)
    assert back["cell_intensity_mean_gfp"].dtype == np.float32
    assert back["parent_id"].dtype == "Int64"
    assert back["alive"].dtype == bool
    assert list(read_table(tmp_path / "t.parquet", ["x_um", "plate"]).columns) == ["x_um", "plate"]


def test_same_data_same_bytes(frame: pd.DataFrame, tmp_path: Path) -> None:
    write_table(frame, tmp_path / "one.parquet")
    write_table(frame.copy().set_index(pd.Index([7, 8, 9])), tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_an_empty_column_of_text_stays_text(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"a": [None, None], "b": [1, 2]}), tmp_path / "t.parquet")
    assert str(pyarrow.dataset.dataset(tmp_path / "t.parquet").schema.field("a").type) == "string"


def test_a_failed_write_leaves_the_old_file_and_no_other(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_table(frame, path)
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), written_file(path) as temporary:
        temporary.write_bytes(b"half" * (1 // 0))
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["t.parquet"]


def test_wells_are_read_together_though_one_lacks_a_column(frame: pd.DataFrame, tmp_path: Path) -> None:
    write_table(frame, table_path(tmp_path, "cells", "P 1", "A01"))
    write_table(
        frame.assign(well="B02").drop(columns=["cell_intensity_mean_gfp"]).iloc[:0],
        table_path(tmp_path, "cells", "P 1", "B02"),
    )
    write_table(frame.assign(plate="Q%/".replace("/", "=")), table_path(tmp_path, "cells", "Q%=", "A01"))
    (tmp_path / "cells" / "plate=P 1" / f"{PREFIX}x-well=C03.parquet").write_bytes(b"half")
    assert list(wells_with(tmp_path, "cells")) == [("P 1", "A01"), ("P 1", "B02"), ("Q%=", "A01")]
    whole = read_wells(tmp_path, "cells")
    assert len(whole) == 6
    assert set(whole["plate"]) == {"P 1", "Q%="}
    assert list(read_wells(tmp_path, "cells", ["x_um", "cell_intensity_mean_gfp"]).columns) == ["x_um", "cell_intensity_mean_gfp"]
    assert remove_leftovers(tmp_path) == 1
    assert remove_leftovers(tmp_path) == 0


@pytest.mark.parametrize("plate", ["P1", "plate 3", "a=b", "50%", "ü-Platte", "板1", "x*?[y]", "CON.", "a,b'c\"d", "v1.2"])
def test_any_sensible_plate_name_names_one_folder(plate: str) -> None:
    name = folder_name(plate)
    assert plate_of_folder(name) == plate
    assert not set(name) & set('/\\:*?"<>|=[]')
    assert not name.endswith(".")


@pytest.mark.parametrize(
    ("plate", "reason"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("..", "is only dots"),
        ("a/b", "path separator"),
        ("a\\b", "path separator"),
        ("a\nb", "control character"),
        (" a", "begins or ends with a blank"),
        ("x" * 200, "too long"),
    ],
)
def test_a_plate_name_that_cannot_name_a_folder_is_refused(plate: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        folder_name(plate)


def test_table_path_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown table 'cell'"):
        table_path(tmp_path, "cell", "P", "A01")
    with pytest.raises(InputError, match="plate and well are needed"):
        table_path(tmp_path, "cells", "P")
    with pytest.raises(InputError, match="takes no plate or well"):
        table_path(tmp_path, "hits", "P", "A01")
    with pytest.raises(InputError, match="not made of letters and digits"):
        table_path(tmp_path, "cells", "P", "../A01")
    assert table_path(tmp_path, "hits") == tmp_path / "hits.parquet"


def test_writing_says_what_is_wrong(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    with pytest.raises(InputError, match="named index"):
        write_table(frame.set_index("cell_id"), path)
    with pytest.raises(InputError, match="same name: \\['alive'\\]"):
        write_table(pd.concat([frame, frame[["alive"]]], axis=1), path)
    with pytest.raises(InputError, match="'v' mixes types"):
        write_table(pd.DataFrame({"v": ["a", 1]}, dtype=object), path)
    with pytest.raises(InputError, match="must be text"):
        write_table(pd.DataFrame({1: [1]}), path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileError, match="cannot be written"):
        write_table(frame, tmp_path / "file" / "t.parquet")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file"]


def test_reading_says_what_is_wrong(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such table"):
        read_table(tmp_path / "t.parquet")
    (tmp_path / "t.parquet").write_bytes(b"PAR1 not")
    with pytest.raises(FileError, match="not a readable Parquet"):
        read_table(tmp_path / "t.parquet")
    with pytest.raises(FileError, match="no table of cells"):
        read_wells(tmp_path, "cells")
    write_table(frame, table_path(tmp_path, "cells", "P", "A01"))
    with pytest.raises(InputError, match="no column y_um"):
        read_table(table_path(tmp_path, "cells", "P", "A01"), ["x_um", "y_um"])
    with pytest.raises(InputError, match="no column y_um"):
        read_wells(tmp_path, "cells", ["x_um", "y_um"])
    table_path(tmp_path, "cells", "P", "A02").write_bytes(b"PAR1 not")
    with pytest.raises(FileError, match="not a readable Parquet"):
        read_wells(tmp_path, "cells")


def test_a_folder_replaces_a_folder_and_a_failure_keeps_the_old(tmp_path: Path) -> None:
    for content in ("one", "two"):
        with written_folder(tmp_path / "well") as folder:
            (folder / "deep").mkdir()
            (folder / "deep" / content).write_text(content)
    assert [path.name for path in (tmp_path / "well" / "deep").iterdir()] == ["two"]
    with pytest.raises(RuntimeError), written_folder(tmp_path / "well") as folder:
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["well"]
    left = temporary_name(tmp_path / "well")
    left.mkdir()
    write_bytes(left / "x", b"")
    assert remove_leftovers(tmp_path) == 1
    assert not left.exists()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileError, match="cannot be written"), written_folder(tmp_path / "file" / "well"):
        pass


def test_no_changed_bit_of_a_table_gives_other_numbers(frame: pd.DataFrame, tmp_path: Path) -> None:
    """Pages of values carry checksums. The names of columns do not: one that changed is missing under its own."""
    path = tmp_path / "t.parquet"
    write_table(frame, path)
    whole, refused = path.read_bytes(), 0
    numbers = read_table(path).select_dtypes("number").astype(float)
    for place in range(0, len(whole), 5):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        try:
            found = read_table(path).select_dtypes("number").astype(float)
        except (FileError, InputError):
            refused += 1
            continue
        np.testing.assert_array_equal(found, numbers, str(place))
    assert refused > len(whole) / 20


def test_tables_of_wells_written_at_once_are_those_written_one_by_one(tmp_path: Path) -> None:
    rows = [
        ("P2", "B01", 1.5, "x", 1),
        ("P1", "A02", np.nan, None, None),
        ("P2", "B01", np.nan, "y", 3),
        ("P1", "A01", 2.0, "z", 4),
    ]
    frame = pd.DataFrame(rows, columns=["plate", "well", "value", "name", "count"]).astype({"count": "Int64"})
    write_well_tables(frame, tmp_path / "at once", "fields")
    for (plate, well), own in frame.groupby(["plate", "well"]):
        one, other = (table_path(tmp_path / folder, "fields", plate, well) for folder in ("at once", "one by one"))
        write_table(own.reset_index(drop=True), other)
        assert one.read_bytes() == other.read_bytes()
    assert len(list((tmp_path / "at once").rglob("*.parquet"))) == 3
