"""Contact episodes: from first to last touch of two tracks, and whether beginning and end were seen.

Contacts are known at frames only. An episode is a stretch of frames at which two tracks touch; with ``bridge_frames = g``
stretches that are at most g frames apart are one episode (an outline that flickers is not a new meeting). Its beginning was
*seen* if both cells were seen, apart, at each of the g + 1 frames before; its end likewise at the g + 1 frames after. Otherwise
the episode is censored on that side, and ``start`` and ``end`` say by what:

==================  =========================================================================
``met``, ``parted``  seen
``first frame``, ``last frame``  the site's observation begins or ends
``born``, ``divided``  a cell came from or went into a division
``died``             a cell was seen dead at the next frame (end only)
``lost``             a cell was not tracked there
==================  =========================================================================

**Dwell time.** A change between two frames is placed at their midpoint. An episode of n touching frames, Δ apart, whose
beginning and end were seen so lasts nΔ. A censored end is placed at the last frame at which it was known that the episode went
on: with bridging that is g frames before a cell was last seen, because a shorter absence could still have been bridged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.dynamics.timeline import PLACE, Integers, Reals, Timeline


@dataclass(frozen=True, eq=False)
class ContactEpisodes:
    """All contact episodes of a set of wells.

    Attributes
    ----------
    table : one row an episode: ``plate, well, site, track_a, track_b, type_a, type_b`` (type_a not after type_b in the alphabet),
        ``start_min, end_min`` (first and last touching frame), ``frames`` (touching), ``bridged_frames``, ``start, end`` (see the
        module's head), ``start_seen, end_seen``, ``dwell_min`` (to the end or to censoring), ``mean_length_um, longest_um``.
    timeline : the cells and contacts it was made of.
    track_a, track_b : (e,) numbers of the tracks in the timeline, those of ``table``.
    first_frame, last_frame : (e,) touching frames, numbers of the timeline.
    bridge_frames : the longest gap bridged.
    """

    table: pd.DataFrame
    timeline: Timeline
    track_a: Integers
    track_b: Integers
    first_frame: Integers
    last_frame: Integers
    bridge_frames: int

    @property
    def types(self) -> tuple[str, ...]:
        """Names of the cell types."""
        return self.timeline.types

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, in words."""
        return self.timeline.notes


def contact_episodes(
    cells: pd.DataFrame,
    contacts: pd.DataFrame,
    *,
    bridge_frames: int = 0,
    least_length_um: float = 0.0,
    unknown: Literal["refuse", "drop"] = "refuse",
) -> ContactEpisodes:
    """Return the contact episodes of every pair of tracks.

    Parameters
    ----------
    cells : tracked cell table; only living cells touch.
    contacts : contact table of the same wells.
    bridge_frames : longest gap, in frames, that does not end an episode. 0: none.
    least_length_um : shorter contacts are none.
    unknown : what to do with contacts of cells that are not in the cell table: refuse, or drop (a note counts them).

    Raises
    ------
    InputError, DataError : as :meth:`Timeline.of`, or if ``bridge_frames`` is negative.
    """
    if bridge_frames < 0:
        raise InputError(f"{bridge_frames} frames to bridge", "bridge_frames", "give a number of frames, >= 0")
    return episodes_of(Timeline.of(cells, contacts, least_length_um=least_length_um, unknown=unknown), bridge_frames)


def episodes_of(timeline: Timeline, bridge_frames: int = 0) -> ContactEpisodes:
    """Return the episodes of a timeline that is at hand already; see :func:`contact_episodes`."""
    one, other = timeline.track[timeline.first], timeline.track[timeline.second]
    swap = timeline.track_type[one] > timeline.track_type[other]
    a, b = np.where(swap, other, one), np.where(swap, one, other)
    at_a = np.where(swap, timeline.second, timeline.first)
    at_b = np.where(swap, timeline.first, timeline.second)
    order = np.lexsort((timeline.frame[at_a], b, a))
    a, b, at_a, at_b, length = a[order], b[order], at_a[order], at_b[order], timeline.length_um[order]
    frame = timeline.frame[at_a]
    starts, ends = _stretches(a, b, frame, bridge_frames)
    first, last = frame[starts], frame[ends]
    before = _seen_before(np.maximum(timeline.run_first[at_a], timeline.run_first[at_b])[starts], first, bridge_frames)
    after = _seen_after(np.minimum(timeline.run_last[at_a], timeline.run_last[at_b])[ends], last, bridge_frames)
    counts = ends - starts + 1
    table = timeline.tracks[list(PLACE)].iloc[a[starts]].reset_index(drop=True)
    names = np.array(timeline.types, object)
    number = timeline.tracks["track_id"].to_numpy()
    table = table.assign(
        track_a=number[a[starts]], track_b=number[b[starts]],
        type_a=names[timeline.track_type[a[starts]]], type_b=names[timeline.track_type[b[starts]]],
        start_min=timeline.frame_time[first], end_min=timeline.frame_time[last],
        frames=counts, bridged_frames=last - first + 1 - counts,
        start=_start_words(timeline, (a[starts], b[starts]), first, before),
        end=_end_words(timeline, (a[starts], b[starts]), last, after),
        start_seen=before < 0, end_seen=after < 0,
        dwell_min=_dwell(timeline.frame_time, first, last, before, after, bridge_frames),
        mean_length_um=np.add.reduceat(length, starts) / counts if len(starts) else np.empty(0),
        longest_um=np.maximum.reduceat(length, starts) if len(starts) else np.empty(0),
    )  # fmt: skip
    return ContactEpisodes(table, timeline, a[starts], b[starts], first, last, bridge_frames)


def _stretches(a: Integers, b: Integers, frame: Integers, bridge: int) -> tuple[Integers, Integers]:
    """Return the first and last contact of each episode, contacts sorted by pair and frame."""
    if not len(a):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    cut = (np.diff(a) != 0) | (np.diff(b) != 0) | (np.diff(frame) > bridge + 1)
    edge = np.flatnonzero(cut)
    return np.r_[0, edge + 1].astype(np.int64), np.r_[edge, len(a) - 1].astype(np.int64)


def _seen_before(run_first: Integers, first: Integers, bridge: int) -> Integers:
    """Return -1 where the beginning was seen, else the number of frames before it at which both were seen."""
    return np.where(run_first <= first - 1 - bridge, -1, first - run_first)


def _seen_after(run_last: Integers, last: Integers, bridge: int) -> Integers:
    """Return -1 where the end was seen, else the number of frames after it at which both were seen."""
    return np.where(run_last >= last + 1 + bridge, -1, run_last - last)


def _dwell(time: Reals, first: Integers, last: Integers, before: Integers, after: Integers, bridge: int) -> Reals:
    """Return the time from the beginning (or first touch) to the end (or the last frame it was known to go on), min."""
    if not len(first):
        return np.empty(0)
    top = len(time) - 1
    begin = np.where(before < 0, (time[np.maximum(first - 1, 0)] + time[first]) / 2, time[first])
    known = np.maximum(last + after - bridge, first)
    end = np.where(after < 0, (time[last] + time[np.minimum(last + 1, top)]) / 2, time[np.clip(known, 0, top)])
    return end - begin


def _start_words(timeline: Timeline, pair: tuple[Integers, Integers], first: Integers, before: Integers) -> NDArray[Any]:
    """Say how each episode began: seen, or what hid the frame before the two were first seen together."""
    hidden = first - before - 1
    opens = _edge_of_site(timeline.frame_site, first - before, -1)
    born = np.zeros(len(first), bool)
    for track in pair:
        seen_first = np.searchsorted(timeline.track, track)
        born |= timeline.born[track] & (timeline.frame[seen_first] == hidden + 1)
    return np.select([before < 0, opens, born], ["met", "first frame", "born"], "lost").astype(object)


def _end_words(timeline: Timeline, pair: tuple[Integers, Integers], last: Integers, after: Integers) -> NDArray[Any]:
    """Say how each episode ended: seen, or what hid the frame after the two were last seen together."""
    hidden = last + after + 1
    closes = _edge_of_site(timeline.frame_site, last + after, 1)
    died, divided = np.zeros(len(last), bool), np.zeros(len(last), bool)
    for track in pair:
        seen_last = np.searchsorted(timeline.track, track, side="right") - 1
        died |= timeline.death_frame[track] == hidden
        divided |= timeline.divides[track] & (timeline.frame[seen_last] == hidden - 1)
    return np.select([after < 0, closes, died, divided], ["parted", "last frame", "died", "divided"], "lost").astype(object)


def _edge_of_site(frame_site: Integers, frame: Integers, step: int) -> NDArray[np.bool_]:
    """Tell whether the frame one step on belongs to another site, or to none."""
    if not len(frame):
        return np.zeros(0, bool)
    top = len(frame_site) - 1
    here, there = np.clip(frame, 0, top), frame + step
    return np.asarray((there < 0) | (there > top) | (frame_site[np.clip(there, 0, top)] != frame_site[here]), bool)
