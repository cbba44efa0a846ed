"""How long a cell remembers its direction: products of its steps against the time between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.motion.kernels import step_product_sums
from coculture.interactions.motion.lagged import LaggedMeans, reach_in_steps
from coculture.interactions.motion.steps import units
from coculture.interactions.motion.tracks import Tracks


@dataclass(frozen=True, eq=False)
class Autocovariance:
    """A curve of step products.

    Attributes
    ----------
    table : one row a lag, from 0: ``lag_steps, lag_min``, ``autocovariance`` (µm²/min² of velocities, µm² of displacements) or
        ``autocorrelation`` (mean cosine), ``standard_error, track_standard_error, n_pairs, n_tracks``.
    of : "velocity", "displacement" or "direction".
    lagged : the sums by track it was made of.
    """

    table: pd.DataFrame
    of: str
    lagged: LaggedMeans

    @property
    def values(self) -> NDArray[np.float64]:
        """The curve itself."""
        name = "autocorrelation" if self.of == "direction" else "autocovariance"
        return self.table[name].to_numpy(np.float64)


def step_autocovariance(
    tracks: Tracks, *, of: Literal["velocity", "displacement", "direction"] = "velocity", longest_lag_min: float | None = None
) -> Autocovariance:
    """Return the mean product ``⟨v(t) · v(t + kΔ)⟩`` of regular steps kΔ apart.

    Parameters
    ----------
    tracks : the tracks.
    of : "velocity": steps over their duration. "displacement": steps as they are (celltrackR's ``overallDot``; its subtracks of i
        segments are lag i − 1). "direction": steps as unit vectors, so that the product is the cosine of the angle between them
        (``overallNormDot``); steps of length 0 are left out.
    longest_lag_min : stop there. None: all lags.

    Notes
    -----
    Lag 0 is the mean square, and errors of position lower lag 1 (each position enters two steps with opposite signs), so a
    persistence time is read from lags >= 2; see :mod:`~coculture.interactions.motion.lag_models.memory`.

    Raises
    ------
    DataError : if there is no regular step.
    InputError : if ``of`` is unknown or the longest lag is shorter than a time step.
    """
    if of not in ("velocity", "displacement", "direction"):
        raise InputError(f"unknown steps '{of}'", "of", "use 'velocity', 'displacement' or 'direction'")
    tracks.require_steps("autocovariance")
    steps = tracks.steps
    held = steps.regular & ((steps.length_um > 0) | (of != "direction"))
    if not held.any():
        raise DataError("no step has the usual length in time", "tracks", "give step_min, or a wider step_tolerance")
    vectors = steps.vector[held]
    if of == "direction":
        vectors = units(vectors)
    elif of == "velocity":
        vectors = vectors / steps.duration_min[held][:, None]
    start = np.searchsorted(steps.track[held], np.arange(tracks.n_tracks + 1)).astype(np.int64)
    lagged = _gathered(tracks, start, tracks.t_min[steps.first[held]], np.ascontiguousarray(vectors), longest_lag_min)
    name = "autocorrelation" if of == "direction" else "autocovariance"
    return Autocovariance(lagged.table(name, ""), of, lagged)


def _gathered(
    tracks: Tracks,
    start: NDArray[np.int64],
    t_min: NDArray[np.float64],
    vectors: NDArray[np.float64],
    longest_lag_min: float | None,
) -> LaggedMeans:
    reach = reach_in_steps(tracks, longest_lag_min) + (0 if longest_lag_min is None else 1)
    reach = np.where(np.diff(start) > 0, np.minimum(reach, reach_in_steps(tracks, None)), 0)

    def run(
        offset: NDArray[np.int64],
        sums: NDArray[np.float64],
        counts: NDArray[np.int64],
        squares: NDArray[np.float64],
        lags: NDArray[np.float64],
    ) -> int:
        where = (start, t_min, vectors, tracks.step_min, tracks.step_tolerance)
        return step_product_sums(*where, offset, sums, counts, squares, lags)

    return LaggedMeans.gather(reach, 0, run)
