"""A private folder of a worker, in which one well lies between being done and being uploaded.

It lives as long as its process, because what the run prepared lies in it for all wells. Its lock falls with the process,
however that dies, and the next process that needs a folder removes those without an owner.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import util
from pathlib import Path

from coculture.errors import FileError
from coculture.store.store_note import StoreNote

PREFIX = "coculture-scratch-"
LOCK_ENDING = ".lock"


@dataclass(frozen=True)
class _Held:
    """The folder this process holds, and for which run."""

    note: StoreNote
    folder: Path
    descriptor: int
    process: int


_held: list[_Held] = []


def scratch_of(note: StoreNote, shared: Mapping[str, str]) -> Path:
    """Return this process's folder for a run, with what the run prepared in it; another run's is removed.

    Parameters
    ----------
    note : the run and its store.
    shared : SHA-256 of each file that all wells need, by its name.

    Raises
    ------
    FileError : if there is no room for it, or the store does not give those files.
    """
    if _held and (_held[0].note, _held[0].process) == (note, os.getpid()):
        return _held[0].folder
    drop_scratch()
    sweep()
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        descriptor = os.open(_lock_of(folder), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        remedy = "make room there, or name another folder with the variable TMPDIR"
        raise FileError(f"no folder can be made: {error.strerror or error}", tempfile.gettempdir(), remedy) from error
    held = _Held(note, folder, descriptor, os.getpid())
    try:
        for name, hashed in shared.items():
            note.store.download(name, folder / name, hashed)
    except BaseException:
        _remove(held)
        raise
    _held.append(held)
    util.Finalize(None, drop_scratch, exitpriority=10)  # atexit is not asked in processes of a pool
    return folder


def clear(folder: Path, shared: Mapping[str, str]) -> None:
    """Remove what a well left in the folder; what all wells need stays."""
    for parent, _, files in os.walk(folder, topdown=False):
        for name in files:
            path = Path(parent, name)
            if path.relative_to(folder).as_posix() not in shared:
                path.unlink(missing_ok=True)
        with suppress(OSError):  # not empty
            if parent != str(folder):
                os.rmdir(parent)


def drop_scratch() -> None:
    """Remove this process's folder."""
    while _held:
        held = _held.pop()
        if held.process == os.getpid():
            _remove(held)


def sweep() -> None:
    """Remove the folders whose process has died."""
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*{LOCK_ENDING}"):
        with suppress(OSError):  # held, or another user's
            descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)
            finally:
                os.close(descriptor)


def _remove(held: _Held) -> None:
    shutil.rmtree(held.folder, ignore_errors=True)
    _lock_of(held.folder).unlink(missing_ok=True)
    os.close(held.descriptor)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + LOCK_ENDING)
