"""Which cells of a well are dead: learnt from the controls, judged by the stain, and settled over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.annotate.dead_stain import DeadStain
from coculture.sources.learning import MeasureWell, kept, learn_from_controls

KEPT_AS = "dead_cells"
"""Key in what is kept of a plate."""

CONFIRMED_BY = 2
"""Time points running at which a tracked cell must look dead, so that a flicker of the stain kills nobody."""


def learn_dead(
    stain: DeadStain, folder: Path, plates: Sequence[str], controls: Callable[[str], list[str]], measure: MeasureWell
) -> None:
    """Learn the stain's threshold from the controls of every plate, unless it was given.

    Raises
    ------
    DataError : if the cells do not support it.
    """
    if stain.learns:
        learn_from_controls(KEPT_AS, stain.learn, folder, plates, controls, measure)


def with_dead(stain: DeadStain | None, folder: Path, plate: str, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with ``alive`` as the stain tells it, every time point by itself."""
    if stain is None or cells.empty:
        return cells
    return cells.assign(alive=~stain.judge(cells, kept(KEPT_AS, folder, plate)))


def dead_for_good(cells: pd.DataFrame) -> pd.DataFrame:
    """Return tracked cells in which nobody rises from the dead.

    A cell is dead from the first of two time points running at which it looked dead, or from its last one if it looked dead
    there, and stays dead.

    Parameters
    ----------
    cells : tracked, one row a cell and time point.
    """
    if cells.empty or bool(cells["alive"].all()):
        return cells
    order = cells.sort_values(["site", "track_id", "t_min"], kind="stable").index
    alive = cells["alive"].copy()
    for _, rows in cells.loc[order].groupby(["site", "track_id"], sort=False):
        if not rows["alive"].all():
            alive.loc[rows.index] = ~_settled(~rows["alive"].to_numpy(bool))
    return cells.assign(alive=alive)


def _settled(looked_dead: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return from when on a cell is dead, given at which of its time points it looked so."""
    confirmed = looked_dead.copy()
    for later in range(1, CONFIRMED_BY):
        confirmed[:-later] &= looked_dead[later:]
    return np.maximum.accumulate(confirmed)
