"""The drug-induced proliferation (DIP) rate: how fast a treated population grows once the drug has taken hold.

Harris et al. (2016), Nat. Methods 13:497: the slope of log2 cell number over time after a delay. The delay is the earliest
reading from which the rest is a straight line: none of the later readings adds a significant curvature (F-test of a
quadratic term at level ``curvature_level``), and at least ``fewest_points`` readings remain. Where no such reading exists,
the last ``fewest_points`` readings are taken and ``steady`` is False.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from coculture import __version__
from coculture.errors import DataError, InputError
from coculture.screen.group_statistics import Floats


@dataclass(frozen=True)
class DipRate:
    """A rate in doublings per unit of time.

    Attributes
    ----------
    rate, standard_error, low, high : slope of log2 count, with its t interval.
    delay : time of the first reading used.
    n_points : readings used.
    steady : whether those readings lie on a straight line.
    confidence, curvature_level, version : settings.
    """

    rate: float
    standard_error: float
    low: float
    high: float
    delay: float
    n_points: int
    steady: bool
    confidence: float
    curvature_level: float
    version: str = field(default=__version__)


def dip_rate(
    time: ArrayLike, count: ArrayLike, *, fewest_points: int = 5, curvature_level: float = 0.05, confidence: float = 0.95
) -> DipRate:
    """Return the DIP rate of one well or the mean of several.

    Parameters
    ----------
    time : (n,) ascending times, in any unit; the rate is per that unit.
    count : (n,) cell numbers above 0.
    fewest_points : at least 4.
    curvature_level, confidence : levels of the test and of the interval.

    Raises
    ------
    InputError : shapes differ, times do not ascend, a count is not above 0.
    DataError : fewer readings than ``fewest_points``.
    """
    t, n = np.asarray(time, dtype=np.float64), np.asarray(count, dtype=np.float64)
    if t.ndim != 1 or t.shape != n.shape or not (np.diff(t) > 0).all():
        raise InputError("times and counts are no series", remedy="give one count for each of ascending times")
    if not (np.isfinite(n).all() and (n > 0).all()):
        raise InputError("a count is not above 0", remedy="end the series where no cell is left")
    if t.size < max(fewest_points, 4):
        raise DataError(f"{t.size} readings", remedy=f"a DIP rate needs {max(fewest_points, 4)}")
    y = np.log2(n)
    starts = range(t.size - max(fewest_points, 4) + 1)
    straight = [first for first in starts if _curvature_p(t[first:], y[first:]) >= curvature_level]
    first = straight[0] if straight else starts[-1]
    slope, error, df = _line(t[first:], y[first:])
    half = float(stats.t.isf((1 - confidence) / 2, df)) * error
    return DipRate(
        slope, error, slope - half, slope + half, float(t[first]), t.size - first, bool(straight), confidence, curvature_level
    )


def _line(t: Floats, y: Floats) -> tuple[float, float, int]:
    """Return slope, its standard error and degrees of freedom."""
    x = t - t.mean()
    slope = float(x @ y / (x @ x))
    rest = y - y.mean() - slope * x
    df = t.size - 2
    return slope, float(np.sqrt(rest @ rest / df / (x @ x))), df


def _curvature_p(t: Floats, y: Floats) -> float:
    """Return the p-value of a quadratic term beside the line."""
    x = (t - t.mean()) / np.ptp(t)
    q, _ = np.linalg.qr(np.stack((np.ones_like(x), x, x**2), axis=1))
    gained = float((q[:, 2] @ y) ** 2)
    rest = float(((y - q @ (q.T @ y)) ** 2).sum())
    df = t.size - 3
    if rest <= 1e-24 * max(float(y @ y), 1.0):
        return 1.0 if gained <= 1e-20 * max(float(y @ y), 1.0) else 0.0
    return float(stats.f.sf(gained / (rest / df), 1, df))
