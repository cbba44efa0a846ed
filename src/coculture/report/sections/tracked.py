"""Tracks of the wells that are compared: read from the tables of cells, of so many wells and tracks as a page can bear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coculture.errors import CocultureError
from coculture.report.reading import Results
from coculture.report.sections.compared import Compared, compared
from coculture.store.object_store import StoreError
from coculture.store.tables import read_table, table_path

if TYPE_CHECKING:
    from coculture.interactions.motion.tracks import Tracks

MOST_WELLS = 4
"""Wells of a treatment whose tables of cells are read, spread evenly over all of them."""

MOST_HITS = 3
MOST_TRACKS = 600
"""Tracks of a well that are used, spread evenly over all of them."""

FEWEST_POINTS = 3
"""Shorter tracks are left out where the recipe does not say how long they have to be."""

MOST_PROBED = 3
_COLUMNS = ("plate", "well", "site", "t_min", "cell_id", "track_id", "cell_type", "alive", "x_um", "y_um")


@dataclass(frozen=True)
class TrackedGroup:
    """Wells that got the same, and the tracks in them.

    Attributes
    ----------
    group : the wells.
    cells : rows of the tables of cells that were read, of living cells in tracks long enough.
    wells : (plate, well) of those tables.
    cut_at_gaps : whether only the longest piece without a gap of each track counts.
    """

    group: Compared
    cells: pd.DataFrame
    wells: tuple[tuple[str, str], ...]
    cut_at_gaps: bool = False

    def tracks(self, cell_type: str) -> Tracks:
        """Return the tracks of one type, all wells together."""
        return self._all.of_type(cell_type)

    @cached_property
    def _all(self) -> Tracks:
        from coculture.interactions.motion.tracks import Tracks

        tracks = Tracks.from_table(self.cells, dimensions=2)
        return tracks.longest_pieces() if self.cut_at_gaps else tracks


def tracked_groups(results: Results) -> tuple[TrackedGroup, ...]:
    """Return the controls and top hits with their tracks; nothing where cells were not followed over time."""
    groups = compared(results, MOST_HITS)
    if not any(_probed(results, groups)):
        return ()
    cut = results.section("motion").get("gaps") == "longest piece"
    read = (TrackedGroup(group, *_cells(results, group), cut) for group in groups)
    return tuple(group for group in read if len(group.cells))


def fewest_points(results: Results) -> int:
    """Return how many points a track must have."""
    found = results.section("motion").get("fewest_points", FEWEST_POINTS)
    return found if isinstance(found, int) else FEWEST_POINTS


def types_in(groups: tuple[TrackedGroup, ...]) -> tuple[str, ...]:
    """Return the types of cells that were followed, sorted."""
    return tuple(sorted({str(name) for group in groups for name in group.cells["cell_type"].unique()}))


def followed(cells: pd.DataFrame, source: object) -> bool:
    """Tell whether a table of cells follows cells over time.

    Where a microscope's cells were not tracked, each row's ``track_id`` is its ``cell_id``, which means nothing from one
    image to the next. A simulated cell keeps its number, so there the two are rightly the same.
    """
    if cells["t_min"].nunique() < 2:
        return False
    return source != "images" or not (cells["track_id"] == cells["cell_id"]).all()


def _probed(results: Results, groups: tuple[Compared, ...]) -> Iterator[bool]:
    """Look into the first wells, so that a screen without tracks costs next to nothing."""
    wells = [place for group in groups for place in _places(group.wells)][:MOST_PROBED]
    for plate, well in wells:
        cells = _table(results, plate, well)
        yield cells is not None and followed(cells, results.section("source").get("kind"))


def _places(wells: pd.DataFrame) -> list[tuple[str, str]]:
    places = [(str(plate), str(well)) for plate, well in zip(wells["plate"], wells["well"], strict=True)]
    return [places[i] for i in _spread(len(places), MOST_WELLS)]


def _spread(n: int, most: int) -> list[int]:
    """Return ``most`` of ``n`` places, evenly spread, or all where there are no more."""
    return list(range(n)) if n <= most else [int(i) for i in np.linspace(0, n - 1, most).round()]


def _table(results: Results, plate: str, well: str) -> pd.DataFrame | None:
    try:
        return read_table(table_path(results.folder, "cells", plate, well), _COLUMNS)
    except StoreError:
        raise
    except CocultureError:
        return None


def _cells(results: Results, group: Compared) -> tuple[pd.DataFrame, tuple[tuple[str, str], ...]]:
    tables, wells = [], []
    for plate, well in _places(group.wells):
        cells = _table(results, plate, well)
        if cells is None or not followed(cells, results.section("source").get("kind")):
            continue
        chosen = _long_enough(cells[cells["alive"].astype(bool)], fewest_points(results))
        if len(chosen):
            tables.append(chosen)
            wells.append((plate, well))
    return (pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(_COLUMNS))), tuple(wells)


def _long_enough(cells: pd.DataFrame, fewest: int) -> pd.DataFrame:
    """Return the rows of tracks of enough points, thinned to :data:`MOST_TRACKS`."""
    named = cells.groupby(["site", "track_id"], sort=True)["t_min"]
    cells = cells[(named.transform("size") >= fewest).to_numpy(bool)]
    number = cells.groupby(["site", "track_id"], sort=True).ngroup()
    n = int(number.max()) + 1 if len(number) else 0
    return cells if n <= MOST_TRACKS else cells[number.isin(_spread(n, MOST_TRACKS))]
