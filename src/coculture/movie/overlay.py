"""What is drawn over cells, virtual or imaged: where they came from, and whom they touch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.movie.canvas import Canvas
from coculture.movie.colours import CONTACT, FAINT, Colour, darker
from coculture.movie.wanted import Wanted
from coculture.movie.well import KeptWell

RECENT = 6
"""Time points of a cell's way that are drawn behind it."""


@dataclass(frozen=True, eq=False)
class Overlay:
    """Tracks and contacts of one well.

    Attributes
    ----------
    well : the well.
    wanted : what is drawn of them.
    colours : of every type.
    contact : colour of a contact between two types.
    """

    well: KeptWell
    wanted: Wanted
    colours: dict[str, Colour]
    contact: Colour = CONTACT

    @cached_property
    def has_tracks(self) -> bool:
        """Whether cells were followed."""
        tracks = self.well.cells["track_id"]
        return bool(tracks.notna().any() and tracks.nunique() < len(tracks))

    @cached_property
    def _cells(self) -> dict[float, pd.DataFrame]:
        return {float(t): rows for t, rows in self.well.cells.groupby("t_min", sort=True)}  # type: ignore[arg-type]

    @cached_property
    def _pairs(self) -> dict[float, pd.DataFrame]:
        return {float(t): rows for t, rows in self.well.contacts.groupby("t_min", sort=True)}  # type: ignore[arg-type]

    @cached_property
    def _ways(self) -> dict[object, tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
        """Track → times, x and y."""
        rows = self.well.cells.dropna(subset=["track_id"]).sort_values(["track_id", "t_min"])
        return {
            track: (one["t_min"].to_numpy(float), one["x_um"].to_numpy(float), one["y_um"].to_numpy(float))
            for track, one in rows.groupby("track_id", sort=False)
        }

    def cells_at(self, t_min: float) -> pd.DataFrame:
        """Return the cells of one time."""
        return self._cells.get(t_min, self.well.cells.iloc[:0])

    def draw_tracks(self, canvas: Canvas, t_min: float, *, dark: bool = True) -> None:
        """Draw the recent way of every living cell, beneath the cells; ``dark`` on a light ground."""
        if not (self.wanted.tracks and self.has_tracks):
            return
        for track, kind, alive in self.cells_at(t_min)[["track_id", "cell_type", "alive"]].itertuples(index=False):
            if not alive or pd.isna(track):
                continue
            times, x, y = self._ways[track]
            end = int(np.searchsorted(times, t_min, side="right"))
            part = slice(max(0, end - RECENT), end)
            colour = self.colours.get(str(kind), FAINT)
            canvas.path(canvas.view.pixels(x[part], y[part]), darker(colour, 0.7) if dark else colour, 1.0)

    def draw_contacts(self, canvas: Canvas, t_min: float) -> None:
        """Draw a line between the centres of two cells that touch: strong between types, faint within one."""
        pairs = self._pairs.get(t_min)
        if not self.wanted.contacts or pairs is None or pairs.empty:
            return
        cells = self.cells_at(t_min).drop_duplicates("cell_id").set_index("cell_id")
        pairs = pairs[pairs["cell_a"].isin(cells.index) & pairs["cell_b"].isin(cells.index)]
        first, second = cells.loc[pairs["cell_a"]], cells.loc[pairs["cell_b"]]
        living = (first["alive"].to_numpy(bool)) & (second["alive"].to_numpy(bool))
        differ = first["cell_type"].astype(str).to_numpy() != second["cell_type"].astype(str).to_numpy()
        ends = [canvas.view.pixels(one["x_um"].to_numpy(float), one["y_um"].to_numpy(float)) for one in (first, second)]
        for chosen, colour, width in ((living & ~differ, FAINT, 0.5), (living & differ, self.contact, 2.0)):
            canvas.lines(ends[0][chosen], ends[1][chosen], [colour] * int(chosen.sum()), width)

    def counts(self, t_min: float, types: tuple[str, ...]) -> list[int]:
        """Return how many living cells there are of each type, and how many dead ones."""
        cells = self.cells_at(t_min)
        alive = cells["alive"].fillna(True).astype(bool)
        living = cells.loc[alive, "cell_type"].astype(str).value_counts()
        return [*(int(living.get(name, 0)) for name in types), int((~alive).sum())]
