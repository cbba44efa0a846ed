"""One run at a time in a results folder.

The lock is the kernel's (``flock``), held by an open file: it falls with its owner, however the owner dies, so a
killed run leaves no lock behind. The file's text names the owner and serves only the message.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coculture.errors import FileError

LOCK_NAME = ".lock"
WORKERS_NAME = ".workers"


@contextmanager
def only_run_in(folder: Path) -> Iterator[None]:
    """Hold the lock of a results folder for the length of a ``with`` block.

    Raises
    ------
    FileError : if another living process holds it.
    """
    try:
        descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        remedy = "name another folder with -o, or mend your rights there"
        raise FileError(f"the results folder cannot be written to: {error.strerror or error}", str(folder), remedy) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
            raise FileError(
                f"another run is writing here ({owner or 'owner unknown'})",
                str(folder),
                "wait until it has finished or stop it, or write to another folder with -o",
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def running_process(folder: Path) -> int | None:
    """Return the process of this machine that is running in a results folder, None where none is.

    It is told by what the lock's text says, without touching the lock: looking at a folder never stands in a run's way. A
    folder that was copied here from another machine is not running here.
    """
    try:
        said = (folder / LOCK_NAME).read_text(encoding="utf-8", errors="replace").split()
    except OSError:
        return None
    if len(said) != 4 or said[0] != "process" or not said[1].isdigit() or said[3] != socket.gethostname():
        return None
    try:
        os.kill(int(said[1]), 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return int(said[1])


@contextmanager
def _presence(folder: Path, mode: int) -> Iterator[None]:
    descriptor = os.open(folder / WORKERS_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, mode)
        yield
    finally:
        os.close(descriptor)


def note_worker(folder: Path) -> None:
    """Note in a worker process, until it ends, that it may write to ``folder``."""
    descriptor = os.open(folder / WORKERS_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def await_last_workers(folder: Path, patience_s: float = 15.0) -> None:
    """Wait until no worker of an earlier, killed run is left; they end by themselves within moments.

    Raises
    ------
    FileError : if one is still there after ``patience_s`` seconds.
    """
    end = time.monotonic() + patience_s
    while True:
        try:
            with _presence(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
                return
        except BlockingIOError:
            if time.monotonic() > end:
                raise FileError(
                    "workers of a run that was killed are still writing here", str(folder), "end them, then run again"
                ) from None
            time.sleep(0.05)
