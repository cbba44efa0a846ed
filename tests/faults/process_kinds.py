"""Faults that strike the process, its disk or its folder."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from drawn_faults import Fault
from stage import Driver, Stage

LONGEST_S = 1.2
SECONDS = 0.02


def strike(stage: Stage, number: int, after_s: float, group: bool) -> Callable[[int], None]:
    """Return what sends a signal some time after the folder is there."""

    def striking(child: int) -> None:
        end = time.monotonic() + 20
        while not (stage.results / "work").exists() and time.monotonic() < end and Path(f"/proc/{child}").exists():
            time.sleep(0.005)
        time.sleep(after_s)
        with suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(child, number)

    return striking


def children(parent: int) -> list[int]:
    with suppress(OSError):
        return [int(name) for name in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return []


def worker_killed(stage: Stage, fault: Fault) -> None:
    """The well in work is done again, and the run ends as if nothing had been."""

    def striking(child: int) -> None:
        end = time.monotonic() + 20
        while not (workers := children(child)) and time.monotonic() < end and Path(f"/proc/{child}").exists():
            time.sleep(0.005)
        time.sleep(fault.moment * LONGEST_S / 2)
        for worker in workers[:1]:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)

    ended = stage.run(workers=2, seconds=SECONDS, meanwhile=striking)
    assert (ended.code, ended.told) == (0, "")
    stage.require_whole_files()
    stage.require_recovery()


def parent_killed(stage: Stage, fault: Fault) -> None:
    """Nothing is told by the dead; what has its final name is whole."""
    group = fault.well % 2 == 0
    when = strike(stage, signal.SIGKILL, fault.moment * LONGEST_S, group)
    ended = stage.run(workers=1 + group, seconds=SECONDS, meanwhile=when)
    assert ended.code in (0, -signal.SIGKILL)
    stage.require_whole_files(stopped_dead=True)
    stage.require_recovery()


def _stopped(stage: Stage, fault: Fault, number: int, group: bool) -> None:
    ended = stage.run(
        workers=1 + fault.well % 2, seconds=SECONDS, meanwhile=strike(stage, number, fault.moment * LONGEST_S, group)
    )
    assert ended.code in (0, 130), ended.told
    if ended.code == 130:
        assert ended.told.startswith("Stopped. Finished wells are kept; to go on:"), ended.told
    stage.require_whole_files()
    stage.require_recovery()


def sigterm(stage: Stage, fault: Fault) -> None:
    """A batch system ends the run."""
    _stopped(stage, fault, signal.SIGTERM, group=False)


def ctrl_c(stage: Stage, fault: Fault) -> None:
    """The person at the terminal ends it, with all its workers."""
    _stopped(stage, fault, signal.SIGINT, group=True)


def disk_full(stage: Stage, fault: Fault) -> None:
    """No file may grow beyond a limit, which fails in the same calls as a full disk."""
    ended = stage.run(file_limit=int(100 * 10 ** (2.3 * fault.moment)), workers=1 + fault.well % 2)
    assert ended.code in (0, 2, 3)
    if ended.code:
        assert "cannot be written" in ended.told, ended.told
    stage.require_whole_files()
    stage.require_recovery()


def folder_unusable(stage: Stage, fault: Fault) -> None:
    """A file lies where the results folder, or one in it, should be; without root's rights, a folder without them."""
    place = stage.results if fault.moment < 0.5 else stage.results / "work"
    place.parent.mkdir(exist_ok=True)
    if os.geteuid() != 0 and fault.well % 2:
        place = stage.results
        place.mkdir(mode=0o555, exist_ok=True)
    else:
        place.write_text("not a folder")
    ended = stage.run()
    assert ended.code == 2
    assert ended.told.startswith("Error: ")
    assert str(stage.results) in ended.told
    place.chmod(0o755) if place.is_dir() else place.unlink()
    stage.require_recovery()


def second_run(stage: Stage, fault: Fault) -> None:
    """A living run keeps a second one out; a dead one does not."""
    refused = []

    def second(child: int) -> None:
        end = time.monotonic() + 20
        while not (stage.results / "work").exists() and time.monotonic() < end:
            time.sleep(0.005)
        other = Driver.started()
        os.kill(child, signal.SIGSTOP)
        try:
            refused.append(other.run(stage.results, **stage.order))
        finally:
            os.kill(child, signal.SIGKILL)
            assert other.process.stdin is not None
            other.process.stdin.close()
            other.process.wait()
            assert other.process.stdout is not None
            other.process.stdout.close()

    stage.run(seconds=1.0, meanwhile=second)
    assert refused[0].code == 2
    assert "another run is writing here (process" in refused[0].told
    stage.require_whole_files(stopped_dead=True)
    stage.require_recovery()
