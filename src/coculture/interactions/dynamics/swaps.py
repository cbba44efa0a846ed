"""Neighbour swaps: how often cells exchange neighbours, and how many exchanges are T1 transitions.

Over one step from a frame to the next, among cells seen at both, a cell *gains* a neighbour it did not touch before and *loses*
one it touched. In a **T1 transition** four cells exchange partners: a and b part while c and d, both of which touch both a and b
before and after, meet (Weaire & Rivier 1984, Contemp. Phys. 25:59). A sheet that flows swaps; one that is jammed does not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.dynamics.estimate import Estimate, poisson_rate
from coculture.interactions.dynamics.timeline import Integers, Timeline


@dataclass(frozen=True, eq=False)
class NeighbourSwaps:
    """Exchanges of neighbours.

    Attributes
    ----------
    table : one row a type: ``cell_type, cell_hours, gained, lost`` (neighbours, summed over its cells), ``gained_per_cell_h,
        lost_per_cell_h``, ``reason`` where no cell of it was seen twice in a row.
    t1 : T1 transitions per cell and hour, over all types; ``events`` counts transitions.
    """

    table: pd.DataFrame
    t1: Estimate


def neighbour_swaps(timeline: Timeline, *, level: float = 0.95) -> NeighbourSwaps:
    """Count gained and lost neighbours and T1 transitions.

    Parameters
    ----------
    timeline : cells and contacts of every frame.
    level : of the interval (Poisson, exact).
    """
    here = np.flatnonzero(timeline.next_in_run)
    hours = np.diff(timeline.frame_time, append=0.0)[timeline.frame[here]] / 60
    kinds = len(timeline.types)
    time = np.bincount(timeline.track_type[timeline.track[here]], hours, minlength=kinds)
    stay, lost, gained = _changes(timeline)
    rows = []
    counts = [_per_type(timeline, pairs, kinds) for pairs in (gained, lost)]
    for code, name in enumerate(timeline.types):
        up, down = (int(count[code]) for count in counts)
        rate = [value / time[code] if time[code] > 0 else math.nan for value in (up, down)]
        rows.append((name, time[code], up, down, *rate, "" if time[code] > 0 else "no cell was seen twice in a row"))
    names = ["cell_type", "cell_hours", "gained", "lost", "gained_per_cell_h", "lost_per_cell_h", "reason"]
    events = _t1(len(timeline.track), stay, lost, gained)
    return NeighbourSwaps(pd.DataFrame(rows, columns=names), poisson_rate(events, float(time.sum()), level=level, n=len(here)))


Pairs = tuple[Integers, Integers]


def _changes(timeline: Timeline) -> tuple[Pairs, Pairs, Pairs]:
    """Return contacts that stay, that are lost and that are gained over a step, as sightings before the step."""
    many = len(timeline.track)
    now = (timeline.first, timeline.second)
    goes_on = timeline.next_in_run[now[0]] & timeline.next_in_run[now[1]]
    came = _earlier(timeline)
    before = (timeline.first[came] - 1, timeline.second[came] - 1)  # the same two cells one frame earlier
    keys_now, keys_before = now[0][goes_on] * many + now[1][goes_on], before[0] * many + before[1]
    stays, is_new = np.isin(keys_now, keys_before), ~np.isin(keys_before, keys_now)
    first, second = now[0][goes_on], now[1][goes_on]
    return (first[stays], second[stays]), (first[~stays], second[~stays]), (before[0][is_new], before[1][is_new])


def _earlier(timeline: Timeline) -> NDArray[np.bool_]:
    """Tell which contacts are between two cells that were both seen one frame earlier."""
    return np.asarray(
        (timeline.run_first[timeline.first] < timeline.frame[timeline.first])
        & (timeline.run_first[timeline.second] < timeline.frame[timeline.second])
    )


def _per_type(timeline: Timeline, pairs: Pairs, kinds: int) -> Integers:
    return np.bincount(timeline.track_type[timeline.track[np.concatenate(pairs)]], minlength=kinds)


def _t1(many: int, stay: Pairs, lost: Pairs, gained: Pairs) -> int:
    """Count lost pairs a, b for which a gained pair c, d touches both a and b before and after."""
    if not (len(lost[0]) and len(gained[0]) and len(stay[0])):
        return 0
    one, other = np.concatenate(stay), np.concatenate(stay[::-1])
    order = np.argsort(one, kind="stable")
    one, other = one[order], other[order]
    begin, end = np.searchsorted(one, lost[0]), np.searchsorted(one, lost[0], side="right")
    which = np.repeat(np.arange(len(lost[0])), end - begin)
    place = begin[which] + np.arange(len(which)) - np.repeat(np.cumsum(end - begin) - (end - begin), end - begin)
    shared = other[place]
    both = np.isin(lost[1][which] * many + shared, one * many + other)
    common = pd.DataFrame({"which": which[both], "cell": shared[both]})
    pairs = common.merge(common, on="which", suffixes=("", "_2"))
    pairs = pairs[pairs["cell"] < pairs["cell_2"]]
    hit = np.isin(pairs["cell"].to_numpy() * many + pairs["cell_2"].to_numpy(), gained[0] * many + gained[1])
    return len(np.unique(pairs["which"].to_numpy()[hit]))
