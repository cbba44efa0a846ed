"""The kept medium of a well: comes back as it was, with the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coculture.errors import FileError
from coculture.store.medium import KeptMedium, medium_path, read_medium, write_medium
from coculture.store.provenance import hash_outputs


def kept() -> KeptMedium:
    values = np.arange(2 * 2 * 3 * 4, dtype=np.float32).reshape(2, 2, 3, 4)
    return KeptMedium(np.array([0.0, 30.0]), ("cxcl12", "drug"), values, values[0, 0] > 1, 20.0)


def test_it_comes_back_as_it_was_and_is_hashed(tmp_path: Path) -> None:
    path = medium_path(tmp_path, "P 1", "A01")
    write_medium(path, kept())
    back = read_medium(path)
    assert (back.solutes, back.pixel_um, back.size_um) == (("cxcl12", "drug"), 20.0, (80.0, 60.0))
    for name in ("t_min", "concentration_um", "is_open"):
        np.testing.assert_array_equal(getattr(back, name), getattr(kept(), name))
    assert list(hash_outputs(tmp_path)) == ["medium/plate=P 1/well=A01.npz"]


def test_the_same_medium_is_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / "a.npz", tmp_path / "b.npz"]
    for path in paths:
        write_medium(path, kept())
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_what_was_not_kept_or_is_broken_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"was not kept(.|\n)*medium = true under \[store\]"):
        read_medium(tmp_path / "none.npz")
    (tmp_path / "torn.npz").write_bytes(b"PK\x03\x04torn")
    with pytest.raises(FileError, match="is not readable"):
        read_medium(tmp_path / "torn.npz")
