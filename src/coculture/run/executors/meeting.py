"""Where the process that runs a screen and the workers of a cluster leave things for each other: a shared folder, or a store.

The task lies there, and a mark for each item in work. A mark that outlives its worker tells whom the death is put down to.
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, Self

from coculture.errors import CocultureError, DataError
from coculture.store.atomic import PREFIX, write_bytes
from coculture.store.object_store import ObjectStore

TASK_NAME = "task.pickle"


class Meeting(Protocol):
    """A place that this process and every worker see. Small: it goes to the workers with each item."""

    def opened(self, task: bytes) -> Self:
        """Return a place of one's own in it, which holds the task."""
        ...

    def close(self) -> None:
        """Remove the place."""
        ...

    def task(self) -> bytes:
        """Return the task."""
        ...

    def marks(self, number: int) -> int:
        """Return how many marks an item has."""
        ...

    def mark(self, number: int) -> str:
        """Mark an item; return the mark's name."""
        ...

    def unmark(self, name: str) -> None:
        """Remove a mark."""
        ...

    def unseen(self) -> tuple[str, str]:
        """Return why this process does not see the place and what to do, two empty texts where it does."""
        ...


@dataclass(frozen=True)
class FolderMeeting:
    """A folder that all machines see under the same name.

    Attributes
    ----------
    folder : the folder; made where it does not exist.
    """

    folder: Path

    def opened(self, task: bytes) -> FolderMeeting:
        """Return a folder of one's own in it; what a killed run leaves of it is removed by the next run."""
        own = self.folder / f"{PREFIX}dask-{uuid.uuid4().hex[:12]}"
        write_bytes(own / TASK_NAME, task)
        return FolderMeeting(own)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def task(self) -> bytes:
        """Return the task."""
        return (self.folder / TASK_NAME).read_bytes()

    def marks(self, number: int) -> int:
        """Return how many marks an item has."""
        return len(list(self.folder.glob(f"{number}.*")))

    def mark(self, number: int) -> str:
        """Mark an item."""
        name = f"{number}.{uuid.uuid4().hex[:12]}"
        (self.folder / name).touch()
        return name

    def unmark(self, name: str) -> None:
        """Remove a mark."""
        (self.folder / name).unlink(missing_ok=True)

    def unseen(self) -> tuple[str, str]:
        """Return why this process does not see the folder."""
        if self.folder.is_dir():
            return "", ""
        remedy = "write to a folder on a file system that all machines share, with -o, or keep the wells in a store, with --store"
        return f"the worker does not see the results folder {self.folder.parent.parent}", remedy


@dataclass(frozen=True)
class StoreMeeting:
    """A name in an object store.

    Attributes
    ----------
    store : where the run keeps its wells.
    name : of this place in the store.
    sha256 : of the task. It goes the other way, through the scheduler, so that nobody who may write to the store can put
        another program in the task's place.
    """

    store: ObjectStore
    name: str = ""
    sha256: str = ""

    def opened(self, task: bytes) -> StoreMeeting:
        """Return a place of one's own in the store; what a killed run leaves of it is removed by the next run."""
        own = replace(self, name=f"{PREFIX}dask-{uuid.uuid4().hex[:12]}", sha256=hashlib.sha256(task).hexdigest())
        own.store.write(f"{own.name}/{TASK_NAME}", task)
        return own

    def close(self) -> None:
        """Remove the place; a store that does not answer any more keeps it until the next run."""
        with suppress(CocultureError):
            self.store.remove(self.store.marks(self.name))

    def task(self) -> bytes:
        """Return the task.

        Raises
        ------
        DataError : if it is not the one that was handed over.
        """
        task = self.store.read(f"{self.name}/{TASK_NAME}")
        if task is None or hashlib.sha256(task).hexdigest() != self.sha256:
            raise DataError("the task in the store is not the one this run wrote", self.store.url, "see who may write there")
        return task

    def marks(self, number: int) -> int:
        """Return how many marks an item has."""
        return len(self.store.marks(f"{self.name}/{number}"))

    def mark(self, number: int) -> str:
        """Mark an item."""
        name = f"{self.name}/{number}/{uuid.uuid4().hex[:12]}"
        self.store.write(name, b"in work\n")
        return name

    def unmark(self, name: str) -> None:
        """Remove a mark; the item is done, so that one which cannot be removed does no harm."""
        with suppress(CocultureError):
            self.store.remove([name])

    def unseen(self) -> tuple[str, str]:
        """Return why this process does not see the store."""
        try:
            seen = self.store.read(f"{self.name}/{TASK_NAME}") is not None
        except CocultureError as error:
            problem = error.problems[0]
            return f"the worker does not see the store {self.store.url}: {problem.what}", problem.remedy
        remedy = "give all machines the same address of it, such as AWS_ENDPOINT_URL"
        return ("", "") if seen else (f"the worker sees another store at {self.store.url} than this machine", remedy)
