"""Faults that strike the processes of a run."""

from __future__ import annotations

import os
import signal
import time

from drawn_faults import Fault
from stage import MADE_UP_WELLS, Stage
from strikes import ended_by, struck


def worker_killed(stage: Stage, fault: Fault) -> None:
    """The well in work is done again, and the run ends as if nothing had been."""
    well = MADE_UP_WELLS[2 * fault.well]

    def strike(child: int) -> None:
        worker = stage.process_holding(well)
        assert worker != child
        time.sleep(fault.moment * 0.1)
        os.kill(worker, signal.SIGKILL)

    ended = stage.run(strike, workers=2, held=[well], seconds=0.005)
    assert (ended.code, ended.told) == (0, "")
    assert len(stage.ledger()) == len(MADE_UP_WELLS)
    stage.require_whole_files()
    stage.require_recovery()


def parent_killed(stage: Stage, fault: Fault) -> None:
    """Nothing is told by the dead; what has its final name is whole."""
    ended = struck(stage, fault, signal.SIGKILL, group=fault.well % 2 == 0)
    assert (ended.code, ended.told) == (ended_by(signal.SIGKILL), "")
    stage.require_whole_files(stopped_dead=True)
    stage.require_recovery()


def _stopped(stage: Stage, fault: Fault, number: int, group: bool) -> None:
    ended = struck(stage, fault, number, group=group)
    assert ended.code == ended_by(number), ended
    assert ended.told.startswith("Stopped. Finished wells are kept; to go on:\n  coculture run"), ended.told
    stage.require_whole_files()
    stage.require_recovery()


def sigterm(stage: Stage, fault: Fault) -> None:
    """A batch system ends the run."""
    _stopped(stage, fault, signal.SIGTERM, group=False)


def ctrl_c(stage: Stage, fault: Fault) -> None:
    """The person at the terminal ends it, with all its workers."""
    _stopped(stage, fault, signal.SIGINT, group=True)


def second_run(stage: Stage, fault: Fault) -> None:
    """A living run keeps a second one out, which changes nothing; a run killed with -9 does not."""
    well, refused, before = MADE_UP_WELLS[2 * fault.well], [], []

    def second(child: int) -> None:
        stage.process_holding(well)
        before.append(stage.ledger())
        refused.append(stage.driver.run(stage.results, orphans=False, arguments=["--fresh"] if fault.well % 2 else []))
        refused.append(child)
        assert stage.ledger() == before[0]
        os.kill(child, signal.SIGKILL)

    assert stage.run(second, held=[well]).code == -signal.SIGKILL
    ended, child = refused
    assert ended.code == 2
    assert f"another run is writing here (process {child} on" in ended.told
    stage.require_whole_files(stopped_dead=True)
    stage.require_recovery()


def lock_of_the_dead(stage: Stage, fault: Fault) -> None:
    """The lock's text names a living process, as it may when numbers come round again: it is the kernel's lock that counts."""
    ended = stage.run(step=20 + int(fault.moment * 200))
    assert ended.code == -signal.SIGKILL
    lock = stage.results / ".lock"
    assert lock.read_text().startswith("process ")
    lock.write_text(lock.read_text().replace(lock.read_text().split()[1], str(os.getpid())))
    stage.require_recovery(orphans=False)
