"""The door of tracking: a table of detections in, the same table with tracks out."""

from __future__ import annotations

import numpy as np
import pandas as pd

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
    groups = detections.groupby(place, sort=True).indices.values() if place else [np.arange(len(detections))]
    for rows in groups:
        film = film_of(detections.iloc[rows], chosen)
        if len(film):
            steadied = film.moved(field_shift(film)) if chosen.drift else film
            numbered = _number_alone(steadied) if film.frames < 2 else number_tracks(steadied, linker(steadied, chosen))
            for column, values in zip(columns, (numbered.track, numbered.parent, numbered.quality), strict=True):
                column[rows[steadied.order]] = values
    result["track_id"], result["parent_id"], result["track_quality"] = columns
    return result


def _number_alone(film: Film) -> Numbered:
    """Return one track per detection, for a field of one time point."""
    n = len(film)
    return Numbered(np.arange(1, n + 1), np.full(n, -1, np.int64), np.zeros(n))
