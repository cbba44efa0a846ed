"""What strikes a run from within its own process, in a child of ``run_driver.py``."""

from __future__ import annotations

import datetime
import os
import resource
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import coculture.run.execute as execution
from coculture.cli.app import _as_interrupt
from coculture.errors import FileError
from coculture.run import finish, pipeline
from coculture.run.lock import only_run_in

MEMORY_LEFT = 2_000_000_000


def spare_the_newborn() -> None:
    """Treat signals as the program does, and let workers be born as its fork server bears them: deaf to Ctrl-C."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    both = {signal.SIGINT, signal.SIGTERM}

    def in_child() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, both)

    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, both),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, both),
        after_in_child=in_child,
    )


def await_orphans(results: Path) -> None:
    """Wait for the workers of a killed run.

    Workers forked straight from the parent, as here and never in earnest, share its lock until they notice its death.
    """
    for _ in range(200):
        try:
            with only_run_in(results):
                return
        except FileError:
            time.sleep(0.05)


def strike_at_step(step: int, number: int, to_group: bool) -> None:
    """Send this process, or its group, a signal just before its ``step``-th rename or sync."""
    left = step

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                (os.killpg if to_group else os.kill)(os.getpgid(0) if to_group else os.getpid(), number)
            return function(*arguments, **named)

        return counted

    os.replace, os.rename, os.fsync = counting(os.replace), counting(os.rename), counting(os.fsync)


def spoil_after_check(spoil: Sequence[Sequence[str]]) -> None:
    """Put other images in the places of some, when the check is done and the run has not begun."""

    def spoiling(*given: Any, **named: Any) -> Any:
        for other, image in spoil:
            shutil.copyfile(other, image)
        return execution.execute(*given, **named)

    pipeline.execute = spoiling


def limit(memory: bool, file_bytes: int) -> None:
    """Let this process and its workers have little memory more than now, and no file beyond a size."""
    if memory:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MEMORY_LEFT
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    if file_bytes:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, resource.RLIM_INFINITY))


def turn_clock_back(seconds: float) -> None:
    """Let this process think that it is earlier."""
    real = time.time

    class Earlier(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
            return datetime.datetime.fromtimestamp(real() - seconds, tz)

    time.time = lambda: real() - seconds
    execution.datetime = finish.datetime = Earlier  # type: ignore[misc]
