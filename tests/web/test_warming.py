"""What is read ahead is there when a page asks, and a broken folder does not end it."""

from __future__ import annotations

import shutil
from pathlib import Path

from coculture.web.library import Library
from coculture.web.warming import warm


def test_screens_are_read_ahead_and_broken_ones_left(screen_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(screen_folder, tmp_path / "b whole")
    shutil.copytree(screen_folder, tmp_path / "a linked")
    (tmp_path / "a linked" / "hits.parquet").rename(tmp_path / "hits.parquet")
    (tmp_path / "a linked" / "hits.parquet").symlink_to(tmp_path / "hits.parquet")
    shutil.copytree(screen_folder, tmp_path / "a torn")
    (tmp_path / "a torn" / "wells.parquet").write_bytes(b"torn")
    library = Library.of([tmp_path])
    thread = warm(library)
    thread.join(60)
    assert not thread.is_alive()
    assert "wells" in vars(library.screens()["b-whole"].contents), "read before anybody asked"
