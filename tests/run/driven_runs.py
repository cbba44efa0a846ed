"""Runs that are started to be disturbed: the test's end of ``run_driver.py``."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NOTHING: dict[str, Any] = {
    **{"workers": 1, "scheduler": "", "arguments": []},
    **{"recipe": "", "kernels": "", "spoil": [], "inputs": ""},
    **{"seconds": 0.0, "hungry": [], "held": [], "deadly": []},
    **{"step": 0, "signal": int(signal.SIGKILL), "to_group": False},
    **{"file_limit": 0, "clock_back_s": 0.0, "orphans": True},
}
"""An order of a run that nothing disturbs.

``recipe``: without one, wells are made up, of which each takes ``seconds`` and some are ``hungry``, ``held`` or ``deadly`` (see
``FaultySource``), and A01 has the image a.tif of the folder ``inputs``. ``kernels``: a recipe, a well of which is done first.
``spoil``: pairs of a file and the image it replaces when the check is done. ``step``: before which rename or sync ``signal``
strikes, 0 for none. ``file_limit``: bytes a file may have. ``orphans``: wait for workers of a run that was killed.
"""


@dataclass
class Ended:
    """How a run ended: its exit code (negative: the signal) and what it told."""

    code: int
    told: str


@dataclass
class Driver:
    """The process that starts runs (see ``run_driver.py``).

    ``root`` is where its file system is seen from here: another place where it has a namespace of its own.
    """

    process: subprocess.Popen[str]
    root: str = ""

    def _ask(self, order: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def _answer(self) -> dict[str, int]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the driver died"
        answer: dict[str, int] = json.loads(line)
        return answer

    def command(self, words: str) -> int:
        """Do a command of the shell where the driver is, and return its exit code."""
        self._ask({"command": words})
        return self._answer()["code"]

    def run(self, results: Path, meanwhile: Callable[[int], None] | None = None, **order: Any) -> Ended:
        """Do or go on with a run, calling ``meanwhile`` with its process id, and return how it ended."""
        mounted = bool(self.root) and str(results).startswith(self.root)
        told = (results.parent.parent if mounted else results.parent) / "told.txt"  # a disk that is full takes no word
        told.unlink(missing_ok=True)
        asked = NOTHING | {"kernels": order.get("recipe", "")} | order
        assert set(asked) == set(NOTHING), set(asked) - set(NOTHING)
        places = {"results": str(results).removeprefix(self.root), "told": str(told).removeprefix(self.root)}
        self._ask({name: str(value) if isinstance(value, Path) else value for name, value in (asked | places).items()})
        child = self._answer()["pid"]
        if meanwhile is not None:
            meanwhile(child)
        self._ask({"wait": child})
        return Ended(self._answer()["code"], told.read_text() if told.exists() else "")


def killing(after_s: float, whole_group: bool = False, number: int = signal.SIGKILL) -> Callable[[int], None]:
    """Return what sends a signal to a run, or all its processes, after some time."""

    def kill(child: int) -> None:
        time.sleep(after_s)
        with suppress(ProcessLookupError):  # it was faster
            (os.killpg if whole_group else os.kill)(child, number)

    return kill


@contextmanager
def driving(enclosed: bool = False) -> Iterator[Driver]:
    """Give a driver, and end it. An ``enclosed`` one may mount folders for itself alone, where the system allows that."""
    own_mounts = ["unshare", "--user", "--map-root-user", "--mount"]
    trial = [*own_mounts, "mount", "-t", "tmpfs", "none", "/mnt"]
    can = enclosed and bool(shutil.which("unshare")) and subprocess.run(trial, capture_output=True, check=False).returncode == 0
    words: Sequence[str] = [*(own_mounts if can else ()), sys.executable, str(HERE / "run_driver.py")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Driver(process, f"/proc/{process.pid}/root" if can else "")
        assert process.stdin is not None
        process.stdin.close()
