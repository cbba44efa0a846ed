"""Tasks spread over processes of this machine.

On Linux workers are forked from a *fork server*: a fresh process that imports the libraries once and has no threads, so
starting a worker is quick and its memory is shared until written to, without the deadlocks of forking a process that runs
threads. Elsewhere they are spawned.

A worker that dies (out of memory, a crash in a library) breaks its pool, and nobody can say which of the items in work
did it. So each of those items is done again alone in a pool of one, twice if need be, because it may not have begun when
the crowd's pool broke; the one that kills both its own workers is reported as a :class:`WorkerDeath`, the others have their
results, and the rest goes on in a new pool.

A worker lives no longer than its parent, however the parent ends: a thread in it waits on the parent's pipe.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from itertools import islice
from multiprocessing import connection, forkserver
from multiprocessing.context import BaseContext
from typing import Any

from coculture.run.executors.base import Item, Result, WorkerDeath
from coculture.run.executors.threads_of_libraries import one_thread_each

AHEAD = 2
"""Items handed out per worker: the one it does and the one it does next."""

FORK_SERVER_END = "coculture.run.executors.fork_server_end"
"""The first module a fork server imports."""

CHANCES = 2
"""How often a suspect is done alone before its worker's death is put down to it."""

_task: Callable[[Any], Any] | None = None


def _begin_worker(task: Callable[[Any], Any]) -> None:
    """Run once in each worker: keep the task, leave Ctrl-C to the parent, and die with it."""
    global _task
    _task = task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, name="die-with-parent", daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _do(item: Any) -> Any:
    if _task is None:
        raise RuntimeError("this worker was not begun")
    return _task(item)


class ProcessExecutor:
    """Several worker processes.

    Parameters
    ----------
    workers : number of processes, at least 1.
    preload : modules the fork server imports before the first worker is forked.
    start : how workers are started, a name of :mod:`multiprocessing`; None is what suits the system.
    """

    def __init__(self, workers: int, preload: tuple[str, ...] = (), start: str | None = None) -> None:
        if workers < 1:
            raise ValueError(f"at least one worker is needed, found {workers}")
        self._workers = workers
        self._context = _context(preload, start)

    def results(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result | WorkerDeath]]:
        """Yield each item with its result as it is done; see the module for what happens when a worker dies."""
        waiting = iter(items)
        broken = True
        while broken:
            suspects: list[Item] = []
            with self._pool(self._workers, task) as pool:
                yield from self._crowd(pool, waiting, suspects)
            broken = bool(suspects)
            for item in suspects:
                yield item, self._alone(task, item)

    def _crowd(
        self, pool: ProcessPoolExecutor, waiting: Iterator[Item], suspects: list[Item]
    ) -> Iterator[tuple[Item, Result | WorkerDeath]]:
        """Do the waiting items until none is left or the pool breaks; then ``suspects`` holds the items in work."""
        flying: dict[Future[Result], Item] = {}
        while not suspects:
            for item in islice(waiting, self._workers * AHEAD - len(flying)):
                try:
                    flying[pool.submit(_do, item)] = item
                except BrokenProcessPool:
                    suspects.append(item)
                    break
            if not flying:
                return
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                item = flying.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    suspects.append(item)
                else:
                    yield item, future.result()
        for future in wait(flying).done:
            item = flying[future]
            if isinstance(future.exception(), BrokenProcessPool):
                suspects.append(item)
            else:
                yield item, future.result()

    def _alone(self, task: Callable[[Item], Result], item: Item) -> Result | WorkerDeath:
        for _ in range(CHANCES):
            with self._pool(1, task) as pool:
                try:
                    future: Future[Result] = pool.submit(_do, item)
                    return future.result()
                except BrokenProcessPool:
                    continue
        return WorkerDeath("the worker process died twice on it: out of memory, or a crash in a library")

    @contextmanager
    def _pool(self, workers: int, task: Callable[[Item], Result]) -> Iterator[ProcessPoolExecutor]:
        """Give a pool; on leaving, whatever the reason, no worker of it is left."""
        pool = ProcessPoolExecutor(workers, mp_context=self._context, initializer=_begin_worker, initargs=(task,))
        try:
            yield pool
        except BaseException:
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.terminate()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _context(preload: tuple[str, ...], start: str | None) -> BaseContext:
    """Return the way workers are started, with the fork server running where there is one."""
    one_thread_each()
    start = start or ("forkserver" if sys.platform == "linux" else "spawn")
    if start != "forkserver":
        return multiprocessing.get_context(start)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([FORK_SERVER_END, *preload])
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited: Ctrl-C never reaches a worker being born
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    _stop_server_at_exit()
    return context


@cache
def _stop_server_at_exit() -> None:
    atexit.register(_stop_server)


def _stop_server() -> None:
    """End the fork server and wait for it, so that the processor time of its workers counts as this process's children's."""
    server = getattr(forkserver, "_forkserver", None)
    stop = getattr(server, "_stop", None)
    if stop is not None:
        stop()
