"""Which faults strike, and when: all drawn from one seed, so that a campaign can be done again."""

from __future__ import annotations

import random
from dataclasses import dataclass

SEED = 9
PROCESS_KINDS = ("worker killed", "parent killed", "SIGTERM", "Ctrl-C", "disk full", "folder unusable", "second run")
FILE_KINDS = ("corrupt table", "corrupt index", "clock set back", "out of memory")
IMAGE_KINDS = (
    "truncated image",
    "flipped bit",
    "missing channel",
    "mixed sizes",
    "empty images",
    "saturated images",
    "changed image",
)
KINDS = PROCESS_KINDS + FILE_KINDS + IMAGE_KINDS


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes
    ----------
    kind : one of :data:`KINDS`.
    number : its place in the campaign.
    moment : when it strikes, or another chance of the kind's, in 0..1.
    well : which of the wells it strikes, 0..11.
    """

    kind: str
    number: int
    moment: float
    well: int

    def __str__(self) -> str:
        return f"{self.number}: {self.kind}"


def drawn(n: int) -> list[Fault]:
    """Return ``n`` faults: one of each kind first, then kinds at random, those without images three times as often."""
    chances = random.Random(SEED)
    weights = [3] * len(PROCESS_KINDS + FILE_KINDS) + [1] * len(IMAGE_KINDS)
    kinds = [*KINDS, *chances.choices(KINDS, weights, k=max(n - len(KINDS), 0))][:n]
    return [Fault(kind, number, chances.random(), chances.randrange(12)) for number, kind in enumerate(kinds, start=1)]
