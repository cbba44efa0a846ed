"""That everything which is read lies in the results folder itself: a folder from elsewhere may hold links to anything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from coculture.errors import FileError

READ = ("cells", "contacts", "doses", "fields", "medium", "prepared")
"""Folders of a results folder that are read whole; of images only the wells that are looked at."""


def require_enclosed(folder: Path) -> None:
    """Make sure that no table of a results folder is a link.

    Raises
    ------
    FileError : if one is; nothing of the folder is shown then.
    """
    top = (Path(entry.path) for entry in _entries(folder) if entry.is_symlink())
    below = (link for name in READ if (folder / name).is_dir() for link in _links(folder / name))
    _refuse(next((link for links in (top, below) for link in links), None))


def require_enclosed_images(plate: Path, row: str, column: str) -> None:
    """Make sure that neither a plate's images nor anything of one well in them is a link.

    Raises
    ------
    FileError : if something is.
    """
    for path in (plate, plate / "zarr.json", plate / row, plate / row / column):
        _refuse(path if path.is_symlink() else None)
    well = plate / row / column
    if well.is_dir():
        _refuse(_first_link(well, well.stat().st_mtime_ns))


@lru_cache(maxsize=4096)
def _first_link(folder: Path, changed: int) -> Path | None:
    return next(_links(folder), None)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _links(folder: Path) -> Iterator[Path]:
    for entry in _entries(folder):
        if entry.is_symlink():
            yield Path(entry.path)
        elif entry.is_dir():
            yield from _links(Path(entry.path))


def _refuse(link: Path | None) -> None:
    if link is not None:
        raise FileError(
            "is a link, and the workbench reads nothing outside the results folder",
            str(link),
            "put the file or folder itself in its place",
        )
