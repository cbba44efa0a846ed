"""From what was found in drawn screens to the tables of a power calculation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError
from coculture.run.power.design import ScreenDesign
from coculture.run.power.lots import lots_interval
from coculture.run.power.pools import Pools
from coculture.run.power.screens import Block
from coculture.screen.settings import AnalysisSettings

ENOUGH = 0.8
"""Power from which a read-out counts as informative."""

POWER_COLUMNS = (
    *("readout", "density", "cells_per_well", "size", "replicates", "wells", "screens", "found"),
    *("power", "power_low", "power_high", "interaction_specific"),
)
LEVEL_COLUMNS = (
    *("readout", "density", "cells_per_well", "replicates", "screens", "treatments", "false_calls", "false_call_rate"),
    *("screens_with_call", "share_with_call", "share_low", "share_high"),
)
DENSITY_COLUMNS = (
    *("readout", "density", "cells_per_well", "wells_without", "wells_with", "mean_without", "sd_without", "effect", "effect_se"),
    *("effect_in_sd", "power", "informative", "reason"),
)


@dataclass(frozen=True)
class Lots:
    """How the screens of each kind were drawn.

    Attributes
    ----------
    number : of lots.
    each : screens of a lot.
    """

    number: int
    each: int

    @property
    def screens(self) -> int:
        """Screens of each kind."""
        return self.number * self.each

    def counts(self, parts: pd.DataFrame, column: str) -> NDArray[np.int64]:
        """Return a count for every lot, 0 for one in which nothing could be judged."""
        counts = np.zeros(self.number, dtype=np.int64)
        counts[parts["number"].to_numpy(np.int64)] = parts[column].to_numpy(np.int64)
        return counts


def tallies(found: Mapping[Block, pd.DataFrame]) -> pd.DataFrame:
    """Return all blocks as one table, one row a lot, in an order that does not depend on which came first.

    Raises
    ------
    DataError : if no screen could be judged at all.
    """
    order = sorted(found, key=lambda one: (one.density, one.replicates, one.with_effect, one.number))
    parts = [
        found[block].assign(
            density=block.density, replicates=block.replicates, with_effect=block.with_effect, number=block.number
        )
        for block in order
    ]
    if not any(len(part) for part in parts):
        raise DataError("no drawn screen could be judged", "power", "the wells lack the read-outs; run the recipe to see why")
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def power_table(tally: pd.DataFrame, cells: Mapping[float, float], design: ScreenDesign, lots: Lots) -> pd.DataFrame:
    """Return how often each effect was found; a screen in which it could not be judged counts as one that missed it.

    Parameters
    ----------
    tally : of :func:`tallies`.
    cells : mean number of cells sown, by density.
    design : of the screen.
    lots : how the screens of each kind were drawn.
    """
    rows = []
    for one, parts in _kinds(tally[tally["with_effect"]]):
        found, replicates, tried = int(one["found"]), int(one["replicates"]), lots.screens
        low, high = lots_interval(lots.counts(parts, "found"), lots.each)
        place = (one["readout"], one["density"], cells[float(one["density"])], one["size"], replicates)
        rows.append((*place, design.wells(replicates), tried, found, found / tried, low, high, int(one["specific"]) / tried))
    return _sorted(pd.DataFrame(rows, columns=list(POWER_COLUMNS)), ["density", "size", "replicates"])


def level_table(tally: pd.DataFrame, cells: Mapping[float, float], lots: Lots) -> pd.DataFrame:
    """Return how often something was called in screens without any effect.

    Treatments and controls are then drawn from the same wells, so that hardly anything hangs on the pilot: its share in the
    interval is as estimated, without caution.
    """
    rows = []
    for one, parts in _kinds(tally[~tally["with_effect"]]):
        judged, called, struck, tried = int(one["judged"]), int(one["found"]), int(one["screens_with_call"]), lots.screens
        low, high = lots_interval(lots.counts(parts, "screens_with_call"), lots.each, cautious=False)
        place = (one["readout"], one["density"], cells[float(one["density"])], int(one["replicates"]))
        rate = called / judged if judged else float("nan")
        rows.append((*place, tried, judged, called, rate, struck, struck / tried, low, high))
    return _sorted(pd.DataFrame(rows, columns=list(LEVEL_COLUMNS)), ["density", "replicates"])


def _kinds(tally: pd.DataFrame) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Yield each kind of screen, with its counts over all lots, and its lots."""
    keys = ["readout", "density", "replicates", "size"]
    counts = ["judged", "found", "specific", "screens_with_call"]
    for place, parts in tally.groupby(keys, sort=False):
        yield {**dict(zip(keys, place, strict=True)), **{name: int(parts[name].sum()) for name in counts}}, parts


def density_table(
    pools: Mapping[float, Pools], cells: Mapping[float, float], power: pd.DataFrame, settings: AnalysisSettings, replicates: int
) -> pd.DataFrame:
    """Return what each read-out says at each density, and whether it is informative there: power ≥ 0.8 for the largest effect."""
    rows = []
    for readout in settings.readouts:
        for density in sorted(pools):
            own, largest = pools[density], pools[density].sizes[-1]
            without, dosed = (_finite(table, readout.column) for table in (own.control, own.effects[largest]))
            chosen = power[(power["readout"] == readout.name) & (power["density"] == density)]
            chosen = chosen[(chosen["size"] == largest) & (chosen["replicates"] == replicates)]
            found = float(chosen["power"].iloc[0]) if len(chosen) else 0.0
            rows.append(
                (
                    readout.name,
                    density,
                    cells[density],
                    *_compared(without, dosed),
                    found,
                    found >= ENOUGH,
                    _why(without, dosed, found),
                )
            )
    return pd.DataFrame(rows, columns=list(DENSITY_COLUMNS))


def _compared(without: np.ndarray, dosed: np.ndarray) -> tuple[int, int, float, float, float, float, float]:
    missing = float("nan")
    mean = float(without.mean()) if without.size else missing
    spread = float(without.std(ddof=1)) if without.size > 1 else missing
    effect = float(dosed.mean()) - mean if dosed.size else missing
    error = missing
    if without.size > 1 and dosed.size > 1:
        error = float(np.sqrt(without.var(ddof=1) / without.size + dosed.var(ddof=1) / dosed.size))
    in_sd = effect / spread if spread > 0 else missing
    return without.size, dosed.size, mean, spread, effect, error, in_sd


def _why(without: np.ndarray, dosed: np.ndarray, power: float) -> str:
    if without.size < 2 or dosed.size < 2:
        return "wells lack it: no cells of a type, or too few contacts"
    return "" if power >= ENOUGH else "the whole effect is missed too often at the recipe's replicates"


def _finite(table: pd.DataFrame, column: str) -> np.ndarray:
    values = table[column].to_numpy(np.float64) if column in table else np.empty(0)
    return np.asarray(values[np.isfinite(values)])


def _sorted(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sort within read-outs, which keep their order."""
    names = {name: number for number, name in enumerate(dict.fromkeys(table["readout"]))}
    return table.sort_values(
        ["readout", *keys], key=lambda column: column.map(names) if column.name == "readout" else column, ignore_index=True
    )
