"""What every executor promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class WorkerDeath:
    """The outcome of an item whose worker process died under it, twice."""

    reason: str


class Executor(Protocol):
    """Does one task for many items, in any order, and never holds more than a bounded number of them."""

    def results(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result | WorkerDeath]]:
        """Yield each item with its result as soon as it is there.

        Parameters
        ----------
        task : does one item. It is pickled once a worker, items and results once each.
        items : taken one by one, a few ahead of what is being done.

        Raises
        ------
        Exception : whatever ``task`` raises; items not yet done are then dropped.
        """
        ...
