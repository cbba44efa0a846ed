"""What every painter of a well's time points offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from coculture.movie.caption import Caption
from coculture.movie.encoders.base import Frame


class Painter(Protocol):
    """Paints one time point after the other."""

    @property
    def caption(self) -> Caption:
        """What is the same on every picture."""
        ...

    @property
    def times_min(self) -> tuple[float, ...]:
        """The time points."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know."""
        ...

    def picture(self, number: int) -> Frame:
        """Return the picture of a time point, without caption."""
        ...

    def counts(self, number: int) -> Sequence[int | None]:
        """Return how many there are of each entry of the caption's key."""
        ...
