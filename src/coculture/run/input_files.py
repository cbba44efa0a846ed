"""Hash, size and age of what the images of a well lie in: a file, or the folder of a Zarr array, which is taken as one."""

from __future__ import annotations

import hashlib
from pathlib import Path

from coculture.store.checksums import hash_file


def hash_input(path: Path) -> str:
    """Return the SHA-256 of a file; of a folder, that of the names and hashes of its files.

    Raises
    ------
    FileError : if a file cannot be read.
    """
    if not path.is_dir():
        return hash_file(path)
    listing = hashlib.sha256()
    for file in _files(path):
        listing.update(f"{file.relative_to(path).as_posix()}\0{hash_file(file)}\n".encode())
    return listing.hexdigest()


def input_size(path: Path) -> int:
    """Return the bytes of a file, or of all files of a folder."""
    return sum(file.stat().st_size for file in _files(path))


def last_change(path: Path) -> float:
    """Return when a file, or a file of a folder, was last written, in seconds since the epoch."""
    return max((file.stat().st_mtime for file in (path, *_files(path))), default=0.0)


def _files(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
