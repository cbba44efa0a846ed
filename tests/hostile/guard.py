"""Give hostile input to a door in a process of its own, and see that it neither dies nor hangs nor eats the memory."""

from __future__ import annotations

import hashlib
import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from door import NOTHING_ASKED, ROOMS, Answer, Door

HERE = Path(__file__).parent
PER_DOOR = int(os.environ.get("COCULTURE_HOSTILE", "12"))
"""How many altered inputs each door gets; ``make hostile`` asks for many."""

MOST_SECONDS = 5.0
MOST_WAITING = 60.0
"""A busy machine may let a process wait; what counts is the processor time it took, and this ends what waits for ever."""

FIRST_SECONDS = 120.0
"""For the first, valid input of a door, for which a fresh machine compiles its kernels; nothing is counted of it."""

FOUND = Path(os.environ.get("COCULTURE_HOSTILE_FOUND", HERE.parents[1] / "build" / "hostile"))
"""Where inputs that made a door fail are kept."""


@dataclass
class Tally:
    """What one door was given: different inputs by their hash, and how many had which outcome."""

    inputs: set[str] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    most_mb: float = 0.0


class Guard:
    """The guarded child and what it has answered so far.

    ``doors`` are the modules of ``doors/`` that the child knows.
    """

    def __init__(self, doors: tuple[str, ...] = ROOMS) -> None:
        self.tallies: dict[str, Tally] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="hostile-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
        self._doors = doors
        self._process: subprocess.Popen[str] | None = None
        self._answers: TextIO | None = None
        self._opened: set[str] = set()

    def read(self, door: Door, data: bytes, *, note: str = "") -> Answer:
        """Let ``door`` read ``data`` and return what became of it; a failing input is kept in ``FOUND``."""
        if door.name not in self._opened:
            for valid in door.seeds().values():
                self._ask(self._order(door, valid), FIRST_SECONDS)
        self._opened.add(door.name)
        answer = self._ask(self._order(door, data), MOST_SECONDS)
        self._count(door, data, answer, note)
        return answer

    def _order(self, door: Door, data: bytes) -> dict[str, Any]:
        place = self._folder / "input"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        (place / door.file).write_bytes(data)
        return {"door": door.name, "path": str(place / door.file)}

    def close(self) -> None:
        """End the child and remove what it was given."""
        self._end()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _count(self, door: Door, data: bytes, answer: Answer, note: str) -> None:
        tally = self.tallies.setdefault(door.name, Tally())
        digest = hashlib.sha256(data).hexdigest()
        if digest not in tally.inputs and answer.told != NOTHING_ASKED:
            tally.inputs.add(digest)
            tally.outcomes[answer.outcome] += 1
            tally.slowest_s = max(tally.slowest_s, answer.seconds)
            tally.most_mb = max(tally.most_mb, answer.memory_mb)
        if answer.outcome == "failed":
            kept = FOUND / door.name.replace(" ", "_") / digest[:12]
            kept.mkdir(parents=True, exist_ok=True)
            (kept / door.file).write_bytes(data)
            (kept / "told.txt").write_text(f"{note}\n{answer.told}\n", encoding="utf-8", errors="backslashreplace")

    def _ask(self, order: dict[str, Any], seconds: float) -> Answer:
        if self._process is None:
            self._start()
        process = self._process
        assert process is not None
        assert process.stdin is not None
        began = _processor_seconds(process.pid)
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        line = self._line(process, began, seconds)
        if not line:
            return Answer("failed", self._ended())
        return Answer(**json.loads(line))

    def _line(self, process: subprocess.Popen[str], began: float, seconds: float) -> str:
        """Wait for an answer; '' where there will be none."""
        assert self._answers is not None
        start = time.monotonic()
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._answers, selectors.EVENT_READ)
            while not waiting.select(timeout=0.25):
                used = _processor_seconds(process.pid) - began
                if used > seconds or time.monotonic() - start > max(seconds, MOST_WAITING):
                    return ""
        return self._answers.readline()

    def _start(self) -> None:
        reading, writing = os.pipe()
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONFAULTHANDLER": "0"}
        command = [sys.executable, str(HERE / "guarded_child.py"), str(writing), *self._doors]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(writing,),
            text=True,
            env=environment,
        )
        os.close(writing)
        self._answers = os.fdopen(reading, encoding="utf-8")
        assert self._answers.readline(), "the guarded child did not start; run tests/hostile/guarded_child.py by hand"

    def _ended(self) -> str:
        """End the child and say how it was."""
        assert self._process is not None
        died = None
        with suppress(subprocess.TimeoutExpired):
            died = self._process.wait(timeout=0.5)
        self._end()
        return f"no answer within {MOST_SECONDS:g} s of processor time" if died is None else f"the process died ({died})"

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._answers is not None
        self._answers.close()
        self._process, self._answers = None, None


def _processor_seconds(process: int) -> float:
    """Return the processor time of a process so far."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
