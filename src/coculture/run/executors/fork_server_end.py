"""Imported by the fork server, ahead of all else: where its parent is killed, the folder of its socket goes with it.

The socket through which workers are asked for lies in a folder of temporary files that the parent removes when it ends. A
parent that is killed cannot; its fork server notices the death, ends, and removes the folder in its place.
"""

from __future__ import annotations

import atexit
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

FOLDER = "pymp-"
"""How the names of such folders begin, a habit of :mod:`multiprocessing`."""

EXITING = 0x4
"""The kernel's flag of a process that is ending (``PF_EXITING``, proc(5), field 9 of stat)."""


def listening_at() -> list[Path]:
    """Return where the sockets lie that this process listens on."""
    found = []
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError), socket.socket(fileno=os.dup(int(number))) as door:
            listens = door.family == socket.AF_UNIX and door.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            name = door.getsockname() if listens else ""
            if isinstance(name, str) and name.startswith("/"):
                found.append(Path(name))
    return found


def is_ending(pid: int) -> bool:
    """Tell whether a process is gone or about to be."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return True
    return bool(int(fields[6]) & EXITING)


def remove_for(parent: int, sockets: list[Path]) -> None:
    """Remove the sockets and their folders, where the parent that would do it is gone or ending."""
    if os.getppid() == parent and not is_ending(parent):
        return
    for path in sockets:
        if path.parent.name.startswith(FOLDER):
            with suppress(OSError):
                path.unlink()
                path.parent.rmdir()


if sys.platform == "linux" and any("multiprocessing.forkserver import main" in word for word in sys.orig_argv):
    atexit.register(remove_for, os.getppid(), listening_at())
