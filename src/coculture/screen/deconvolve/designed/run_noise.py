"""The noise of a designed experiment: one for all runs, or each run's own where they clearly differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from coculture.errors import DataError
from coculture.screen.deconvolve.designed.wells import DesignedWells
from coculture.screen.group_statistics import Floats

UNEQUAL = 0.01
"""Runs have noise of their own where the test of equal spreads (Brown & Forsythe 1974) falls below this."""

FEWEST = 3
"""Wells of a run from which on its own spread is used."""


@dataclass(frozen=True)
class RunNoise:
    """Means of the runs and what they vary by.

    Attributes
    ----------
    mean, count : (runs,) mean response, NaN where no well has the run, and wells.
    variance : (runs,) variance of one well.
    df : (runs,) its degrees of freedom.
    pooled : whether all runs share one variance; then its degrees of freedom count once.
    """

    mean: Floats
    count: Floats
    variance: Floats
    df: Floats
    pooled: bool

    def contrast(self, used: Sequence[tuple[int, float]]) -> tuple[float, float, float]:
        """Return a sum of signed means, its standard error, and degrees of freedom (Welch–Satterthwaite where not pooled)."""
        effect = float(sum(sign * self.mean[run] for run, sign in used))
        parts = np.array([sign**2 * self.variance[run] / self.count[run] for run, sign in used])
        error = float(np.sqrt(parts.sum()))
        if self.pooled or error == 0:
            return effect, error, float(self.df[used[0][0]])
        own = np.array([self.df[run] for run, _ in used])
        return effect, error, float(parts.sum() ** 2 / (parts**2 / own).sum())


def run_noise(wells: DesignedWells, pooled: bool = False) -> RunNoise:
    """Return the noise between wells of the same run.

    One variance is pooled over all runs where ``wells.equal_noise`` says so and their spreads do not differ (Brown & Forsythe
    1974, J Am Stat Assoc 69:364); otherwise runs of three wells and more have their own. On a logarithm the noise grows as
    wells empty: pooled with full controls, a true 5 % test called 18 % (4 wells a run, 30 % survival, noise of 4 points).

    Parameters
    ----------
    pooled : pool without looking, where runs are too many and too small to tell their spreads apart.

    Raises
    ------
    DataError : if no run is repeated.
    """
    runs = wells.design.runs
    count = np.bincount(wells.run, minlength=runs).astype(np.float64)
    total = np.bincount(wells.run, wells.response, minlength=runs)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    df = float(np.maximum(count - 1, 0).sum())
    if df == 0:
        raise DataError("no run is repeated: nothing tells the noise", wells.design.kind, "give at least two wells to some runs")
    squares = np.bincount(wells.run, (wells.response - mean[wells.run]) ** 2, minlength=runs)
    variance, every = np.full(runs, squares.sum() / df), np.full(runs, df)
    if pooled or (wells.equal_noise and not _unequal(wells, count)):
        return RunNoise(mean, count, variance, every, True)
    own = count >= FEWEST
    variance[own], every[own] = (squares / np.maximum(count - 1, 1))[own], (count - 1)[own]
    return RunNoise(mean, count, variance, every, False)


def _unequal(wells: DesignedWells, count: Floats) -> bool:
    groups = [wells.response[wells.run == run] for run in np.flatnonzero(count >= FEWEST)]
    if len(groups) < 2 or sum(np.ptp(group) > 0 for group in groups) < 2:
        return False
    return bool(stats.levene(*groups, center="median").pvalue < UNEQUAL)
