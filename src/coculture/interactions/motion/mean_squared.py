"""Mean squared displacement: how far cells get from where they were, against the time they had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.motion.kernels import squared_displacement_sums
from coculture.interactions.motion.lagged import LaggedMeans, reach_in_steps
from coculture.interactions.motion.tracks import Tracks

Pairs = Literal["overlapping", "apart", "from the start"]


@dataclass(frozen=True, eq=False)
class MeanSquaredDisplacement:
    """A curve of mean squared displacement.

    Attributes
    ----------
    table : one row a lag: ``lag_steps, lag_min, msd_um2, standard_error_um2, track_standard_error_um2, n_pairs, n_tracks``;
        the two errors are explained in :mod:`~coculture.interactions.motion.lagged`.
    dimensions : 1, 2 or 3.
    lagged : the sums by track it was made of, or None for a curve known only as numbers.
    notes : what was left out, in words.
    """

    table: pd.DataFrame
    dimensions: int
    lagged: LaggedMeans | None
    notes: tuple[str, ...] = ()

    @classmethod
    def of_curve(cls, lag_min: NDArray[np.float64], msd_um2: NDArray[np.float64], dimensions: int) -> MeanSquaredDisplacement:
        """Take a curve that was computed or published elsewhere; without tracks there are no intervals.

        Raises
        ------
        InputError : if lags are not ascending and > 0, values not finite, or dimensions not 1 to 3.
        """
        lag, value = np.asarray(lag_min, np.float64), np.asarray(msd_um2, np.float64)
        if lag.ndim != 1 or lag.shape != value.shape or not np.isfinite(value).all():
            raise InputError("a curve is one finite value for each lag", "msd_um2")
        if not (len(lag) and np.isfinite(lag).all() and lag[0] > 0 and (np.diff(lag) > 0).all()):
            raise InputError("lags must be ascending numbers > 0, in minutes", "lag_min")
        if dimensions not in (1, 2, 3):
            raise InputError(f"{dimensions} dimensions", "dimensions", "use 1, 2 or 3")
        return cls(pd.DataFrame({"lag_min": lag, "msd_um2": value}), dimensions, None)


def mean_squared_displacement(
    tracks: Tracks, *, pairs: Pairs = "overlapping", longest_lag_min: float | None = None
) -> MeanSquaredDisplacement:
    """Return ``MSD(kΔ) = ⟨|r(t + kΔ) − r(t)|²⟩``, µm².

    Parameters
    ----------
    tracks : the tracks, any number.
    pairs : which pairs of a track's points are averaged. "overlapping": all, over times and tracks (time-averaged; each pair
        counts the same, so long tracks weigh more). "apart": only pairs that do not overlap. "from the start": pairs with each
        track's first point (the ensemble average).
    longest_lag_min : stop there. None: the longest track's duration.

    Returns
    -------
    MeanSquaredDisplacement. Lags follow the clock, not the number of points: gaps and uneven steps do no harm, and a pair
    whose lag lies more than the tracks' tolerance off every multiple of the time step is left out and counted in ``notes``.

    Raises
    ------
    DataError : if no cell was seen twice.
    InputError : if ``pairs`` is unknown or the longest lag is shorter than a time step.
    """
    if pairs not in ("overlapping", "apart", "from the start"):
        raise InputError(f"unknown pairs '{pairs}'", "pairs", "use 'overlapping', 'apart' or 'from the start'")
    lagged = _gathered(tracks, pairs, longest_lag_min)
    notes = (f"{lagged.off_grid} pairs of points fit no multiple of the time step and were left out",) if lagged.off_grid else ()
    return MeanSquaredDisplacement(lagged.table("msd", "_um2"), tracks.dimensions, lagged, (*tracks.notes, *notes))


def squared_displacement_per_track(tracks: Tracks, *, longest_lag_min: float | None = None) -> pd.DataFrame:
    """Return every track's own time-averaged curve: ``track`` (row of ``tracks.keys``), ``lag_steps, msd_um2, n_pairs``.

    Raises
    ------
    DataError, InputError : as :func:`mean_squared_displacement`.
    """
    lagged = _gathered(tracks, "overlapping", longest_lag_min)
    reach = np.diff(lagged.offset)
    held = lagged.counts > 0
    owner = np.repeat(np.arange(tracks.n_tracks), reach)
    lag = np.arange(lagged.offset[-1]) - np.repeat(lagged.offset[:-1], reach) + 1
    mean = lagged.sums[held] / lagged.counts[held]
    return pd.DataFrame({"track": owner[held], "lag_steps": lag[held], "msd_um2": mean, "n_pairs": lagged.counts[held]})


def _gathered(tracks: Tracks, pairs: Pairs, longest_lag_min: float | None) -> LaggedMeans:
    tracks.require_steps("mean squared displacement")

    def run(
        offset: NDArray[np.int64],
        sums: NDArray[np.float64],
        counts: NDArray[np.int64],
        squares: NDArray[np.float64],
        lags: NDArray[np.float64],
    ) -> int:
        points = np.ascontiguousarray(tracks.positions)
        which = (tracks.step_min, tracks.step_tolerance, pairs == "apart", pairs == "from the start")
        return squared_displacement_sums(tracks.start, tracks.t_min, points, *which, offset, sums, counts, squares, lags)

    return LaggedMeans.gather(reach_in_steps(tracks, longest_lag_min), 1, run)
