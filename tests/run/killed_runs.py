"""Runs that are started to be killed: the test's end of ``kill_driver.py``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass
class Driver:
    """The process that starts runs (see ``kill_driver.py``)."""

    process: subprocess.Popen[str]

    def _answer(self) -> dict[str, int]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the driver died"
        answer: dict[str, int] = json.loads(line)
        return answer

    def run(
        self,
        results: Path,
        *,
        workers: int = 1,
        kill_after_s: float | None = None,
        whole_group: bool = False,
        step: int = 0,
        recipe: Path | None = None,
        meanwhile: Callable[[int], None] | None = None,
    ) -> int:
        """Do or go on with a run, kill it where asked, and return its exit code.

        ``recipe`` is one of a virtual screen; without it wells are made up. ``meanwhile`` is called with the run's process id.
        """
        assert self.process.stdin is not None
        order = {"results": str(results), "workers": workers, "step": step, "recipe": "" if recipe is None else str(recipe)}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        child = self._answer()["pid"]
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            with suppress(ProcessLookupError):  # it was faster
                (os.killpg if whole_group else os.kill)(child, signal.SIGKILL)
        if meanwhile is not None:
            meanwhile(child)
        return self._answer()["code"]


@contextmanager
def driving() -> Iterator[Driver]:
    """Give a driver, and end it."""
    command = [sys.executable, str(HERE / "kill_driver.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Driver(process)
        assert process.stdin is not None
        process.stdin.close()
