"""The fake source with wells that ask for more memory than there is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fake_source import FakeSource

from coculture.sources.source import WellObservation


@dataclass(frozen=True)
class HungrySource(FakeSource):
    """Wells in ``hungry`` ask for 8 GB at once."""

    hungry: tuple[str, ...] = ()

    def observe(self, folder: Path, plate: str, well: str) -> WellObservation:
        if well in self.hungry:
            np.ones(1_000_000_000)
        return super().observe(folder, plate, well)
