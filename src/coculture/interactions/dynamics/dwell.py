"""How long contacts last, and which are long enough to be a synapse.

Kaplan-Meier over episodes whose beginning was seen. Those already under way when first seen are left out (their age is not
known, and long ones are over-represented among them) and counted; where ends were not seen the episode is censored.
Death, division and loss of a cell censor: the dwell time is that of a contact between two living cells.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from coculture.errors import InputError
from coculture.interactions.dynamics.episodes import ContactEpisodes
from coculture.interactions.dynamics.estimate import Estimate
from coculture.interactions.dynamics.kaplan_meier import SurvivalCurve, kaplan_meier


def dwell_curves(episodes: ContactEpisodes, *, level: float = 0.95) -> dict[tuple[str, str], SurvivalCurve]:
    """Return the Kaplan-Meier curve of dwell times, min, for every pair of types (type_a not after type_b)."""
    return {pair: _curve(table, level) for pair, table in _pairs(episodes)}


def dwell_times(episodes: ContactEpisodes, *, horizon_min: float | None = None, level: float = 0.95) -> pd.DataFrame:
    """Return median and restricted mean dwell time for every pair of types.

    Parameters
    ----------
    episodes : from :func:`~coculture.interactions.dynamics.episodes.contact_episodes`.
    horizon_min : the mean is of min(dwell, horizon). None: the longest dwell followed, each pair of types its own; give one to
        compare pairs or wells.
    level : of the intervals.

    Returns
    -------
    One row a pair of types: ``episodes`` used, ``ended`` among them, ``left_out`` (beginning not seen), ``median_min`` with
    ``median_low, median_high, median_reason``, ``mean_min`` with ``mean_se, mean_low, mean_high, horizon_min, mean_reason``.

    Raises
    ------
    InputError : if the horizon is not above 0.
    """
    rows = []
    for (a, b), table in _pairs(episodes):
        curve = _curve(table, level)
        horizon = curve.longest if horizon_min is None else horizon_min
        median = curve.median()
        if curve.n and horizon_min is None and not curve.longest > 0:
            mean = Estimate.undefined("no episode was followed beyond its first frame")
        else:
            mean = curve.restricted_mean(horizon if curve.n or horizon_min is not None else 1.0)
        rows.append((
            a, b, curve.n, curve.n_events, len(table) - curve.n, median.value, median.low, median.high, median.reason,
            mean.value, mean.se, mean.low, mean.high, horizon, mean.reason,
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(_DWELL))


_DWELL = (
    "type_a", "type_b", "episodes", "ended", "left_out", "median_min", "median_low", "median_high", "median_reason",
    "mean_min", "mean_se", "mean_low", "mean_high", "horizon_min", "mean_reason",
)  # fmt: skip


def long_contacts(episodes: ContactEpisodes, threshold_min: float, *, level: float = 0.95) -> pd.DataFrame:
    """Return how many contacts last at least a threshold, as immune synapses do, for every pair of types.

    Parameters
    ----------
    episodes : from :func:`~coculture.interactions.dynamics.episodes.contact_episodes`.
    threshold_min : the least duration, min.
    level : of the interval.

    Returns
    -------
    One row a pair of types: ``long`` (episodes followed for at least the threshold, whether or not their beginning and end were
    seen), ``fraction`` that last beyond the threshold with ``se, low, high, reason`` (Kaplan-Meier at the threshold),
    ``cells_a, cells_b`` (tracks of each type), ``cells_a_long, cells_b_long`` (those with at least one long contact with the
    other type).

    Raises
    ------
    InputError : if the threshold is not above 0.
    """
    if not threshold_min > 0:
        raise InputError(f"a threshold of {threshold_min} min", "threshold_min", "give a time > 0")
    count = np.bincount(episodes.timeline.track_type, minlength=len(episodes.types))
    rows = []
    for (a, b), table in _pairs(episodes):
        held = table[table["dwell_min"] >= threshold_min - 1e-9]
        share = _curve(table, level).at(np.nextafter(threshold_min - 1e-9, 0))
        ends = [
            set(zip(*(held[name] for name in ("plate", "well", "site", side)), strict=True)) for side in ("track_a", "track_b")
        ]
        many = [len(ends[0] | ends[1])] * 2 if a == b else [len(end) for end in ends]
        cells = [int(count[episodes.types.index(name)]) for name in (a, b)]
        rows.append((a, b, len(held), share.value, share.se, share.low, share.high, share.reason, *cells, *many))
    return pd.DataFrame(rows, columns=list(_LONG))


_LONG = (
    "type_a", "type_b", "long", "fraction", "se", "low", "high", "reason", "cells_a", "cells_b", "cells_a_long", "cells_b_long",
)  # fmt: skip


def _pairs(episodes: ContactEpisodes) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    """Go through all pairs of types with their episodes, also those without any."""
    groups = dict(iter(episodes.table.groupby(["type_a", "type_b"], sort=True)))
    for a, b in episodes.timeline.pair_types():
        pair = (episodes.types[a], episodes.types[b])
        yield pair, groups.get(pair, episodes.table.iloc[:0])


def _curve(table: pd.DataFrame, level: float) -> SurvivalCurve:
    begun = table[table["start_seen"].to_numpy(bool)]
    return kaplan_meier(begun["dwell_min"].to_numpy(np.float64), begun["end_seen"].to_numpy(bool), level=level)
