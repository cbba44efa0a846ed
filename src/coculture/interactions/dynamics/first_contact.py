"""How long a cell takes to find its first cell of another type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.dynamics.kaplan_meier import SurvivalCurve, kaplan_meier
from coculture.interactions.dynamics.timeline import Integers, Timeline, type_code


@dataclass(frozen=True, eq=False)
class FirstContact:
    """Times to the first contact of cells of one type with a cell of another.

    Attributes
    ----------
    table : one row a track of the searching type: ``plate, well, site, track_id, wait_min`` (from its first sighting to contact,
        at the midpoint of the frames between which it happened, or to its last sighting), ``met``, and ``used``: false for a
        track that touched at its first sighting (its wait began before) or was seen once.
    curve : Kaplan-Meier of the tracks used; S is the fraction that has not found one yet.
    already : tracks that touched at their first sighting.
    once : tracks seen once, without contact.
    """

    table: pd.DataFrame
    curve: SurvivalCurve
    already: int
    once: int


def first_contact_times(timeline: Timeline, of: str, toward: str, *, level: float = 0.95) -> FirstContact:
    """Return how long cells of type ``of`` wait for a first contact with a cell of type ``toward``.

    The clock of a cell starts when it is first seen. A cell that is no longer seen, dies or divides without contact is censored
    when last seen. Where a track has gaps, a contact within a gap is missed.

    Parameters
    ----------
    timeline : cells and contacts.
    of, toward : types; may be the same.
    level : of the curve's interval.

    Raises
    ------
    InputError : if no cell is of one of the types.
    """
    mine, theirs = type_code(timeline.types, of, "of"), type_code(timeline.types, toward, "toward")
    many = len(timeline.tracks)
    opens, closes = (
        np.searchsorted(timeline.track, np.arange(many)),
        np.searchsorted(timeline.track, np.arange(many), side="right") - 1,
    )
    kept = np.flatnonzero((timeline.track_type == mine) & (closes >= opens))
    first, last = timeline.frame[opens[kept]], timeline.frame[closes[kept]]
    touch = _first_touch(timeline, mine, theirs)[kept]
    met, time = touch >= 0, timeline.frame_time
    at = (time[np.maximum(touch - 1, 0)] + time[np.maximum(touch, 0)]) / 2
    wait = np.where(met, np.where(touch > first, at, time[first]), time[last]) - time[first]
    already, once = met & (touch == first), ~met & (last == first)
    table = timeline.tracks.iloc[kept].drop(columns="cell_type").reset_index(drop=True)
    used = ~already & ~once
    table = table.assign(wait_min=wait, met=met, used=used)
    return FirstContact(table, kaplan_meier(wait[used], met[used], level=level), int(already.sum()), int(once.sum()))


def _first_touch(timeline: Timeline, mine: int, theirs: int) -> Integers:
    """Return each track's frame of first contact with a cell of the other type, -1 where there is none."""
    never = np.iinfo(np.int64).max
    found: NDArray[np.int64] = np.full(len(timeline.tracks), never)
    for here, there in ((timeline.first, timeline.second), (timeline.second, timeline.first)):
        kinds = timeline.track_type[timeline.track[here]], timeline.track_type[timeline.track[there]]
        use = here[(kinds[0] == mine) & (kinds[1] == theirs)]
        np.minimum.at(found, timeline.track[use], timeline.frame[use])
    return np.where(found == never, -1, found)
