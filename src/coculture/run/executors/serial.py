"""All tasks one after the other in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from coculture.run.executors.base import Item, Result, WorkerDeath


class SerialExecutor:
    """The executor of ``--workers 1``: no second process, so errors and profiles are plain to read."""

    def results(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result | WorkerDeath]]:
        """Yield each item with its result, in the order of the items."""
        for item in items:
            yield item, task(item)
