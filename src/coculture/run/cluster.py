"""The wells of a run on a Dask cluster."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coculture.run.executors.base import Item, Result, WorkerDeath
from coculture.run.executors.dask import DaskExecutor
from coculture.run.executors.meeting import StoreMeeting
from coculture.run.lock import WORKERS_NAME
from coculture.run.well_files import WORK_FOLDER
from coculture.run.worker import WellTask
from coculture.store.object_store import ObjectStore


class ClusterExecutor:
    """A :class:`DaskExecutor` for the wells of one results folder.

    Parameters
    ----------
    address : of the scheduler, such as ``tcp://10.0.0.5:8786``.
    results : the results folder; every worker must see it under the same name, unless there is a store.
    store : where the wells' files lie; the workers then need see nothing else.

    Raises
    ------
    InputError, MissingExtraError : as :class:`DaskExecutor`.
    """

    def __init__(self, address: str, results: Path, store: ObjectStore | None = None) -> None:
        self._results = results.resolve()
        self._in_store = store is not None
        self._executor = DaskExecutor(address, self._results / WORK_FOLDER if store is None else StoreMeeting(store))

    def results(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result | WorkerDeath]]:
        """Yield each well with what became of it; see :class:`DaskExecutor`."""
        with _quiet_libraries():
            guest: Callable[[Any], Any] = replace(task, is_guest=True) if isinstance(task, WellTask) else task
            yield from self._executor.results(guest if self._in_store else GuestTask(guest, self._results), items)


LOUD = ("distributed", "distributed.client", "distributed.core", "distributed.comm", "tornado.application")
"""Loggers of the libraries that write tracebacks when a scheduler is lost, which is told in plain words here."""


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in LOUD]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@dataclass(frozen=True)
class GuestTask:
    """A task in a worker that outlives the run: its presence in the results folder is noted for each item, not for good.

    Otherwise a run that goes on after its parent was killed would wait for workers that never end.
    """

    task: Callable[[Any], Any]
    results: Path

    def __call__(self, item: Any) -> Any:
        """Do one item."""
        with _present(self.results):
            return self.task(item)


@contextmanager
def _present(results: Path) -> Iterator[None]:
    descriptor = os.open(results / WORKERS_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)
