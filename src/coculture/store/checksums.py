"""Checksums of everything in a results folder.

A file is known by its name relative to the folder. The images of a well are hundreds of small files, so they are known by one
checksum over all of them, under the name of their folder with a slash behind it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from coculture.errors import FileError
from coculture.store.atomic import PREFIX

UNSEEN = (".lock", ".workers")
"""Files that say who is writing; they are no results."""

WRITTEN_AFTERWARDS = ("run.json", "report.html")
"""Files that are written after the checksums were taken: the one holds them, the other is noted in it when it is written."""

RECORDS = ("ledger.jsonl", "screen.duckdb", "store.json", "work/", "report.html")
"""Files that tell of the course of one run: their bytes may differ between two runs of the same recipe."""

_READERS = 4


def hash_file(path: Path) -> str:
    """Return the SHA-256 of the file in hex, read in pieces.

    Raises
    ------
    FileError : if the file cannot be read, or is none (a device or a pipe would keep its reader waiting for ever).
    """
    try:
        if stat.S_IFMT(path.stat().st_mode) not in (stat.S_IFREG, stat.S_IFDIR):
            raise FileError("is no plain file", where=str(path), remedy="put a file or nothing in its place")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileError:
        raise
    except OSError as error:
        raise _cannot_read(path, error) from error


def hash_folder(folder: Path) -> str:
    """Return one SHA-256 over the names and the contents of all files of a folder.

    Raises
    ------
    FileError : if a file or folder cannot be read.
    """
    whole = hashlib.sha256()
    for name in sorted(_names(folder)):
        whole.update(f"{name}\0{hash_file(folder / name)}\n".encode(errors="surrogateescape"))
    return whole.hexdigest()


def hash_parts(results: Path, parts: Iterable[str]) -> Iterator[tuple[str, str | FileError]]:
    """Yield the name and the checksum of each part of a results folder (see :func:`parts_of`), or why it cannot be read."""

    def hashed(name: str) -> tuple[str, str | FileError]:
        try:
            return name, hash_folder(results / name) if name.endswith("/") else hash_file(results / name)
        except FileError as error:
            return name, error

    with ThreadPoolExecutor(_READERS) as readers:
        yield from readers.map(hashed, parts)


def parts_of(results: Path, unreadable: list[FileError] | None = None) -> list[str]:
    """Return the name of every file of a results folder, sorted; the images of a well as one folder, locks left out.

    Parameters
    ----------
    results : the results folder.
    unreadable : takes up what is wrong with each folder in it that cannot be read; where it is None, the first is raised.

    Raises
    ------
    FileError : if a folder cannot be read and ``unreadable`` is None.
    """
    return sorted({image_part(name) or name for name in _names(results, unreadable) if name not in UNSEEN})


def image_part(name: str) -> str:
    """Return the folder, with a slash behind it, that holds all images of the well a file belongs to; '' for other files."""
    steps = name.split("/")
    is_image = steps[0] == "images" and len(steps) > 4 and steps[1].endswith(".zarr")
    return "/".join(steps[:4]) + "/" if is_image else ""


def is_unfinished(name: str) -> bool:
    """Tell whether a part is what a killed writer left (see ``store.atomic``), which no reader takes for data."""
    return any(step.startswith(PREFIX) for step in name.split("/"))


def split_records(hashed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Part checksums into those of results, which two runs have in common, and those of records (:data:`RECORDS`)."""
    records = {name: value for name, value in hashed.items() if name.startswith(RECORDS)}
    return {name: value for name, value in hashed.items() if name not in records}, records


def _names(folder: Path, unreadable: list[FileError] | None = None) -> Iterator[str]:
    """Yield every file under ``folder``, relative to it with forward slashes; links to folders are followed, never in circles."""

    def blocked(error: OSError) -> None:
        told = _cannot_read(Path(error.filename), error)
        if unreadable is None:
            raise told from error
        unreadable.append(told)

    seen: set[str] = set()
    for parent, folders, files in os.walk(folder, followlinks=True, onerror=blocked):
        seen.add(os.path.realpath(parent))
        folders[:] = [
            name
            for name in folders
            if not os.path.islink(os.path.join(parent, name)) or os.path.realpath(os.path.join(parent, name)) not in seen
        ]
        for name in files:
            yield Path(parent, name).relative_to(folder).as_posix()


def _cannot_read(path: Path, error: OSError) -> FileError:
    remedy = "check that it exists and is readable"
    return FileError(f"cannot be read: {error.strerror or error}", where=str(path), remedy=remedy)
