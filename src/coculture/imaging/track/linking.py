"""The door of tracking: a table of detections in, the same table with tracks out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError
from coculture.imaging.track.base import Linker
from coculture.imaging.track.drift import field_shift
from coculture.imaging.track.film import Film, film_of
from coculture.imaging.track.lineage import Numbered, number_tracks
from coculture.imaging.track.methods import linker_of
from coculture.imaging.track.settings import TrackSettings

_PLACE = ("plate", "well", "site")


def link(detections: pd.DataFrame, settings: TrackSettings | None = None) -> pd.DataFrame:
    """Link detections into tracks.

    Parameters
    ----------
    detections : one row per cell and time point with ``t_min``, ``x_um`` and ``y_um``; ``area_um2`` or other positive features
        and ``cell_id`` where known. A table with ``plate``, ``well`` or ``site`` is linked field by field.
    settings : None for the defaults.

    Returns
    -------
    The same rows in the same order with ``track_id`` (from 1 in each field, by first appearance), ``parent_id`` (the mother's
    track, -1 for none) and ``track_quality`` (0 to 1, see :func:`coculture.imaging.track.lineage.number_tracks`). The result
    does not depend on the order of the rows. Positions are returned as given, drift and all.

    Raises
    ------
    InputError : if a column is missing or holds what cannot be used.
    DataError : if a field has too few detections to learn from and no search radius is given.
    """
    chosen = TrackSettings() if settings is None else settings
    linker = linker_of(chosen.method)
    result = detections.copy()
    columns = np.full(len(detections), -1, np.int64), np.full(len(detections), -1, np.int64), np.zeros(len(detections))
    place = [name for name in _PLACE if name in detections.columns]
    for where, rows in _fields(detections, place).items():
        film = film_of(detections.iloc[rows], chosen, where)
        if not len(film):
            continue
        steadied = film.moved(field_shift(film)) if chosen.drift else film
        numbered = _numbered(steadied, linker, chosen, where)
        for column, values in zip(columns, (numbered.track, numbered.parent, numbered.quality), strict=True):
            column[rows[steadied.order]] = values
    result["track_id"], result["parent_id"], result["track_quality"] = columns
    return result


def track_cells(cells: pd.DataFrame, settings: TrackSettings | None = None) -> pd.DataFrame:
    """Fill ``track_id`` and ``parent_id`` of a cell table and add the feature ``cell_track_quality``.

    Parameters
    ----------
    cells : a valid cell table, any number of plates, wells and sites; each site is linked alone.
    settings : None for the defaults.

    Returns
    -------
    A valid cell table with the same rows in the same order.

    Raises
    ------
    InputError : if a column holds what cannot be used.
    DataError : if a site has too few cells to learn from and no search radius is given.
    """
    linked = link(cells, settings)
    result = cells.copy()
    for name in ("track_id", "parent_id"):
        result[name] = linked[name]
    result["cell_track_quality"] = linked["track_quality"]
    return result


def _fields(detections: pd.DataFrame, place: list[str]) -> dict[str, NDArray[np.int64]]:
    """Return the rows of every field under the words a message calls it by."""
    if not place:
        return {"detections": np.arange(len(detections))}
    fields = {}
    for key, rows in detections.groupby(place, sort=True).indices.items():
        parts = key if isinstance(key, tuple) else (key,)
        named = ", ".join(f"{name} {part}" for name, part in zip(place, parts, strict=True))
        fields[f"detections of {named}"] = np.asarray(rows, np.int64)
    return fields


def _numbered(film: Film, linker: Linker, settings: TrackSettings, where: str) -> Numbered:
    """Link and number one field; one time point gives one track per detection. Errors name the field."""
    if film.frames < 2:
        return Numbered(np.arange(1, len(film) + 1), np.full(len(film), -1, np.int64), np.zeros(len(film)))
    try:
        return number_tracks(film, linker(film, settings))
    except DataError as error:
        raise DataError(replace(problem, where=where) for problem in error.problems) from error
