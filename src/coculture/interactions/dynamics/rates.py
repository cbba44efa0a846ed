"""How often contacts form and break: events per time at risk, for each pair of types.

The step from a frame k to the next is a trial. A pair that touches at k, both cells seen as long as it takes to tell, is at risk
of parting; a pair seen apart is at risk of meeting. With ``bridge_frames = g`` "to tell" means g frames more on the far side,
and a pair that parted at most g frames ago is at risk of nothing: it could still have been bridged.

    loss rate      = partings / Σ (time in contact)
    formation rate = meetings / Σ (time apart, over all pairs of cells of the two types that are in the site together)

Pairs apart are counted, not listed: n_a n_b (or n_a (n_a − 1)/2) less those in contact. Intervals are exact for independent
events (Garwood). One cell takes part in several pairs, so they are a lower bound of the uncertainty; between wells the spread of
the wells themselves is what counts.

A frame interval Δ blurs: contacts that form and break between frames go unseen. For ``g = 0`` and one Δ the pair is a Markov
chain with two states seen every Δ, and the rates in continuous time that reproduce the observed fractions p₀₁ = meetings/trials
and p₁₀ = partings/trials are (Kalbfleisch & Lawless 1985, J. Am. Stat. Assoc. 80:863)

    α + β = −ln(1 − p₀₁ − p₁₀) / Δ,      α = (α + β) p₀₁ / (p₀₁ + p₁₀),      β = (α + β) p₁₀ / (p₀₁ + p₁₀)
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.dynamics.episodes import ContactEpisodes
from coculture.interactions.dynamics.estimate import Estimate, poisson_rate
from coculture.interactions.dynamics.timeline import Integers, Reals, Timeline

_HOUR = 60.0


def contact_rates(episodes: ContactEpisodes, *, level: float = 0.95) -> pd.DataFrame:
    """Return formation and loss rates of every pair of types, all wells of the episodes together.

    Parameters
    ----------
    episodes : from :func:`~coculture.interactions.dynamics.episodes.contact_episodes`.
    level : of the intervals.

    Returns
    -------
    One row a pair of types (type_a not after type_b) and kind of event (``event`` is ``formation`` or ``loss``): ``events``,
    ``trials`` (steps at risk), ``pair_hours``, ``rate_per_h`` with ``low_per_h, high_per_h`` (per pair of cells), and
    ``per_cell_a_per_h`` (events per hour of a cell of type_a in a step at risk), ``continuous_per_h`` (see the module's head),
    and ``reason`` (why there is no rate), ``continuous_reason`` (why there is none in continuous time).
    """
    timeline, bridge = episodes.timeline, episodes.bridge_frames
    kinds = len(timeline.types)
    step = _step_lengths(timeline)
    loss, apart_less = _touching_steps(episodes, step)
    cells, pairs = _pairs_of_types(timeline, bridge, step)
    apart = {key: pairs[key] - apart_less[key] for key in pairs}
    begun = _events(episodes, episodes.table["start_seen"].to_numpy(bool), kinds)
    ended = _events(episodes, episodes.table["end_seen"].to_numpy(bool), kinds)
    even = _one_interval(timeline)
    rows = []
    for a, b in timeline.pair_types():
        smooth = _continuous(begun[a, b], apart["trials"][a, b], ended[a, b], loss["trials"][a, b], even, bridge)
        for kind, events, at_risk, place in (("formation", begun, apart, 0), ("loss", ended, loss, 1)):
            trials, hours = round(float(at_risk["trials"][a, b])), float(at_risk["time"][a, b]) / _HOUR
            rate = poisson_rate(int(events[a, b]), hours if trials else 0.0, level=level, n=trials)
            per_cell = events[a, b] * (2 if a == b else 1) * _HOUR / cells[a] if cells[a] else math.nan
            rows.append(_row(timeline.types, (a, b), kind, rate, hours, per_cell, smooth[place]))
    columns = [*_COLUMNS]
    return pd.DataFrame(rows, columns=columns)


_COLUMNS = (
    "type_a", "type_b", "event", "events", "trials", "pair_hours", "rate_per_h", "low_per_h", "high_per_h",
    "per_cell_a_per_h", "continuous_per_h", "reason", "continuous_reason",
)  # fmt: skip


def _row(
    types: tuple[str, ...], pair: tuple[int, int], kind: str, rate: Estimate, hours: float, per_cell: float, smooth: Estimate
) -> tuple[object, ...]:
    reason = {"formation": "no two cells of these types were seen apart", "loss": "no contact was seen for two frames' time"}
    return (
        types[pair[0]], types[pair[1]], kind, rate.events, rate.n, hours, rate.value, rate.low, rate.high,
        per_cell, smooth.value, reason[kind] if rate.reason else "", smooth.reason,
    )  # fmt: skip


def _step_lengths(timeline: Timeline) -> Reals:
    """Return the time from each frame to the next of its site; 0 at a site's last."""
    if not len(timeline.frame_time):
        return np.empty(0)
    step = np.r_[np.diff(timeline.frame_time), 0.0]
    return np.where(np.r_[np.diff(timeline.frame_site) == 0, False], step, 0.0)


def _one_interval(timeline: Timeline) -> float:
    """Return the frame interval if all are equal to 1 %, else NaN."""
    step = _step_lengths(timeline)
    step = step[step > 0]
    return float(step.mean()) if len(step) and np.ptp(step) <= 0.01 * step.mean() else math.nan


def _events(episodes: ContactEpisodes, seen: NDArray[np.bool_], kinds: int) -> Integers:
    pair = episodes.timeline.track_type[episodes.track_a] * kinds + episodes.timeline.track_type[episodes.track_b]
    return np.bincount(pair[seen], minlength=kinds * kinds).reshape(kinds, kinds)


def _touching_steps(episodes: ContactEpisodes, step: Reals) -> tuple[dict[str, Reals], dict[str, Reals]]:
    """Return trials and time at risk of loss, and what episodes take from those at risk of formation."""
    timeline, bridge, kinds = episodes.timeline, episodes.bridge_frames, len(episodes.types)
    many = episodes.last_frame - episodes.first_frame + 1 + bridge
    which = np.repeat(np.arange(len(many)), many)
    frame = episodes.first_frame[which] + (np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many))
    one, other = (timeline.sighting(track[which], frame) for track in (episodes.track_a, episodes.track_b))
    seen = (one >= 0) & (other >= 0)
    which, frame, one, other = which[seen], frame[seen], one[seen], other[seen]
    run_first = np.maximum(timeline.run_first[one], timeline.run_first[other])
    run_last = np.minimum(timeline.run_last[one], timeline.run_last[other])
    pair = (timeline.track_type[episodes.track_a] * kinds + timeline.track_type[episodes.track_b])[which]
    touching = (frame <= episodes.last_frame[which]) & (run_last >= frame + 1 + bridge)
    busy = (run_first <= frame - bridge) & (run_last > frame)
    # the frames after one episode may be the first of the pair's next: count a pair's frame once
    keys = (episodes.track_a[which] * len(timeline.tracks) + episodes.track_b[which]) * (len(timeline.frame_time) + 1) + frame
    once = np.zeros(len(keys), bool)
    once[np.unique(keys, return_index=True)[1]] = True
    return tuple(_sums(pair[use], step[frame[use]], kinds) for use in (touching, busy & once))  # type: ignore[return-value]


def _sums(pair: Integers, time: Reals, kinds: int) -> dict[str, Reals]:
    shape, trials = (kinds, kinds), np.bincount(pair, minlength=kinds * kinds)
    return {
        "trials": trials.reshape(shape).astype(np.float64),
        "time": np.bincount(pair, time, minlength=kinds * kinds).reshape(shape).astype(np.float64),
    }


def _pairs_of_types(timeline: Timeline, bridge: int, step: Reals) -> tuple[Reals, dict[str, Reals]]:
    """Return the time of cells of each type, and trials and time of all pairs that could be seen to meet."""
    kinds, frames = len(timeline.types), len(timeline.frame_time)
    usable = (timeline.run_first <= timeline.frame - bridge) & timeline.next_in_run
    code = timeline.frame[usable] * kinds + timeline.track_type[timeline.track[usable]]
    count = np.bincount(code, minlength=frames * kinds).reshape(frames, kinds).astype(np.float64)
    both = count[:, :, None] * count[:, None, :]
    diagonal = np.arange(kinds)
    both[:, diagonal, diagonal] = count * (count - 1) / 2
    return step @ count, {"trials": both.sum(axis=0), "time": np.einsum("f,fab->ab", step, both)}


def _continuous(met: int, apart: float, parted: int, together: float, step: float, bridge: int) -> tuple[Estimate, Estimate]:
    """Return formation and loss rates per hour in continuous time."""
    reason = ""
    if bridge:
        reason = "gaps were bridged"
    elif math.isnan(step):
        reason = "the frames are not evenly spaced"
    elif not (apart and together):
        reason = "pairs were not seen both together and apart"
    elif met / apart + parted / together >= 1:
        reason = "contacts change too fast for this frame interval"
    if reason:
        return (Estimate.undefined(reason),) * 2
    up, down = met / apart, parted / together
    total = -math.log1p(-up - down) / step * _HOUR
    scale = total / (up + down) if up + down else 0.0
    return Estimate(up * scale), Estimate(down * scale)
