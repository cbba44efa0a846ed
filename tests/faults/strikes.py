"""Signals that strike a run for certain: in the middle of a well, before a rename or sync, or at a moment by the clock."""

from __future__ import annotations

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

from drawn_faults import Fault
from driven_runs import Ended
from stage import MADE_UP_WELLS, Stage

STEPS_OF_WELLS = 250
STEPS_OF_FINISHING = 80
LONGEST_S = 1.0
SECONDS = 0.02
MOST_TRIES = 10


def send(process: int, number: int, group: bool) -> None:
    """Send a signal to a process or to its group; one that has ended is left alone."""
    with suppress(ProcessLookupError):
        (os.killpg if group else os.kill)(process, number)


def struck(stage: Stage, fault: Fault, number: int, *, group: bool) -> Ended:
    """Run made-up wells until a signal ends the run, in one of four ways that the fault's moment chooses."""
    way, rest = int(fault.moment * 4), fault.moment * 4 % 1
    step = {"signal": int(number), "to_group": group}
    if way == 0:
        return _within_a_well(stage, MADE_UP_WELLS[2 * fault.well], number, group)
    if way == 1:
        return stage.run(workers=1 + group, step=1 + int(rest * STEPS_OF_WELLS), **step)
    if way == 2:
        stage.finish()
        return stage.run(step=1 + int(rest * STEPS_OF_FINISHING), **step)
    return _by_the_clock(stage, rest * LONGEST_S, number, group)


def _within_a_well(stage: Stage, well: str, number: int, group: bool) -> Ended:
    def strike(child: int) -> None:
        stage.process_holding(well)
        send(child, number, group)

    return stage.run(strike, workers=1 + group, held=[well])


def _by_the_clock(stage: Stage, after_s: float, number: int, group: bool) -> Ended:
    """Strike some time after the folder is there; sooner, in a new folder, where the run was faster."""
    for _ in range(MOST_TRIES):

        def strike(child: int, after_s: float = after_s) -> None:
            while not (stage.results / "work").exists() and Path(f"/proc/{child}").exists():
                time.sleep(0.002)
            time.sleep(after_s)
            send(child, number, group)

        ended = stage.run(strike, workers=1 + group, seconds=SECONDS)
        if ended.code != 0:
            return ended
        shutil.rmtree(stage.results)
        after_s *= 0.6
    raise AssertionError("the run was always faster than the signal")


def ended_by(number: int) -> int:
    """Return the exit code of a run that a signal ended."""
    return -signal.SIGKILL if number == signal.SIGKILL else 130
