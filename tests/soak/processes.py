"""What the kernel knows of processes: their memory, handles and threads, and who descends from whom. Reads ``/proc``."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """One line of the table of processes.

    Attributes
    ----------
    pid, parent, session : numbers of the process, of its parent, and of the session it belongs to.
    zombie : whether it has ended and nobody has asked how.
    """

    pid: int
    parent: int
    session: int
    zombie: bool


@dataclass(frozen=True)
class Burden:
    """What a living process holds.

    Attributes
    ----------
    memory_mb : memory of its own: what it asked for and holds, without files such as libraries, which the kernel drops at need.
    resident_mb : memory it occupies at the moment, such files included.
    handles : open files, pipes and sockets.
    threads : threads.
    """

    memory_mb: float
    resident_mb: float
    handles: int
    threads: int


def burden(pid: int) -> Burden:
    """Return what a process holds."""
    status = dict(line.split(":", 1) for line in (PROC / str(pid) / "status").read_text().splitlines() if ":" in line)
    handles = sum(1 for _ in os.scandir(PROC / str(pid) / "fd"))
    own = pid == os.getpid()
    kept, resident = (int(status[name].split()[0]) / 1e3 for name in ("RssAnon", "VmRSS"))
    return Burden(kept, resident, handles - own, int(status["Threads"]))  # listing one's own opens one


def handles_of(pid: int) -> list[str]:
    """Return what a process has open, sorted; numbers of pipes and sockets are left out."""
    found = []
    for entry in os.scandir(PROC / str(pid) / "fd"):
        try:
            found.append(os.readlink(entry.path).split("[")[0])
        except OSError:
            continue
    return sorted(found)


def everyone() -> Iterator[Process]:
    """Yield every process of the machine."""
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, parent, _, session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue  # it has just ended
        yield Process(int(entry.name), int(parent), int(session), state in "ZX")


def descendants(pid: int) -> list[Process]:
    """Return the children of a process, their children, and so on."""
    children: dict[int, list[Process]] = {}
    for one in everyone():
        children.setdefault(one.parent, []).append(one)
    found, waiting = [], [pid]
    while waiting:
        own = children.get(waiting.pop(), [])
        found += own
        waiting += [one.pid for one in own]
    return found


def in_session(session: int) -> list[int]:
    """Return the living processes of a session."""
    return [one.pid for one in everyone() if one.session == session and not one.zombie]


def name_of(pid: int) -> str:
    """Return how a process was started, in short."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:120]
    except OSError:
        return "ended"


def locks_held(pids: set[int]) -> int:
    """Return how many file locks some processes hold."""
    lines = (PROC / "locks").read_text().splitlines() if (PROC / "locks").exists() else []
    return sum(1 for line in lines if "->" not in line and int(line.split()[4]) in pids)


def shared_memory(living: set[int], ended: Collection[int] = ()) -> frozenset[str]:
    """Return the names in the machine's shared memory that some processes made: in use by a living one, or named after one."""
    place = Path("/dev/shm")
    if not place.is_dir():
        return frozenset()
    used = {name for pid in living for name in _mapped(pid)}
    numbers = {str(pid) for pid in (*living, *ended)}
    return frozenset(name for name in os.listdir(place) if name in used or not numbers.isdisjoint(re.split(r"[-_.]", name)))


def _mapped(pid: int) -> set[str]:
    try:
        lines = (PROC / str(pid) / "maps").read_text().splitlines()
    except OSError:
        return set()
    return {line.rpartition("/dev/shm/")[2] for line in lines if "/dev/shm/" in line}


def files_below(folder: Path) -> int:
    """Return how many files, sockets and folders lie below a folder."""
    return sum(len(folders) + len(files) for _, folders, files in os.walk(folder))
