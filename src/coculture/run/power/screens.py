"""Many drawn screens, analysed as the recipe asks, and what was found in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from coculture.errors import DataError
from coculture.randomness import stream
from coculture.run.power.bootstrap import drawn_pilot
from coculture.run.power.design import ScreenDesign
from coculture.run.power.pools import Pools, drawn_screen, effect_name
from coculture.screen.engine import analyse
from coculture.screen.hits.interaction_class import SPECIFIC
from coculture.screen.settings import AnalysisSettings

TALLY_COLUMNS = ("readout", "size", "screens", "judged", "found", "specific", "screens_with_call")


@dataclass(frozen=True)
class Block:
    """Some screens of one kind: a lot, drawn from a pilot of its own.

    Attributes
    ----------
    density : of cells.
    replicates : wells of a treatment.
    with_effect : whether treatments with the effect are among them; otherwise nothing has an effect.
    number : of the block, which addresses its random numbers.
    """

    density: float
    replicates: int
    with_effect: bool
    number: int


@dataclass(frozen=True)
class ScreenTask:
    """Draws a pilot from the pilot, and from that the screens of a block, and analyses them. Pickled once a worker.

    Attributes
    ----------
    pools : by density.
    design : of the screen.
    settings : of the analysis.
    seed : the recipe's.
    screens : screens in a block.
    """

    pools: Mapping[float, Pools]
    design: ScreenDesign
    settings: AnalysisSettings
    seed: int
    screens: int

    def __call__(self, block: Block) -> pd.DataFrame:
        """Return what was found: one row a read-out and effect size, 0 for what has no effect (:data:`TALLY_COLUMNS`)."""
        random = stream(
            self.seed, "power", "screens", f"{block.density:g}", f"{block.replicates}", f"{block.with_effect}", f"{block.number}"
        )
        pools, sizes = drawn_pilot(self.pools[block.density], random), self._sizes(block)
        asked = judged_alone(self.settings)
        parts = []
        for _ in range(self.screens):
            for chosen in sizes:
                table = drawn_screen(pools, self.design, block.replicates, chosen, random)
                try:
                    hits = analyse(table, asked).hits
                except DataError:
                    continue  # the wells drawn lack what is to be judged: nothing is found in them
                parts += [_tally(rows, str(readout), chosen) for readout, rows in hits.groupby("readout", sort=False)]
        found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(TALLY_COLUMNS))
        return found.groupby(["readout", "size"], sort=False, as_index=False).sum()

    def _sizes(self, block: Block) -> list[tuple[float, ...]]:
        """Return the effect sizes to be put into one screen each."""
        if not block.with_effect:
            return [()]
        sizes = self.pools[block.density].sizes
        return [sizes] if self.design.treatments > len(sizes) else [(size,) for size in sizes]


def judged_alone(settings: AnalysisSettings) -> AnalysisSettings:
    """Return the settings without what calls of single treatments do not rest on: curves, contrasts, combinations, mixtures."""
    return replace(settings, dose_response="none", contrast=None, combination=None, mixture=None)


def _tally(hits: pd.DataFrame, readout: str, sizes: tuple[float, ...]) -> pd.DataFrame:
    rows = []
    names = {effect_name(size): size for size in sizes}
    without = hits[~hits["compound"].isin(list(names))]
    groups = [(size, hits[hits["compound"] == name]) for name, size in names.items()] + ([] if sizes else [(0.0, without)])
    for size, own in groups:
        called = own["hit"].to_numpy(bool)
        specific = (own["interaction_class"] == SPECIFIC).to_numpy(bool)
        rows.append((readout, size, 1, len(own), int(called.sum()), int(specific.sum()), int(called.any())))
    return pd.DataFrame(rows, columns=list(TALLY_COLUMNS))
