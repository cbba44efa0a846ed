"""From links to numbers: track_id, parent_id and quality of every detection, and a table of tracks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.imaging.track.base import Links
from coculture.imaging.track.film import Film

_NEEDED = ("t_min", "track_id", "parent_id", "track_quality")
_PLACE = ("plate", "well", "site")


@dataclass(frozen=True, eq=False)
class Numbered:
    """Columns in the film's order: ``track`` from 1 by first appearance, ``parent`` (-1 for none) and ``quality`` 0 to 1."""

    track: NDArray[np.int64]
    parent: NDArray[np.int64]
    quality: NDArray[np.float64]


def number_tracks(film: Film, links: Links) -> Numbered:
    """Number the tracks in the order of their first detections.

    A track's quality is the mean probability of its links times the share of time points, from its first to its last
    detection, at which it was detected; 0 for a track of one detection, which nothing supports.
    """
    n = len(film)
    head = np.arange(n)
    for row in range(n):  # links run forward, so that the earlier row already knows its head
        if links.later[row] >= 0:
            head[links.later[row]] = head[row]
    first, track = np.unique(head, return_inverse=True)
    mother = links.mother[first]
    parent = np.where(mother >= 0, track[np.maximum(mother, 0)] + 1, -1)
    detections = np.bincount(track, minlength=len(first))
    last = np.full(len(first), -1, np.int64)
    np.maximum.at(last, track, film.frame)
    span = last - film.frame[first] + 1
    certainty = np.bincount(track, links.probability, len(first)) / np.maximum(detections - 1, 1)
    quality = certainty * detections / np.maximum(span, 1)
    return Numbered(track + 1, parent[track], np.clip(quality, 0.0, 1.0)[track])


def track_table(tracked: pd.DataFrame) -> pd.DataFrame:
    """Return one row a track of a linked table.

    Parameters
    ----------
    tracked : what :func:`coculture.imaging.track.linking.link` returned.

    Returns
    -------
    plate, well and site where the table has them, track_id, parent_id, t_first_min, t_last_min, n_detections, n_daughters and
    track_quality; sorted by place and track.

    Raises
    ------
    InputError : if the table was not linked.
    """
    missing = [name for name in _NEEDED if name not in tracked.columns]
    if missing:
        raise InputError(f"the table lacks {', '.join(missing)}", "tracked", "link the detections first")
    place = [name for name in _PLACE if name in tracked.columns]
    grouped = tracked.groupby([*place, "track_id"], sort=True)
    table = grouped.agg(
        parent_id=("parent_id", "first"),
        t_first_min=("t_min", "min"),
        t_last_min=("t_min", "max"),
        n_detections=("t_min", "size"),
        track_quality=("track_quality", "first"),
    ).reset_index()
    daughters = table[table["parent_id"] >= 0].groupby([*place, "parent_id"]).size()
    keys = pd.MultiIndex.from_frame(table[[*place, "track_id"]]) if place else pd.Index(table["track_id"])
    table.insert(len(place) + 5, "n_daughters", daughters.reindex(keys, fill_value=0).to_numpy(np.int64))
    return table
