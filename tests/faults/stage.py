"""Where a fault is played: a results folder, the driver of runs, and what must hold afterwards."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import zarr
from driven_runs import Driver, Ended
from result_bytes import bytes_of

PATIENCE_S = 60.0
MADE_UP_WELLS = tuple(f"{row}0{column}" for row in "ABCD" for column in range(1, 7))


def await_that(condition: Callable[[], Any]) -> Any:
    """Wait for something, and return what the condition then gives."""
    end = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)
    return found


@dataclass
class Stage:
    """One fault's stage.

    Attributes
    ----------
    driver : starts the runs.
    results : the results folder of the run that is struck.
    whole : the results folder of a run that nobody disturbed.
    expected : its bytes.
    order : what every run here is told.
    notes : what had to be played in another way than the kind's own, for the table of outcomes.
    """

    driver: Driver
    results: Path
    whole: Path
    expected: dict[str, str]
    order: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def run(self, meanwhile: Callable[[int], None] | None = None, **more: Any) -> Ended:
        """Run with the fault in ``more``; whatever happens, no traceback is told."""
        ended = self.driver.run(self.results, meanwhile, **(self.order | more))
        assert "Traceback" not in ended.told, ended.told
        assert ended.code != 99, ended.told
        return ended

    def finish(self) -> None:
        """Run to the end without a fault."""
        ended = self.run()
        assert (ended.code, ended.told) == (0, "")
        assert bytes_of(self.results) == self.expected

    def finish_anew(self) -> None:
        """Take what an undisturbed run of the recipe gives, as it is now, for what is expected, and remove it."""
        assert self.run().code == 0
        self.expected = bytes_of(self.results)
        shutil.rmtree(self.results)

    def ledger(self) -> list[str]:
        """Return the whole lines of the ledger."""
        path = self.results / "ledger.jsonl"
        content = path.read_bytes() if path.is_file() else b""
        return content[: content.rfind(b"\n") + 1].decode().splitlines()

    def wells(self, status: str, lines: list[str] | None = None) -> set[str]:
        """Return the wells whose last line in the ledger is of that status."""
        told = [json.loads(line) for line in (self.ledger() if lines is None else lines)]
        last = {line["well"]: line["status"] for line in told}
        return {well for well, said in last.items() if said == status}

    def process_holding(self, well: str) -> int:
        """Wait until the held well is in work, and return the process that does it."""
        mark = self.results.parent / "marks" / well
        return int(await_that(lambda: mark.exists() and mark.read_text()))

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

    def require_recovery(self, *, again: frozenset[str] = frozenset(), **more: Any) -> None:
        """Go on to the end: no finished well but those in ``again`` is done again, and every byte is that of a whole run."""
        before = self.ledger()
        ended = self.run(**more)
        assert (ended.code, ended.told) == (0, "")
        after = self.ledger()
        assert after[: len(before)] == before
        assert self.wells("done", before) & {json.loads(line)["well"] for line in after[len(before) :]} == again
        self.require_whole_files()
        assert bytes_of(self.results) == self.expected
