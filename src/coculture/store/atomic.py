"""Files and folders that are there whole or not at all.

A writer writes to a neighbour with a temporary name in the same folder, syncs it to the disk, and renames it over the
final name, which a file system does in one step. A killed writer leaves only a temporary name behind; no reader matches it
(it begins with ``.tmp-``) and :func:`remove_leftovers` takes it away.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coculture.errors import FileError

PREFIX = ".tmp-"
"""Every temporary name begins with this."""


def temporary_name(path: Path) -> Path:
    """Return a fresh name beside ``path`` that no reader matches."""
    return path.with_name(f"{PREFIX}{uuid.uuid4().hex[:12]}-{path.name}")


@contextmanager
def written_file(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; on leaving, sync it and rename it to ``path``.

    After an exception the temporary file is removed and ``path`` is as it was.

    Raises
    ------
    FileError : if the folder or file cannot be written.
    """
    temporary = temporary_name(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        sync_file(temporary)
        os.replace(temporary, path)
        sync_folder(path.parent)
    except FileError:  # the writer's own, already in plain words
        raise
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def written_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder to fill; on leaving, sync every file in it and rename it to ``path``.

    A folder that stood at ``path`` is replaced. No file system swaps two folders in one step everywhere, so a kill
    between the two renames leaves no folder at ``path``, never half of one.

    Raises
    ------
    FileError : if the folder cannot be written.
    """
    temporary = temporary_name(path)
    aside = temporary_name(path)
    try:
        temporary.mkdir(parents=True)
        yield temporary
        _sync_tree(temporary)
        if path.exists():
            os.rename(path, aside)
        os.rename(temporary, path)
        sync_folder(path.parent)
    except FileError:  # the writer's own, already in plain words
        raise
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(aside, ignore_errors=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` atomically.

    Raises
    ------
    FileError : if the file cannot be written.
    """
    with written_file(path) as temporary:
        temporary.write_bytes(content)


def remove_leftovers(folder: Path) -> int:
    """Remove what killed writers left anywhere under ``folder``; return how many names were removed.

    Call it only while nobody writes there, as at the start of a run.
    """
    removed = 0
    for parent, folders, files in os.walk(folder):
        for name in [name for name in folders if name.startswith(PREFIX)]:
            shutil.rmtree(Path(parent, name), ignore_errors=True)
            folders.remove(name)
            removed += 1
        for name in files:
            if name.startswith(PREFIX):
                with suppress(OSError):  # no reader takes it; the next run tries again
                    Path(parent, name).unlink()
                removed += 1
    return removed


def sync_file(path: Path) -> None:
    """Force the file's content to the disk."""
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Force the folder's list of names to the disk, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_tree(folder: Path) -> None:
    for parent, _, files in os.walk(folder):
        for name in files:
            sync_file(Path(parent, name))
        sync_folder(Path(parent))


def _cannot_write(path: Path, error: OSError) -> FileError:
    reason = os.strerror(error.errno) if error.errno else str(error)  # libraries wrap the system's word in their own
    return FileError(f"cannot be written: {reason}", where=str(path), remedy="check the disk's free space and your rights there")
