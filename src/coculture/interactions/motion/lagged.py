"""A quantity of pairs of points, gathered by the lag between them: its mean, and two standard errors.

For lag k let track c give n_ck pairs that sum to S_ck, and N_k = Σ_c n_ck. The mean is ``m_k = Σ_c S_ck / N_k``.

- ``standard_error = sd/√N_k`` over all pairs, as celltrackR's ``mean.se``. Overlapping pairs of one track are not independent,
  so it is too small, often severalfold.
- ``track_standard_error`` counts tracks, not pairs, as independent: ``√( C/(C−1) · Σ_c (S_ck − m_k n_ck)² ) / N_k`` with C the
  tracks that have the lag (the cluster-robust error of a ratio of sums). It is the one that fits and intervals here rest on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from coculture.errors import InputError
from coculture.interactions.motion.tracks import Tracks

Gather = Callable[[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]], int]


@dataclass(frozen=True, eq=False)
class LaggedMeans:
    """Sums by track and lag, kept as ragged rows: track c has the lags ``first_lag … first_lag + offset[c + 1] − offset[c] − 1``.

    Attributes
    ----------
    offset : (m + 1,) int64.
    sums, counts : (offset[-1],) sums S and numbers n of the pairs.
    squares : (K,) sums of squares over all tracks.
    lag_sums : (K,) sums of the pairs' true lags, min.
    first_lag : number of steps of the shortest lag, 0 or 1.
    off_grid : how many pairs fitted no lag.
    """

    offset: NDArray[np.int64]
    sums: NDArray[np.float64]
    counts: NDArray[np.int64]
    squares: NDArray[np.float64]
    lag_sums: NDArray[np.float64]
    first_lag: int
    off_grid: int

    @classmethod
    def gather(cls, reach: NDArray[np.int64], first_lag: int, kernel: Gather) -> LaggedMeans:
        """Run a kernel over tracks that have ``reach`` (m,) lags each."""
        offset = np.r_[0, np.cumsum(reach)].astype(np.int64)
        n_lags = int(reach.max(initial=0))
        sums, counts = np.zeros(offset[-1]), np.zeros(offset[-1], np.int64)
        squares, lags = np.zeros(n_lags), np.zeros(n_lags)
        off_grid = kernel(offset, sums, counts, squares, lags)
        return cls(offset, sums, counts, squares, lags, first_lag, int(off_grid))

    @property
    def n_lags(self) -> int:
        """Number of lags of the longest track."""
        return len(self.squares)

    def _lag(self) -> NDArray[np.int64]:
        return np.arange(self.offset[-1]) - np.repeat(self.offset[:-1], np.diff(self.offset))

    def totals(self) -> NDArray[np.int64]:
        """Return N, the number of pairs at each lag."""
        return np.bincount(self._lag(), self.counts, self.n_lags).astype(np.int64)

    def means(self) -> NDArray[np.float64]:
        """Return m; NaN at lags without a pair."""
        total = self.totals()
        held = np.full(self.n_lags, np.nan)
        return np.asarray(np.divide(np.bincount(self._lag(), self.sums, self.n_lags), total, out=held, where=total > 0))

    def table(self, name: str, unit: str) -> pd.DataFrame:
        """Return one row for each lag that has pairs.

        Columns: ``lag_steps, lag_min`` (mean of the pairs' true lags), ``<name><unit>, standard_error<unit>,
        track_standard_error<unit>, n_pairs, n_tracks``. An error is NaN where there is only one pair or one track.
        """
        lag, total, mean = self._lag(), self.totals(), self.means()
        tracks = np.bincount(lag, self.counts > 0, self.n_lags).astype(np.int64)
        residual = np.where(self.counts > 0, self.sums - mean[lag] * self.counts, 0.0)
        between = np.bincount(lag, residual**2, self.n_lags)
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = np.maximum(self.squares - total * mean**2, 0.0) / (total - 1)
            plain = np.where(total > 1, np.sqrt(variance / total), np.nan)
            clustered = np.where(tracks > 1, np.sqrt(between * tracks / (tracks - 1)) / total, np.nan)
            lags = self.lag_sums / total
        columns = {
            "lag_steps": np.arange(self.n_lags) + self.first_lag,
            "lag_min": lags,
            f"{name}{unit}": mean,
            f"standard_error{unit}": plain,
            f"track_standard_error{unit}": clustered,
            "n_pairs": total,
            "n_tracks": tracks,
        }
        return pd.DataFrame(columns)[total > 0].reset_index(drop=True)

    def covariance(self, lag_steps: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the covariance of the means at the given lags, tracks being independent of one another.

        ``C/(C − 1) · Σ_c (S_ck − m_k n_ck)(S_cl − m_l n_cl) / (N_k N_l)`` with C the tracks that have any of the lags.
        """
        lag, mean, total = self._lag(), self.means(), self.totals()
        residual = np.where(self.counts > 0, self.sums - mean[lag] * self.counts, 0.0) / np.maximum(total, 1)[lag]
        rows = sparse.csr_array((residual, lag, self.offset), shape=(len(self.offset) - 1, self.n_lags))
        wanted = rows[:, lag_steps - self.first_lag]
        tracks = int((np.diff(self.offset) > 0).sum())
        product = (wanted.T @ wanted).toarray()
        return np.asarray(product * tracks / (tracks - 1)) if tracks > 1 else np.full_like(product, np.nan)


def reach_in_steps(tracks: Tracks, longest_lag_min: float | None) -> NDArray[np.int64]:
    """Return how many lags each track can have: its duration in time steps, or the longest lag asked for.

    Raises
    ------
    InputError : if the longest lag is shorter than a time step.
    """
    duration = tracks.t_min[tracks.start[1:] - 1] - tracks.t_min[tracks.start[:-1]]
    reach = np.floor(duration / tracks.step_min + tracks.step_tolerance + 1e-9).astype(np.int64)
    if longest_lag_min is None:
        return reach
    most = np.floor(longest_lag_min / tracks.step_min + 1e-9) if np.isfinite(longest_lag_min) else 0
    if most < 1:
        raise InputError(
            f"a longest lag of {longest_lag_min:g} min",
            "longest_lag_min",
            f"give at least one time step ({tracks.step_min:g} min)",
        )
    return np.minimum(reach, int(most))
