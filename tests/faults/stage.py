"""Where a fault is played: a results folder, the driver of runs, and what must hold afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import zarr
from result_bytes import bytes_of

HERE = Path(__file__).parent
NOTHING = {"recipe": "", "hungry": [], "seconds": 0.0, "file_limit": 0, "inputs": "", "spoil": [], "arguments": []}


@dataclass
class Ended:
    """How a run ended: its exit code (negative: the signal) and what it told."""

    code: int
    told: str


@dataclass
class Driver:
    """The process that starts runs (``fault_driver.py``)."""

    process: subprocess.Popen[str]

    @classmethod
    def started(cls) -> Driver:
        command = [sys.executable, str(HERE / "fault_driver.py")]
        return cls(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))

    def _answer(self) -> dict[str, int]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the driver died"
        answer: dict[str, int] = json.loads(line)
        return answer

    def run(self, results: Path, meanwhile: Callable[[int], None] | None = None, **order: Any) -> Ended:
        """Do a run, calling ``meanwhile`` with its process id, and return how it ended."""
        assert self.process.stdin is not None
        told = results.parent / "told.txt"
        self.process.stdin.write(
            json.dumps({"workers": 1, **NOTHING, **order, "results": str(results), "told": str(told)}) + "\n"
        )
        self.process.stdin.flush()
        child = self._answer()["pid"]
        if meanwhile is not None:
            meanwhile(child)
        return Ended(self._answer()["code"], told.read_text() if told.exists() else "")


@dataclass
class Stage:
    """One fault's stage."""

    driver: Driver
    results: Path
    expected: dict[str, str]
    order: dict[str, Any] = field(default_factory=dict)

    def run(self, **more: Any) -> Ended:
        """Run with the fault in ``more``; whatever happens, no traceback is told."""
        ended = self.driver.run(self.results, **(self.order | more))
        assert "Traceback" not in ended.told, ended.told
        assert ended.code != 99, ended.told
        return ended

    def ledger(self) -> list[str]:
        """Return the whole lines of the ledger."""
        path = self.results / "ledger.jsonl"
        content = path.read_bytes() if path.is_file() else b""
        return content[: content.rfind(b"\n") + 1].decode().splitlines()

    def require_whole_files(self, *, stopped_dead: bool = False) -> None:
        """Every table and image that has its final name can be read; no temporary name unless all was killed at once."""
        for path in self.results.rglob("*"):
            hidden = any(part.startswith(".tmp-") for part in path.relative_to(self.results).parts)
            assert stopped_dead or not hidden, path
            if hidden:
                continue
            if path.suffix == ".parquet":
                pq.read_table(path)
            elif path.name == "zarr.json" and json.loads(path.read_text())["node_type"] == "array":
                zarr.open_array(path.parent, mode="r")[...]

    def require_recovery(self, **more: Any) -> None:
        """Go on to the end: finished wells are kept, and every byte is that of a run that nobody disturbed."""
        before = self.ledger()
        ended = self.run(**more)
        assert (ended.code, ended.told) == (0, "")
        assert self.ledger()[: len(before)] == before
        self.require_whole_files()
        assert bytes_of(self.results) == self.expected
