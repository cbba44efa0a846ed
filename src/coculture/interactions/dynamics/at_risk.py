"""From one sighting of a cell to the next: what could have happened to it in between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.interactions.dynamics.timeline import Integers, Reals, Timeline


@dataclass(frozen=True, eq=False)
class Steps:
    """Steps of living cells, each from a sighting to the track's next row, to its death, or to its division.

    Attributes
    ----------
    sighting : (s,) numbers of the sightings the steps start from, ascending.
    start_min, stop_min : (s,) times.
    died : (s,) whether the cell was dead at the stop.
    divided : (s,) whether it was gone at the stop and its daughters were there.
    next : (s,) the sighting at the stop, -1 where there is none.
    """

    sighting: Integers
    start_min: Reals
    stop_min: Reals
    died: NDArray[np.bool_]
    divided: NDArray[np.bool_]
    next: Integers


def steps_at_risk(timeline: Timeline) -> Steps:
    """Return every step of every living track.

    A track's last sighting starts a step only if a death or division follows it: what becomes of a cell that merely
    disappears is not known. A division is dated to the frame after the mother's last sighting. Nothing counts after a
    track was seen dead.
    """
    many = len(timeline.track)
    track, frame = timeline.track, timeline.frame
    follows = np.r_[track[1:] == track[:-1], False] if many else np.zeros(0, bool)
    death, never = timeline.death_frame[track], np.iinfo(np.int64).max
    following = np.where(follows, np.roll(frame, -1), never)
    died = (death > frame) & (death <= following)
    divided = ~follows & ~died & timeline.divides[track] & _has_next_frame(timeline, frame)
    use = (follows | died | divided) & ((death < 0) | (frame < death))
    stop = np.where(died, death, np.where(divided, frame + 1, following))[use]
    following_sighting = np.where(follows & ~died, np.arange(1, many + 1), -1)
    time = timeline.frame_time
    return Steps(np.flatnonzero(use), time[frame[use]], time[stop], died[use], divided[use], following_sighting[use])


def _has_next_frame(timeline: Timeline, frame: Integers) -> NDArray[np.bool_]:
    """Tell whether the site of a frame has a later one."""
    if not len(frame):
        return np.zeros(0, bool)
    after = np.minimum(frame + 1, len(timeline.frame_site) - 1)
    return np.asarray((after > frame) & (timeline.frame_site[after] == timeline.frame_site[frame]), bool)
