"""Kaplan-Meier: how long something lasts where some of it was not seen to end.

    S(t) = Π_{t_i ≤ t} (1 − d_i / n_i),      Var S = S² Σ d_i / (n_i (n_i − d_i))      (Greenwood)

with d_i ends at time t_i and n_i at risk just before it: those not yet ended or censored and, with delayed entry, already
entered. Ends come before censorings of the same time. Intervals are of log(−log S) (Kalbfleisch & Prentice 1980): they stay in
[0, 1]. Kaplan & Meier 1958, J. Am. Stat. Assoc. 53:457; median interval: Brookmeyer & Crowley 1982, Biometrics 38:29.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.dynamics.estimate import Estimate, checked_level, two_sided_z

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """A Kaplan-Meier curve.

    Attributes
    ----------
    time : (k,) distinct times of ends, ascending.
    at_risk, events : (k,) numbers at those times.
    survival, se, low, high : (k,) S just after each time, Greenwood's standard error, and the log-log interval. Where S is 0 the
        interval is not defined (NaN); before the first end S is 1.
    n, n_events : how many durations, and how many of them ended.
    longest : the longest duration, ended or not; the curve says nothing beyond it.
    level : of the interval.
    """

    time: Reals
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    survival: Reals
    se: Reals
    low: Reals
    high: Reals
    n: int
    n_events: int
    longest: float
    level: float

    @property
    def table(self) -> pd.DataFrame:
        """One row a time of an end."""
        names = ("time", "at_risk", "events", "survival", "se", "low", "high")
        return pd.DataFrame({name: getattr(self, name) for name in names})

    def at(self, time: float) -> Estimate:
        """Return S at a time; not defined beyond the longest duration unless S is 0 there."""
        place = int(np.searchsorted(self.time, time, side="right")) - 1
        if self.n == 0:
            return self._undefined("no duration")
        if time > self.longest and not (len(self.survival) and self.survival[-1] == 0):
            return self._undefined(f"nothing was observed for as long as {time:g}")
        if place < 0:
            return Estimate(1.0, 0.0, 1.0, 1.0, n=self.n, method="Kaplan-Meier, before the first end")
        low, high = (float(np.nan_to_num(band[place])) for band in (self.low, self.high))
        return Estimate(
            float(self.survival[place]), float(self.se[place]), low, high, n=self.n, events=self.n_events,
            method="Kaplan-Meier, Greenwood, log-log interval",
        )  # fmt: skip

    def median(self) -> Estimate:
        """Return the first time at which S is at most one half, with Brookmeyer and Crowley's interval.

        Where S equals one half exactly over a stretch, it is the stretch's midpoint. The upper end is infinite where the upper
        band does not come down to one half. No standard error belongs to it.
        """
        if self.n == 0:
            return self._undefined("no duration")
        value = _crossing(self.time, self.survival, half_way=True)
        if not math.isfinite(value):
            return self._undefined("fewer than half had ended when observation stopped")
        low = _crossing(self.time, np.where(np.isnan(self.low), 0.0, self.low))
        high = _crossing(self.time, np.where(np.isnan(self.high), 1.0, self.high))
        return Estimate(
            value, math.nan, low, high, n=self.n, events=self.n_events, method="Kaplan-Meier median, log-log interval"
        )

    def restricted_mean(self, horizon: float) -> Estimate:
        """Return the mean of min(duration, horizon): the area under S up to the horizon.

        ``Var = Σ_{t_i ≤ horizon} A_i² d_i / (n_i (n_i − d_i))`` with A_i the area under S from t_i to the horizon; terms in which
        all at risk ended have A_i = 0. The interval is normal.
        """
        if not horizon > 0:
            raise InputError(f"a horizon of {horizon}", "horizon", "give a time > 0")
        if self.n == 0:
            return self._undefined("no duration")
        if horizon > self.longest and not (len(self.survival) and self.survival[-1] == 0):
            return self._undefined(f"nothing was observed for as long as the horizon of {horizon:g}")
        used = self.time < horizon
        edges = np.r_[0.0, self.time[used], horizon]
        pieces = np.r_[1.0, self.survival[used]] * np.diff(edges)
        beyond = pieces.sum() - np.cumsum(pieces)[: int(used.sum())]
        left = (self.at_risk * (self.at_risk - self.events))[used]
        part = np.divide(beyond**2 * self.events[used], left, out=np.zeros(len(beyond)), where=left > 0)
        value, se = float(pieces.sum()), math.sqrt(float(part.sum()))
        reach = two_sided_z(self.level) * se
        words = f"Kaplan-Meier mean restricted to {horizon:g}, normal interval"
        return Estimate(value, se, value - reach, value + reach, n=self.n, events=self.n_events, method=words)

    def _undefined(self, reason: str) -> Estimate:
        return Estimate.undefined(reason, n=self.n, events=self.n_events, method="Kaplan-Meier")


def kaplan_meier(duration: Any, ended: Any, *, entry: Any = None, level: float = 0.95) -> SurvivalCurve:
    """Return the Kaplan-Meier curve of a set of durations.

    Parameters
    ----------
    duration : (n,) times to the end or to censoring, >= 0.
    ended : (n,) whether the end was seen.
    entry : (n,) times from which each was watched (delayed entry), each before its duration; None: from 0.
    level : of the intervals.

    Raises
    ------
    InputError : if the arrays differ in length, a duration is negative or no number, or an entry lies after its duration.
    """
    last, end = np.asarray(duration, np.float64), np.asarray(ended, bool)
    first = np.zeros(len(last)) if entry is None else np.asarray(entry, np.float64)
    checked_level(level)
    if not len(last) == len(end) == len(first):
        raise InputError(f"{len(last)} durations, {len(end)} ends, {len(first)} entries", "duration", "give one of each")
    if not (np.isfinite(last).all() and (last >= 0).all()):
        raise InputError("a duration is negative or no number", "duration", "leave it out")
    if not (np.isfinite(first).all() and (first <= last).all()):
        raise InputError("an entry lies after its duration or is no number", "entry", "leave it out")
    time, events = np.unique(last[end], return_counts=True)
    entered = len(first) if entry is None else np.searchsorted(np.sort(first), time)
    at_risk = entered - np.searchsorted(np.sort(last), time)
    survival, se, low, high = _bands(at_risk, events, two_sided_z(level))
    longest = float(last.max()) if len(last) else math.nan
    return SurvivalCurve(time, at_risk, events, survival, se, low, high, len(last), int(end.sum()), longest, level)


def _bands(at_risk: NDArray[np.int64], events: NDArray[np.int64], z: float) -> tuple[Reals, Reals, Reals, Reals]:
    survival: Reals = np.cumprod(1 - events / at_risk, dtype=np.float64)
    left = at_risk * (at_risk - events)
    spread = np.sqrt(np.cumsum(np.divide(events, left, out=np.zeros(len(events)), where=left > 0)))
    inner = (survival > 0) & (survival < 1)
    log = np.log(np.where(inner, survival, 0.5))
    width = z * spread / -log
    low = np.where(inner, np.exp(log * np.exp(width)), np.nan)
    high = np.where(inner, np.exp(log * np.exp(-width)), np.nan)
    return survival, np.asarray(survival * spread, np.float64), np.asarray(low, np.float64), np.asarray(high, np.float64)


def _crossing(time: Reals, curve: Reals, *, half_way: bool = False) -> float:
    """Return the first time at which a step curve is at most one half; infinite if it never is."""
    below = np.flatnonzero(curve <= 0.5 + 1e-12)
    if not len(below):
        return math.inf
    place = int(below[0])
    if half_way and abs(curve[place] - 0.5) <= 1e-12 and place + 1 < len(time):
        return float((time[place] + time[place + 1]) / 2)
    return float(time[place])
