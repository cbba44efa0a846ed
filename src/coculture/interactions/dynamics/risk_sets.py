"""Who is at risk at each event: sums over risk sets of intervals, by cumulative sums in a sorted order.

The time and memory taken are linear in intervals after one sort, whatever the number of strata and events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError

Ties = Literal["efron", "breslow"]
Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Intervals sorted for cumulative sums, and every event with its place in them.

    Attributes
    ----------
    x : (n, p) covariates, centred.
    by_stop, by_start : orders of the intervals.
    events : (d,) intervals that end with an event, sorted by stratum and time.
    risk : for each event time, the stretches of ``by_stop`` and ``by_start`` that count to and against it.
    spans : (n,) first and one past last event time within each interval.
    group : (d,) event time of each event.
    weight : (d,) l/d of Efron's correction.
    n_groups : number of distinct event times.
    names : names of the covariates.
    """

    x: Reals
    by_stop: Integers
    by_start: Integers
    events: Integers
    risk: tuple[Integers, ...]
    spans: tuple[Integers, Integers]
    group: Integers
    weight: Reals
    n_groups: int
    names: tuple[str, ...]

    @property
    def n_events(self) -> int:
        """Number of events."""
        return len(self.events)

    @classmethod
    def of(cls, start: Any, stop: Any, event: Any, covariates: Any, names: tuple[str, ...], strata: Any) -> RiskSets:
        """Sort intervals; see :func:`~coculture.interactions.dynamics.cox.cox_regression` for arguments and errors."""
        begin, end, ended = np.asarray(start, np.float64), np.asarray(stop, np.float64), np.asarray(event, bool)
        x = np.asarray(covariates, np.float64)
        x = x[:, None] if x.ndim == 1 else x
        stratum = np.zeros(len(end), np.int64) if strata is None else np.unique(np.asarray(strata), return_inverse=True)[1]
        _check(begin, end, ended, x, names, stratum)
        x = x - x.mean(axis=0) if len(x) else x
        _, rank = np.unique(np.r_[begin, end], return_inverse=True)
        many = int(rank.max(initial=0)) + 2
        key_start, key_stop = stratum * many + rank[: len(end)], stratum * many + rank[len(end) :]
        by_stop, by_start = np.argsort(key_stop, kind="stable"), np.argsort(key_start, kind="stable")
        events = np.flatnonzero(ended)
        events = events[np.argsort(key_stop[events], kind="stable")]
        at, group = np.unique(key_stop[events], return_inverse=True)
        edge = (at // many + 1) * many
        stops, starts = key_stop[by_stop], key_start[by_start]
        risk = tuple(np.asarray(np.searchsorted(keys, wanted), np.int64) for keys in (stops, starts) for wanted in (at, edge))
        spans = (np.searchsorted(at, key_start, side="right"), np.searchsorted(at, key_stop, side="right"))
        size = np.bincount(group, minlength=len(at))
        place = np.arange(len(events)) - np.r_[0, np.cumsum(size)[:-1]][group] if len(events) else np.empty(0)
        weight = place / size[group] if len(events) else np.empty(0)
        return cls(x, by_stop, by_start, events, risk, spans, group.astype(np.int64), weight, len(at), names)

    def why_not(self) -> str:
        """Return why no model can be fitted; '' where one may be."""
        if not self.n_events:
            return "no event"
        flat = [name for name, spread in zip(self.names, self.x.std(axis=0), strict=True) if spread == 0]
        return f"{', '.join(flat)} has the same value everywhere" if flat else ""

    def at_risk(self, values: Reals) -> Reals:
        """Return the sum of values, (n, ...), over those at risk at each event time."""
        sums = []
        for order in (self.by_stop, self.by_start):
            total = np.zeros((len(values) + 1, *values.shape[1:]))
            np.cumsum(values[order], axis=0, out=total[1:])
            sums.append(total)
        from_stop, to_stop, from_start, to_start = self.risk
        return np.asarray((sums[0][to_stop] - sums[0][from_stop]) - (sums[1][to_start] - sums[1][from_start]))

    def ending(self, values: Reals) -> Reals:
        """Return the sum of values over those that end at each event time."""
        found = np.zeros((self.n_groups, *values.shape[1:]))
        np.add.at(found, self.group, values[self.events])
        return found

    def moments(self, beta: Reals) -> tuple[Reals, Reals, Reals]:
        """Return exp(xβ), x exp(xβ) and x x' exp(xβ) of each interval."""
        risk = np.exp(np.clip(self.x @ beta, -500, 500))
        first = self.x * risk[:, None]
        return risk, first, first[:, :, None] * self.x[:, None, :]

    def likelihood(self, beta: Reals, ties: Ties) -> tuple[float, Reals, Reals]:
        """Return log partial likelihood, score and information."""
        weight = self.weight if ties == "efron" else np.zeros(len(self.weight))
        sums = []
        for values in self.moments(beta):
            every, ending = self.at_risk(values)[self.group], self.ending(values)[self.group]
            sums.append(every - weight.reshape(-1, *([1] * (every.ndim - 1))) * ending)
        s0, s1, s2 = sums
        if not (s0 > 0).all():  # rounding far from the maximum
            return -np.inf, np.zeros(len(beta)), np.eye(len(beta))
        mean = s1 / s0[:, None]
        ended = self.x[self.events]
        value = float((ended @ beta - np.log(s0)).sum())
        return value, (ended - mean).sum(axis=0), (s2 / s0[:, None, None]).sum(axis=0) - mean.T @ mean

    def score_residuals(self, beta: Reals) -> Reals:
        """Return each interval's score residual, (n, p): they sum to Breslow's score."""
        risk, first, _ = self.moments(beta)
        s0, mean = self.at_risk(risk), self.at_risk(first)
        mean = mean / s0[:, None]
        hazard = np.bincount(self.group, minlength=self.n_groups) / s0
        residual = np.zeros_like(self.x)
        residual[self.events] = self.x[self.events] - mean[self.group]
        total, moment = self.over_interval(hazard), self.over_interval(mean * hazard[:, None])
        return residual - risk[:, None] * (self.x * total[:, None] - moment)

    def over_interval(self, values: Reals) -> Reals:
        """Return the sum of values, one per event time, over the event times within each interval."""
        total = np.zeros((len(values) + 1, *values.shape[1:]))
        np.cumsum(values, axis=0, out=total[1:])
        first, past = self.spans
        return np.asarray(total[past] - total[first])


def _check(start: Reals, stop: Reals, event: NDArray[np.bool_], x: Reals, names: tuple[str, ...], stratum: Integers) -> None:
    if x.ndim != 2 or not len(start) == len(stop) == len(event) == len(x) == len(stratum):
        raise InputError(
            "starts, stops, events, covariates and strata differ in length", "start", "give one of each per interval"
        )
    if x.shape[1] != len(names):
        raise InputError(f"{len(names)} names for {x.shape[1]} covariates", "names", "name every column")
    if not (np.isfinite(x).all() and np.isfinite(start).all() and np.isfinite(stop).all()):
        raise InputError("a time or covariate is not a finite number", "covariates", "leave the interval out")
    if not (start < stop).all():
        raise InputError("an interval is empty or ends before it starts", "stop", "leave it out")
