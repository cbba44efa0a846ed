"""What images lie in is hashed, weighed and dated, be it a file or a Zarr array's folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coculture.errors import FileError
from coculture.run.input_files import hash_input, input_size, last_change
from coculture.store.checksums import hash_file


@pytest.fixture
def array(tmp_path: Path) -> Path:
    folder = tmp_path / "0"
    (folder / "c").mkdir(parents=True)
    (folder / "zarr.json").write_text("{}")
    (folder / "c" / "0").write_bytes(b"abc")
    return folder


def test_a_file_has_its_own_hash(array: Path) -> None:
    assert hash_input(array / "zarr.json") == hash_file(array / "zarr.json")
    assert input_size(array / "c" / "0") == 3


def test_a_folder_changes_with_any_of_its_files(array: Path) -> None:
    assert input_size(array) == 5
    before = hash_input(array)
    assert hash_input(array) == before
    (array / "c" / "0").write_bytes(b"abd")
    changed = hash_input(array)
    (array / "c" / "0").rename(array / "c" / "1")
    assert len({before, changed, hash_input(array)}) == 3


def test_the_age_of_a_folder_is_that_of_its_youngest_file(array: Path) -> None:
    later = last_change(array) + 100
    os.utime(array / "c" / "0", (later, later))
    assert last_change(array) == later


def test_what_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        hash_input(tmp_path / "none.tif")
