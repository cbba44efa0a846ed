"""What a worker of a cluster made of an item, told to the parent through the scheduler the moment it is there.

A result that waits in its worker's memory until the parent fetches it is lost for some time when that worker dies: the parent
waits for an answer that never comes, and the item is done again. Told as an event it goes by way of the scheduler, on the same
line as the news that the item is done and ahead of it. What was told does not depend on its worker any more.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

MOST_BYTES = 1 << 20
"""A larger result is not told: events pass through the scheduler's memory. The parent fetches it from the worker."""


def tell(topic: str, number: int, result: Any) -> None:
    """Tell, in a worker, what became of the item of a number."""
    from distributed import get_worker

    told = pickle.dumps(result)
    if len(told) <= MOST_BYTES:
        worker: Any = get_worker()
        worker.log_event(topic, (number, told))


def listen(client: Any, topic: str, heard: Callable[[int, bytes], object]) -> None:
    """Have ``heard`` called, in a thread of the client, with every number and pickled result that is told."""

    def handle(event: tuple[float, Any]) -> None:
        number, told = event[1]
        heard(number, told)

    client.subscribe_topic(topic, handle)
