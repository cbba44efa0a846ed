"""From cells at single times to tracks: each site of a well is linked over time, and numbers hold for the whole well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture.errors import DataError
from coculture.imaging.track.linking import track_cells
from coculture.imaging.track.settings import TrackSettings

QUALITY = "cell_track_quality"
"""Feature column of how far a track is supported, 0 to 1."""


@dataclass(frozen=True)
class LinkedCells:
    """A well's cells with tracks.

    Attributes
    ----------
    cells : the cell table with ``track_id`` (unlike in all sites of the well), ``parent_id`` and ``cell_track_quality``.
    notes : what could not be linked, in words.
    """

    cells: pd.DataFrame
    notes: tuple[str, ...]


def link_well(cells: pd.DataFrame, settings: TrackSettings) -> LinkedCells:
    """Link the cells of one well, each site alone.

    A site that has too few cells to be linked keeps them: every row is then a track of its own, of quality 0, so that no
    number over time can rest on it, and a note says so.

    Parameters
    ----------
    cells : the cell table of one well.
    settings : how cells are linked.

    Raises
    ------
    InputError : if a feature the links should rest on is missing or not positive.
    """
    parts, notes, used = [], [], 0
    for site, rows in cells.groupby("site", sort=True):
        try:
            linked = track_cells(rows, settings)
        except DataError as error:
            linked = _unlinked(rows)
            notes.append(f"site {site} could not be tracked: {error.problems[0].what}")
        linked = linked.assign(
            track_id=linked["track_id"] + used,
            parent_id=linked["parent_id"].where(linked["parent_id"] < 0, linked["parent_id"] + used),
        )
        used = int(linked["track_id"].max())
        parts.append(linked)
    if not parts:
        return LinkedCells(cells.assign(**{QUALITY: np.empty(0)}), ())
    return LinkedCells(pd.concat(parts).loc[cells.index], tuple(notes))


def _unlinked(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as tracks of one detection each."""
    return rows.assign(track_id=np.arange(1, len(rows) + 1), parent_id=-1, **{QUALITY: 0.0})
