"""Faults that strike a run of virtual wells, with courses, doses of carriers and kept medium, in the middle of its wells."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

from drawn_faults import Fault
from stage import Stage, await_that
from strikes import send
from virtual_recipe import RECIPE, ROWS, map_text, write_virtual

CARRIER = """
[[source.carrier]]
name = "particle"
drug = "doxorubicin"
diameter_nm = 100
density_g_per_cm3 = 1.2
load_mg_per_g = 100
release = { law = "first order", rate_per_h = 0.5 }
[plate]
"""
DOSED = tuple(row.replace("killer,1", "particle,1") if row.startswith("D") else row for row in ROWS)
LATEST = 6
MOST_TRIES = 8


def write_dosed(folder: Path) -> Path:
    """Write a virtual screen with a carrier, whose medium is kept, and return its recipe."""
    recipe = RECIPE.replace("[plate]\n", CARRIER, 1) + "[store]\nmedium = true\n"
    return write_virtual(folder, recipe, plate_map=map_text(DOSED))


def _children(parent: int) -> list[int]:
    return [int(name) for name in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _struck_among_wells(stage: Stage, fault: Fault, strike: object, workers: int) -> int:
    """Stop the run when some wells are done and some are not, strike, and return its exit code."""
    done: list[int] = []

    def when_some_are_done(child: int) -> None:
        await_that(lambda: len(stage.ledger()) >= 1 + fault.well % LATEST)
        time.sleep(fault.moment * 0.05)
        os.kill(child, signal.SIGSTOP)
        done.append(len(stage.ledger()))
        strike(child)  # type: ignore[operator]
        send(child, signal.SIGCONT, group=False)

    for _ in range(MOST_TRIES):
        code = stage.run(when_some_are_done, workers=workers).code
        if done[-1] < len(ROWS) - 2 * workers:
            return code
        shutil.rmtree(stage.results)
    raise AssertionError("the run was always faster than the fault")


def parent_killed(stage: Stage, fault: Fault) -> None:
    """The parent, or all processes, are killed."""
    group = fault.well % 2 == 0
    code = _struck_among_wells(stage, fault, lambda child: send(child, signal.SIGKILL, group), 1 + group)
    assert code == -signal.SIGKILL
    stage.require_whole_files(stopped_dead=True)
    stage.require_recovery()


def worker_killed(stage: Stage, fault: Fault) -> None:
    """A worker is killed: its well is done again in the same run."""
    killed = []

    def strike(child: int) -> None:
        worker = _children(child)[fault.well % 2]
        os.kill(worker, signal.SIGKILL)
        killed.append(worker)

    assert _struck_among_wells(stage, fault, strike, 2) == 0
    assert killed
    stage.require_whole_files()
    stage.require_recovery()
