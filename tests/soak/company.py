"""The children that live as long as the soak: the workbench on a folder, and a Dask cluster of this machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 60.0
PROGRAM = (sys.executable, "-c", "from coculture.cli import main; main()")
DASK = "import sys; from distributed.cli.dask_{0} import main; sys.argv = ['dask-{0}', *sys.argv[1:]]; main()"


@dataclass(frozen=True)
class Company:
    """Who is there.

    Attributes
    ----------
    address : where the workbench answers, ``127.0.0.1:PORT``.
    scheduler : address of the Dask scheduler, '' without one.
    pids : name of a child → its process.
    """

    address: str
    scheduler: str
    pids: dict[str, int]


@contextmanager
def company(root: Path, *, cluster: bool = True) -> Iterator[Company]:
    """Give the company; ``root`` is the folder whose results are shown. On leaving all are ended and waited for."""
    with ExitStack() as stack:
        server = stack.enter_context(_child([*PROGRAM, "serve", str(root), "--port", "0"], told=True))
        pids = {"server": server.pid}
        address = _address_told(server)
        scheduler = ""
        if cluster:
            note = root.parent / "scheduler.json"
            quiet = ["--no-dashboard", "--scheduler-file", str(note)]
            first = stack.enter_context(_child([*_dask("scheduler"), "--host", "127.0.0.1", "--port", "0", *quiet]))
            scheduler = _scheduler_noted(note)
            alone = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--scheduler-file", str(note)]
            second = stack.enter_context(_child([*_dask("worker"), *alone]))
            pids |= {"scheduler": first.pid, "cluster worker": second.pid}
        yield Company(address, scheduler, pids)


def _dask(role: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-c", DASK.format(role)]


@contextmanager
def _child(command: list[str], *, told: bool = False) -> Iterator[subprocess.Popen[str]]:
    """Start a child; on leaving it is asked to end, made to where it does not, and waited for."""
    where = subprocess.PIPE if told else subprocess.DEVNULL
    with subprocess.Popen(command, stdout=where, stderr=None if told else subprocess.DEVNULL, text=True) as child:
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()


def _address_told(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    line = server.stdout.readline()
    found = re.search(r"http://(127\.0\.0\.1:\d+)/", line)
    assert found is not None, f"the workbench did not say where it is: {line!r}"
    return found[1]


def _scheduler_noted(note: Path) -> str:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            return str(json.loads(note.read_text())["address"])
        except (OSError, ValueError):
            time.sleep(0.1)
    raise TimeoutError("the scheduler did not start")


def environment(folder: Path) -> None:
    """Give this process and its children a folder of temporary files of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
