"""Numbers of one well, and what was left out of them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class WellNumbers:
    """Numbers of one well.

    Attributes
    ----------
    numbers : by the name of their column in the well table.
    notes : what was left out, in words.
    """

    numbers: Mapping[str, float | int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __or__(self, other: WellNumbers) -> WellNumbers:
        """Return both together."""
        return WellNumbers({**self.numbers, **other.numbers}, (*self.notes, *other.notes))
