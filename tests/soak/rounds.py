"""One round of the soak: run, be struck and resume, analyse, report, serve, ask, export, film, and remove."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import forkserver
from pathlib import Path

from company import PROGRAM, Company
from processes import descendants, in_session
from questions import Asked, Reader, addresses
from result_bytes import bytes_of
from screens import write_chip, write_film, write_table

from coculture.movie.make import make_movie
from coculture.report.pages import write_report
from coculture.run.export import export_cells, format_of
from coculture.run.ledger import LEDGER_NAME, LedgerLine
from coculture.run.lock import await_last_workers
from coculture.run.pipeline import analyse_wells, run_screen
from coculture.store.atomic import PREFIX

PATIENCE_S = 120.0
STRIKES = ("Ctrl-C", "worker killed", "parent killed")
EXPORTS = ("cells.csv", "cells.parquet", *(["cells.h5ad"] if importlib.util.find_spec("anndata") else []))
PLACES = {"film": ("film", "A01", "lure"), "chip": ("chip", "C01", "killer"), "table": ("P1", "B03", "compound 2")}


@dataclass
class Stage:
    """Where the rounds are played.

    Attributes
    ----------
    folder : holds recipes, results and temporary files.
    company : the long-living children.
    kinds : the screens of a round.
    workers : processes of a local run.
    seen : what the files of a screen's results were in its first round.
    recipes : the recipe of each kind.
    killed : the parents that were killed.
    """

    folder: Path
    company: Company
    kinds: tuple[str, ...] = ("film", "chip", "table")
    workers: int = 2
    seen: dict[str, str] = field(default_factory=dict)
    recipes: dict[str, Path] = field(default_factory=dict)
    killed: list[int] = field(default_factory=list)

    def prepare(self) -> None:
        """Write the recipes."""
        writers = {"film": write_film, "chip": write_chip, "table": write_table}
        self.recipes = {kind: writers[kind](self.folder / "recipes" / kind) for kind in self.kinds}

    @staticmethod
    def keep_one(folder: Path) -> Path:
        """Write a results folder that is shown throughout, and return it."""
        kept = folder / "shown" / "kept"
        return analyse_wells(None, write_table(folder / "recipes" / "kept"), kept).results

    def play(self, number: int, reader: Reader) -> str:
        """Play one round; return what struck it."""
        shown = self.folder / "shown" / ("again" if number % 2 else f"round {number}")
        strike, cluster = STRIKES[number % 3], bool(self.company.scheduler) and number % 4 == 0
        told = []
        for kind in self.kinds:
            results = shown / kind
            if kind == "table":
                analyse_wells(None, self.recipes[kind], results)
            else:
                told.append(self._struck(kind, results, strike, cluster=cluster))
            self._require_same(kind, results)
            write_report(results)
            self._ask(kind, results, reader)
            if kind != "table":
                self._hand_out(kind, results)
        shutil.rmtree(shown)
        assert [reader.ask(f"/screens/{kind}/hits") for kind in self.kinds] == [404] * len(self.kinds)
        reader.close()
        return ", ".join(dict.fromkeys(told))

    def _struck(self, kind: str, results: Path, strike: str, *, cluster: bool) -> str:
        """Run a screen, strike the run once, and go on to the end; return what struck."""
        where = {"scheduler": self.company.scheduler} if cluster else {"workers": self.workers}
        if strike == "parent killed" and not cluster:
            self._killed_parent(self.recipes[kind], results)
        elif strike == "worker killed" and not cluster and self.workers > 1:
            outcome = run_screen(self.recipes[kind], results, workers=self.workers, progress=_killing_a_worker)
            assert not outcome.failed, outcome.failed
            return strike
        else:
            strike = "Ctrl-C"
            with suppress(KeyboardInterrupt):
                run_screen(self.recipes[kind], results, **where, progress=_interrupting)  # type: ignore[arg-type]
                raise AssertionError("the run was not interrupted")
        outcome = run_screen(self.recipes[kind], results, **where)  # type: ignore[arg-type]
        assert not outcome.failed, outcome.failed
        return f"{strike} on a cluster" if cluster else strike

    def _killed_parent(self, recipe: Path, results: Path) -> None:
        """Run the program itself, kill it once a well is done, and wait until its workers are gone."""
        command = [*PROGRAM, "run", str(recipe), "-o", str(results), "--workers", str(self.workers), "--quiet"]
        with subprocess.Popen(command, start_new_session=True) as child:
            ledger = results / LEDGER_NAME
            _await(lambda: (ledger.exists() and ledger.stat().st_size > 0) or child.poll() is not None)
            child.kill()
        self.killed.append(child.pid)
        assert child.returncode == -signal.SIGKILL, f"ended by itself with {child.returncode}"
        _await(lambda: not in_session(child.pid))
        await_last_workers(results, patience_s=0)

    def _require_same(self, kind: str, results: Path) -> None:
        """Require that nothing temporary is left, and that the results are those of the first round."""
        left = list(results.rglob(f"{PREFIX}*"))
        assert left == [], left
        found = hashlib.sha256(repr(sorted(bytes_of(results).items())).encode()).hexdigest()
        assert self.seen.setdefault(kind, found) == found, f"the results of '{kind}' are not those of the first round"

    def _ask(self, kind: str, results: Path, reader: Reader) -> None:
        plate, well, compound = PLACES[kind]
        for address in addresses(Asked(kind, results, plate, well, compound)):
            reader.require(address)
        reader.close()

    def _hand_out(self, kind: str, results: Path) -> None:
        """Export the cells for other programs and make a film of a well, beside the results."""
        for name in EXPORTS:
            export_cells(results, results.parent / name, format_of(results.parent / name))
        export_cells(results, results.parent / "table.parquet", "cytotable", pixel_size_um=0.65)
        make_movie(results, PLACES[kind][1], results.parent / f"{kind}.gif")


def _interrupting(lines: Iterator[LedgerLine], before: int, count: int) -> Iterator[LedgerLine]:
    """Press Ctrl-C after the first well."""
    for line in lines:
        yield line
        raise KeyboardInterrupt


def _killing_a_worker(lines: Iterator[LedgerLine], before: int, count: int) -> Iterator[LedgerLine]:
    """Kill a worker after the first well, where one is left."""
    for number, line in enumerate(lines):
        workers = [one.pid for one in descendants(fork_server()) if not one.zombie] if number == 0 else []
        if workers:
            with suppress(ProcessLookupError):
                os.kill(workers[0], signal.SIGKILL)
        yield line


def fork_server() -> int:
    """Return the process that workers are forked from; 0 before the first run."""
    return int(getattr(forkserver._forkserver, "_forkserver_pid", None) or 0)  # type: ignore[attr-defined]


def _await(there: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not there():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
