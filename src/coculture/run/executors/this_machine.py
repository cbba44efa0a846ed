"""The executor of this machine for tasks that are no wells of a run."""

from __future__ import annotations

import os

from coculture.run.executors.base import Executor
from coculture.run.executors.processes import ProcessExecutor
from coculture.run.executors.serial import SerialExecutor


def local_executor(workers: int | None, *preload: str) -> Executor:
    """Return an executor.

    Parameters
    ----------
    workers : number of processes; 1 is no second process; None is one per processor this process may use.
    preload : modules that workers need.
    """
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = workers or usable
    return SerialExecutor() if wanted == 1 else ProcessExecutor(wanted, preload)
