"""How a power calculation shows how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

One = TypeVar("One")


class Shown(Protocol):
    """Shows progress: takes what comes, how many come and what they are, and gives them on."""

    def __call__(self, arriving: Iterator[One], total: int, what: str) -> Iterator[One]:
        """Yield what arrives."""
        ...


def in_silence(arriving: Iterator[One], total: int, what: str) -> Iterator[One]:
    """Show nothing."""
    return arriving
