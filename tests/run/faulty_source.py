"""The fake source with wells that ask for more memory than there is, or that wait to be struck."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fake_source import FakeSource

from coculture.sources.source import WellObservation

LONG_S = 60.0


@dataclass(frozen=True)
class FaultySource(FakeSource):
    """Wells in ``hungry`` ask for 8 GB at once.

    A well in ``held`` writes the process that does it into a file of its name in the folder ``marks`` and then waits, which
    is when a fault can strike it, for a file "go on" there; done again, it finds its mark and does not wait.
    """

    hungry: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    marks: Path | None = None

    def observe(self, folder: Path, plate: str, well: str) -> WellObservation:
        if well in self.hungry:
            np.ones(1_000_000_000)
        if well in self.held and self.marks is not None and not (self.marks / well).exists():
            self.marks.mkdir(exist_ok=True)
            (self.marks / f".{well}").write_text(str(os.getpid()))
            (self.marks / f".{well}").rename(self.marks / well)
            self._wait(self.marks / "go on")
        return super().observe(folder, plate, well)

    def _wait(self, sign: Path) -> None:
        end = time.monotonic() + LONG_S
        while not sign.exists() and time.monotonic() < end:
            time.sleep(0.01)
