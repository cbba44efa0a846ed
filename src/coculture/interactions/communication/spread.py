"""Does activation spread from cell to cell, and who follows whom?

A cell is activated at the first frame at which its signal reaches the threshold after it was seen below it. From each frame to
the next, every cell not yet activated is at risk; it is *exposed* if it touches an activated cell. A stimulus that reaches all
cells at one time activates neighbours together without any spread, so the comparison is made among the cells at risk at one site
and frame only:

**Null.** Given that d of the n cells at risk (m of them exposed) are activated in a step, which ones is a random draw: the
number of exposed among them is hypergeometric, mean d m/n and variance d (m/n)(1 − m/n)(n − d)/(n − 1). Summed over steps this
is the log-rank test with a covariate that changes in time (Mantel 1966, Cancer Chemother. Rep. 50:163); each step is
conditioned on what went before, so that the cascade's own history is no nuisance. It equals permuting the labels "activated in
this step" among the cells at risk; p is found by drawing from it, and z from its exact moments.

**Effect.** The hazard ratio of activation, exposed over unexposed, from Cox's model stratified by site.

A stimulus that reaches part of the field only (a gradient, a jet) is no part of this null: put such fields into
:func:`~coculture.interactions.communication.slopes.neighbour_slopes`, or name ``of`` cells that see it alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.communication.clusters import cluster_codes
from coculture.interactions.communication.neighbourhood import Neighbourhood
from coculture.interactions.communication.responses import column
from coculture.interactions.dynamics.at_risk import steps_at_risk
from coculture.interactions.dynamics.cox import cox_regression
from coculture.interactions.dynamics.estimate import Estimate
from coculture.interactions.dynamics.timeline import Integers, Reals, Timeline, type_code


@dataclass(frozen=True, eq=False)
class ActivationSpread:
    """Spread of activation by contact.

    Attributes
    ----------
    hazard_ratio : of activation, next to an activated cell over not; ``se`` is of its logarithm.
    observed, expected, sd, z : activations next to an activated cell, beside their exact conditional null.
    p_value : two-sided, by ``n_draws`` draws from that null.
    reason : why z and p are not defined; '' where they are.
    by_leader : one row a type of leader: ``leader_type, exposed_hours, events, hazard_ratio, low, high, p_value, reason``;
        exposed to that type, all leader types in one model.
    followers : one row a follower and activated neighbour: ``plate, well, site, follower, follower_type, leader, leader_type,
        activated_min, lag_min`` (after the leader's activation), ``border_um`` (at the frame before).
    n_tracks, n_activated : cells at risk at any time, and those activated.
    """

    hazard_ratio: Estimate
    observed: int
    expected: float
    sd: float
    z: float
    p_value: float
    reason: str
    by_leader: pd.DataFrame
    followers: pd.DataFrame
    n_tracks: int
    n_activated: int


def activation_spread(
    timeline: Timeline,
    cells: pd.DataFrame,
    signal: str,
    threshold: float,
    random: np.random.Generator,
    *,
    of: str | None = None,
    memory_min: float | None = None,
    n_draws: int = 9999,
    level: float = 0.95,
) -> ActivationSpread:
    """Compare activation next to activated cells with activation elsewhere.

    Parameters
    ----------
    timeline : tracked cells and their contacts, made of ``cells``.
    signal : numeric column; a cell without a value at a frame is not at risk there.
    threshold : a cell at or above is active.
    random : the stream to draw from.
    of : type of the followers; None: all. Any type may lead.
    memory_min : how long after its activation a cell counts as activated; None: for ever.
    n_draws : draws from the null.
    level : of the intervals.

    Raises
    ------
    InputError : if a type or column is unknown, or a setting cannot be used.
    """
    if n_draws < 99 or (memory_min is not None and not memory_min > 0) or not np.isfinite(threshold):
        raise InputError(
            f"threshold {threshold}, memory {memory_min} min, {n_draws} draws", "activation", "a number, > 0, and at least 99"
        )
    kind = timeline.track_type[timeline.track]
    amount = column(timeline, cells, signal)
    began = _activation(timeline, amount, threshold)
    time = timeline.frame_time[timeline.frame]
    since = time - began[timeline.track]
    leads = (since >= 0) & (since <= (np.inf if memory_min is None else memory_min + 1e-9))
    around = Neighbourhood.of(timeline)
    kinds = len(timeline.types)
    by_kind = np.asarray(around.touching @ (leads[:, None] & (kind[:, None] == np.arange(kinds))).astype(np.float64))
    rows, start, stop, event = _at_risk(timeline, amount, began, None if of is None else type_code(timeline.types, of, "of"))
    exposure = (by_kind[rows] > 0).astype(np.float64)
    touched: NDArray[np.bool_] = np.asarray(exposure.any(axis=1), bool)
    site = cluster_codes(timeline, rows, "site")
    fit = cox_regression(start, stop, event, touched.astype(np.float64), names=("spread",), strata=site)
    null = _null(timeline.frame[rows], touched, event, random, n_draws)
    return ActivationSpread(
        fit.hazard_ratio("spread", level=level),
        *null,
        _by_leader(timeline, exposure, (start, stop, event, site), level),
        _followers(timeline, around, rows[event], leads, began, stop[event]),
        len(np.unique(timeline.track[rows])),
        int(event.sum()),
    )


def _activation(timeline: Timeline, amount: Reals, threshold: float) -> Reals:
    """Return each track's time of activation: its first sighting at the threshold; infinite where there is none."""
    found = np.full(len(timeline.tracks), np.inf)
    active = np.flatnonzero(amount >= threshold)
    np.minimum.at(found, timeline.track[active], timeline.frame_time[timeline.frame[active]])
    return found


def _at_risk(
    timeline: Timeline, amount: Reals, began: Reals, mine: int | None
) -> tuple[Integers, Reals, Reals, NDArray[np.bool_]]:
    """Return the steps of cells not yet activated, measured at both ends: sighting, start, stop, activated."""
    steps = steps_at_risk(timeline)
    track = timeline.track[steps.sighting]
    after = np.maximum(steps.next, 0)
    use = (steps.next >= 0) & (steps.start_min < began[track]) & np.isfinite(amount[steps.sighting])
    use &= np.isfinite(amount[after]) if len(amount) else use
    if mine is not None:
        use &= timeline.track_type[track] == mine
    return steps.sighting[use], steps.start_min[use], steps.stop_min[use], steps.stop_min[use] == began[track[use]]


def _null(
    frame: Integers, exposed: NDArray[np.bool_], event: NDArray[np.bool_], random: np.random.Generator, n_draws: int
) -> tuple[int, float, float, float, float, str]:
    """Return observed, expected, sd, z, p and why not, of events among the exposed, step by step."""
    step = np.unique(frame, return_inverse=True)[1]
    n, m, d = (np.bincount(step, weights=part).astype(np.int64) for part in (np.ones(len(step)), exposed, event))
    observed = int((exposed & event).sum())
    informative = (d > 0) & (m > 0) & (m < n) & (d < n)
    fixed = int((d * (m == n))[~informative].sum()) + int((m * ((d == n) & (m < n)))[~informative].sum())
    n, m, d = n[informative], m[informative], d[informative]
    expected = float((d * m / n).sum()) + fixed
    variance = float((d * (m / n) * (1 - m / n) * (n - d) / np.maximum(n - 1, 1)).sum())
    if not variance > 0:
        reason = (
            "no cell was activated" if not event.any() else "no step has exposed and unexposed cells of which some are activated"
        )
        return observed, expected, 0.0, float("nan"), float("nan"), reason
    draws = np.zeros(n_draws)
    for good, every, drawn in zip(m, n, d, strict=True):
        draws += random.hypergeometric(good, every - good, drawn, n_draws)
    shift = abs(observed - expected)
    extreme = int((np.abs(draws + fixed - expected) >= shift - 1e-9).sum())
    sd = float(np.sqrt(variance))
    return observed, expected, sd, (observed - expected) / sd, (1 + extreme) / (1 + n_draws), ""


def _by_leader(
    timeline: Timeline, exposure: Reals, steps: tuple[Reals, Reals, NDArray[np.bool_], Integers], level: float
) -> pd.DataFrame:
    """Return the hazard ratio of exposure to each type of leader, in one model of those types that expose anyone."""
    start, stop, event, site = steps
    varies = np.flatnonzero(np.ptp(exposure, axis=0) > 0) if len(exposure) else np.empty(0, np.int64)
    names = tuple(timeline.types[code] for code in varies)
    fit = cox_regression(start, stop, event, exposure[:, varies], names=names, strata=site) if names else None
    rows = []
    for code, name in enumerate(timeline.types):
        on = exposure[:, code] > 0
        if fit is not None and name in names:
            ratio = fit.hazard_ratio(name, level=level)
        else:
            ratio = Estimate.undefined("every cell at risk touches a leader of it" if on.any() else "no cell at risk touches one")
        hours, events = float((stop - start)[on].sum()) / 60, int((event & on).sum())
        rows.append((name, hours, events, ratio.value, ratio.low, ratio.high, ratio.p_value, ratio.reason))
    columns = ["leader_type", "exposed_hours", "events", "hazard_ratio", "low", "high", "p_value", "reason"]
    return pd.DataFrame(rows, columns=columns)


def _followers(
    timeline: Timeline, around: Neighbourhood, rows: Integers, leads: NDArray[np.bool_], began: Reals, activated: Reals
) -> pd.DataFrame:
    """List every activated neighbour of every cell at the frame before its own activation."""
    picked = around.border[rows].tocoo() if len(rows) else around.border[:0].tocoo()
    use = leads[picked.col]
    here, there, border = picked.row[use], timeline.track[picked.col[use]], picked.data[use]
    follower = timeline.track[rows[here]]
    tracks = timeline.tracks
    table = tracks[["plate", "well", "site"]].iloc[follower].reset_index(drop=True)
    number, kind = tracks["track_id"].to_numpy(), tracks["cell_type"].to_numpy()
    table = table.assign(
        follower=number[follower], follower_type=kind[follower], leader=number[there], leader_type=kind[there],
        activated_min=activated[here], lag_min=activated[here] - began[there], border_um=border,
    )  # fmt: skip
    order = ["plate", "well", "site", "activated_min", "follower", "lag_min", "leader"]
    ordered: pd.DataFrame = table.sort_values(order, ignore_index=True)
    return ordered
