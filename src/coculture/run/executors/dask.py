"""Tasks spread over the workers of a Dask cluster that share a folder or a store with this process.

The scheduler sees numbers only: the task itself (which knows every well's inputs, so may be large) is written once to the
shared place, where each worker reads it once. An item is marked there while it is being done. A mark that outlives its
worker tells whom the death is put down to: an item with two such marks is not tried a third time, and what merely waited on
the same worker is never accused. The scheduler hands out the items of a dead worker again by itself. A finished item's result
is told through the scheduler (``told``), so that it does not depend on its worker's life.
"""

from __future__ import annotations

import pickle
import queue
import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from coculture.errors import CocultureError, FileError, InputError, MissingExtraError
from coculture.run.executors.base import Item, Result, WorkerDeath
from coculture.run.executors.cluster_fit import Fit, require_fit
from coculture.run.executors.meeting import FolderMeeting, Meeting
from coculture.run.executors.processes import AHEAD, CHANCES
from coculture.run.executors.told import listen, tell

ADDRESS = re.compile(r"(tcp|tls|ucx|ws|wss)://.+:\d+")

_tasks: dict[Meeting, Callable[[Any], Any]] = {}
"""In a worker: the task of the run in work, read once."""


@dataclass(frozen=True)
class Patience:
    """How long is waited, in seconds.

    Attributes
    ----------
    scheduler_s : for the scheduler to answer.
    workers_s : for a first worker, and for another one when all are gone.
    tick_s : between two looks at how many workers there are.
    """

    scheduler_s: float = 20.0
    workers_s: float = 300.0
    tick_s: float = 5.0


class DaskExecutor:
    """The workers of a Dask cluster, however many there are at the moment.

    Parameters
    ----------
    address : of the scheduler, such as ``tcp://10.0.0.5:8786``.
    shared : a place that this process and every worker see; of a folder its name, which is made where it does not exist.
    patience : how long is waited for scheduler and workers.

    Raises
    ------
    InputError : if ``address`` is none.
    MissingExtraError : if ``distributed`` is not installed.
    """

    def __init__(self, address: str, shared: Path | Meeting, patience: Patience | None = None) -> None:
        if not ADDRESS.fullmatch(address):
            raise InputError(f"{address!r} is no address of a scheduler", "--scheduler", "give it as tcp://HOST:PORT")
        try:
            import distributed  # noqa: F401  (told before anything is written)
        except ImportError as error:
            raise MissingExtraError.for_extra("distributed", "cluster", "a run on a Dask cluster") from error
        self._address = address
        self._shared: Meeting = FolderMeeting(shared) if isinstance(shared, Path) else shared
        self._patience = patience or Patience()

    def results(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result | WorkerDeath]]:
        """Yield each item with its result as it is done; see the module for what happens when a worker dies.

        Raises
        ------
        FileError : if the scheduler does not answer, is lost, or has no worker; or the workers do not see the place.
        InputError : if a worker has other software than this process, or runs several threads.
        Exception : whatever ``task`` raises.
        """
        with self._client() as client, self._handed_over(task) as place:
            self._await_worker(client)
            fit = Fit.of(place)
            require_fit(client, fit)
            flight = _Flight(client, fit, self._address, self._patience)
            yield from flight.results(iter(items))

    @contextmanager
    def _client(self) -> Iterator[Any]:
        """Give a client; on leaving, whatever the reason, the scheduler forgets what was asked of it."""
        distributed: Any = import_module("distributed")
        try:
            client = distributed.Client(self._address, timeout=self._patience.scheduler_s, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:
            remedy = "see that the scheduler runs ('dask scheduler') and can be reached from here, or run without --scheduler"
            raise FileError(f"no Dask scheduler answers ({error})", self._address, remedy) from error
        try:
            yield client
        finally:
            client.close(timeout=5)

    def _await_worker(self, client: Any) -> None:
        try:
            client.wait_for_workers(1, timeout=self._patience.workers_s)
        except TimeoutError as error:
            raise _no_workers(self._address, self._patience) from error

    @contextmanager
    def _handed_over(self, task: Callable[[Any], Any]) -> Iterator[Meeting]:
        """Give a place that holds the task; what a killed run leaves of it is removed by the next run."""
        place = self._shared.opened(pickle.dumps(task))
        try:
            yield place
        finally:
            place.close()


class _Flight:
    """The items in work."""

    def __init__(self, client: Any, fit: Fit, address: str, patience: Patience) -> None:
        self._client, self._fit = client, fit
        self._address, self._patience = address, patience
        self._flying: dict[int, tuple[Any, Any]] = {}  # by the item's number: the item, its future
        self._news: queue.SimpleQueue[tuple[int, bytes | None, Any]] = queue.SimpleQueue()  # number, what was told, or the future
        self._topic = f"coculture-{uuid.uuid4().hex}"
        listen(client, self._topic, self._hear)
        self._threads, self._looked, self._seen = 0, 0.0, time.monotonic()

    def results(self, waiting: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
        """Do the waiting items."""
        numbered = enumerate(waiting)
        while True:
            self._look()
            for number, item in islice(numbered, max(0, self._threads * AHEAD - len(self._flying))):
                self._submit(number, item)
            if not self._flying and self._threads:
                return
            try:
                number, told, future = self._news.get(timeout=self._patience.tick_s)
            except queue.Empty:
                continue
            if number in self._flying and (told is not None or future is self._flying[number][1]):
                item, own = self._flying.pop(number)
                yield from self._landed(number, item, own) if told is None else ((item, pickle.loads(told)),)

    def _hear(self, number: int, told: bytes) -> None:
        """Take what was told, and let the scheduler forget the item at once, so that no worker's death brings it back."""
        self._news.put((number, told, None))
        _, future = self._flying.get(number, (None, None))
        if future is not None:
            future.release()

    def _submit(self, number: int, item: Any) -> None:
        key = f"coculture-{uuid.uuid4().hex}"
        future = self._client.submit(_do, self._fit, self._topic, number, item, key=key)
        self._flying[number] = (item, future)
        future.add_done_callback(lambda done: self._news.put((number, None, done)))

    def _landed(self, number: int, item: Any, future: Any) -> Iterator[tuple[Any, Any]]:
        """Give what the future of an item holds whose result was not told: an error, as a rule."""
        from distributed import KilledWorker

        try:
            yield item, future.result()
        except KilledWorker:  # the scheduler's own count, which accuses bystanders too: ours decides
            self._submit(number, item)
        except (CancelledError, OSError) as error:
            if isinstance(error, CocultureError) or (self._client.status == "running" and not future.cancelled()):
                raise
            raise self._lost() from error

    def _look(self) -> None:
        """Count the threads, now and then; tell when the scheduler, or every worker, is gone."""
        if self._client.status != "running":
            raise self._lost()
        now = time.monotonic()
        if self._threads and now - self._looked < self._patience.tick_s:
            return
        try:
            self._threads = sum(self._client.nthreads().values())
        except (OSError, CancelledError) as error:
            raise self._lost() from error
        self._looked = now
        if self._threads:
            self._seen = now
        elif now - self._seen > self._patience.workers_s:
            raise _no_workers(self._address, self._patience)

    def _lost(self) -> FileError:
        remedy = "finished wells are kept: start the scheduler again, and give the same command to go on"
        return FileError("the Dask scheduler was lost", self._address, remedy)


def _no_workers(address: str, patience: Patience) -> FileError:
    what = f"the Dask scheduler has had no worker for {patience.workers_s:g} s"
    return FileError(what, address, f"start workers ('dask worker {address} --nthreads 1'), and give the same command to go on")


def _do(fit: Fit, topic: str, number: int, item: Any) -> Any:
    """Do one item in a worker, marked while it is done, and tell what became of it."""
    place = fit.place
    if place not in _tasks:
        fit.require_here()  # a worker that came after the start was not asked yet
        _tasks.clear()
        _tasks[place] = pickle.loads(place.task())
    if place.marks(number) >= CHANCES:
        return WorkerDeath("the worker process died twice on it: out of memory, or a crash in a library")
    mark = place.mark(number)
    try:
        result = _tasks[place](item)
        tell(topic, number, result)
        return result
    finally:
        place.unmark(mark)
