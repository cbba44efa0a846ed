"""Which faults strike, and when: all drawn from one seed, so that a campaign can be done again."""

from __future__ import annotations

import random
from dataclasses import dataclass

SEED = 9
PROCESS_KINDS = ("worker killed", "parent killed", "SIGTERM", "Ctrl-C", "second run", "lock of the dead")
DISK_KINDS = ("disk full", "file-size limit", "read-only folder", "folder unusable")
CLUSTER_KINDS = ("Dask worker lost", "Dask scheduler lost")
FILE_KINDS = ("corrupt table", "corrupt index", "corrupt image chunk", "clock set back", "out of memory")
VIRTUAL_KINDS = ("virtual worker killed", "virtual parent killed")
IMAGE_KINDS = (
    *("truncated image", "flipped bit", "missing channel", "mixed sizes", "mixed bit depths", "mixed focal planes"),
    *("duplicate well", "empty images", "saturated images", "changed before run", "changed before resume"),
    "corrupt light field",
)
KINDS = PROCESS_KINDS + DISK_KINDS + CLUSTER_KINDS + FILE_KINDS + VIRTUAL_KINDS + IMAGE_KINDS


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
    """Return ``n`` faults: one of each kind, then again and again one of each kind in an order drawn anew."""
    chances = random.Random(SEED)
    kinds = [*KINDS]
    while len(kinds) < n:
        kinds += chances.sample(KINDS, len(KINDS))
    return [Fault(kind, number, chances.random(), chances.randrange(12)) for number, kind in enumerate(kinds[:n], start=1)]
