"""One estimated number with its uncertainty, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import beta, chi2, norm

from coculture.errors import InputError


@dataclass(frozen=True)
class Estimate:
    """A number, its standard error and interval.

    Attributes
    ----------
    value : the estimate; NaN only where ``reason`` says why.
    se : its standard error (of the logarithm for ratios, see ``scale``); NaN where the method gives an interval only.
    low, high : the interval; infinite where it is open to that side.
    p_value : two-sided, of the null value (0, or 1 for a ratio); NaN where nothing is tested.
    n : how many independent things it rests on, as the maker of the estimate says.
    events : how many events, 0 where events are not counted.
    reason : why the number, or its standard error, is not defined; '' where both are.
    method : how it was computed, in words.
    """

    value: float
    se: float = math.nan
    low: float = math.nan
    high: float = math.nan
    p_value: float = math.nan
    n: int = 0
    events: int = 0
    reason: str = ""
    method: str = ""

    @classmethod
    def undefined(cls, reason: str, *, n: int = 0, events: int = 0, method: str = "") -> Estimate:
        """Return an estimate that is not defined, with the reason."""
        return cls(math.nan, n=n, events=events, reason=reason, method=method)

    @property
    def defined(self) -> bool:
        """Whether there is a number."""
        return not math.isnan(self.value)


def checked_level(level: float) -> float:
    """Return the level of confidence, or say that it cannot be used.

    Raises
    ------
    InputError : unless 0 < level < 1.
    """
    if not 0 < level < 1:
        raise InputError(f"a level of confidence of {level}", "level", "use a number between 0 and 1, as 0.95")
    return level


def two_sided_z(level: float) -> float:
    """Return the normal quantile of a two-sided interval (1.96 for 0.95)."""
    return float(norm.ppf(0.5 + checked_level(level) / 2))


def poisson_rate(events: int, exposure: float, *, level: float = 0.95, n: int = 0) -> Estimate:
    """Return events per unit of exposure with Garwood's exact interval.

    ``low = χ²_{α/2}(2k) / 2T``, ``high = χ²_{1−α/2}(2k + 2) / 2T`` (Garwood 1936, Biometrika 28:437); se = √k / T.

    Parameters
    ----------
    events : number k of events, >= 0.
    exposure : time at risk T, summed over those at risk; without any the rate is not defined.
    level : of the interval.
    n : how many were at risk, carried along.

    Raises
    ------
    InputError : if a number is negative.
    """
    checked_level(level)
    if events < 0 or not exposure >= 0:
        raise InputError(f"{events} events in an exposure of {exposure}", "exposure", "both are counts or times >= 0")
    if exposure == 0:
        return Estimate.undefined("no time at risk", n=n, events=events, method="Poisson")
    tail = (1 - level) / 2
    low = float(chi2.ppf(tail, 2 * events)) / (2 * exposure) if events else 0.0
    high = float(chi2.ppf(1 - tail, 2 * events + 2)) / (2 * exposure)
    return Estimate(
        events / exposure, math.sqrt(events) / exposure, low, high, n=n, events=events, method="Poisson, exact interval"
    )


def rate_ratio(events: tuple[int, int], exposure: tuple[float, float], *, level: float = 0.95) -> Estimate:
    """Return the ratio of two rates, the first over the second, with its exact conditional interval.

    Given the sum of events, the first number is binomial with probability ``π = ρ T₁ / (ρ T₁ + T₂)``; Clopper and Pearson's
    interval of π turns into that of the ratio ρ, and p is twice the smaller tail at ρ = 1 (at most 1), so that p < 1 − level
    exactly where the interval leaves out 1. ``se`` is of log ρ: √(1/k₁ + 1/k₂); NaN where a count is zero.

    Raises
    ------
    InputError : if a count or a time is negative.
    """
    checked_level(level)
    if min(events) < 0 or not min(exposure) >= 0:
        raise InputError(f"events {events} in exposures {exposure}", "exposure", "all are counts or times >= 0")
    (first, second), (long, short) = events, exposure
    total = first + second
    method = "ratio of person-time rates, exact conditional interval"
    if min(exposure) == 0:
        which = "first" if long == 0 else "second"
        return Estimate.undefined(f"no time at risk in the {which} group", events=total, method=method)
    if total == 0:
        return Estimate.undefined("no event in either group", method=method)
    tail = (1 - level) / 2
    low = float(beta.ppf(tail, first, second + 1)) if first else 0.0
    high = float(beta.ppf(1 - tail, first + 1, second)) if second else 1.0
    value = math.inf if second == 0 else first / second * short / long
    se = math.sqrt(1 / first + 1 / second) if min(events) else math.nan
    bounds = [share / (1 - share) * short / long if share < 1 else math.inf for share in (low, high)]
    return Estimate(value, se, bounds[0], bounds[1], _two_tails(first, total, long / (long + short)), total, total, "", method)


def _two_tails(first: int, total: int, share: float) -> float:
    """Return twice the smaller binomial tail, at most 1; tails through the beta distribution, as in the interval."""
    upper = float(beta.cdf(share, first, total - first + 1)) if first else 1.0
    lower = float(beta.sf(share, first + 1, total - first)) if first < total else 1.0
    return min(1.0, 2 * min(upper, lower))
