"""Staggered measures: a measure of every stretch of a track, not only of the whole."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.motion.tracks import Tracks

Measure = Literal["speed", "displacement", "directness", "path length", "squared displacement"]
_MEASURES = ("speed", "displacement", "directness", "path length", "squared displacement")


def staggered_matrix(tracks: Tracks, measure: Measure) -> NDArray[np.float64]:
    """Return the (n, n) matrix of a measure of one track: entry (i, j) is of the stretch between its points i and j.

    Symmetric, NaN on the diagonal (Mokhtari et al. 2013, PLoS ONE 8:e80808; celltrackR's ``applyStaggered``). ``speed`` is the
    path length of the stretch over its duration, µm/min; ``directness`` is NaN for a stretch in which the cell never moved.

    Raises
    ------
    InputError : if the measure is unknown or there is not exactly one track.
    DataError : if the track has a single point.
    """
    if measure not in _MEASURES:
        raise InputError(f"unknown measure '{measure}'", "measure", "use one of: " + ", ".join(_MEASURES))
    if tracks.n_tracks != 1:
        raise InputError(f"{tracks.n_tracks} tracks", "tracks", "give one track; pick it with of_track")
    tracks.require_steps("staggered measure")
    along = np.r_[0.0, np.cumsum(tracks.steps.length_um)]
    length = np.abs(along[:, None] - along)
    away = tracks.positions[:, None, :] - tracks.positions
    direct = np.sqrt((away**2).sum(axis=2))
    duration = np.abs(tracks.t_min[:, None] - tracks.t_min)
    over, under = {
        "speed": (length, duration),
        "displacement": (direct, np.ones_like(direct)),
        "directness": (direct, length),
        "path length": (length, np.ones_like(direct)),
        "squared displacement": (direct**2, np.ones_like(direct)),
    }[measure]
    matrix = np.divide(over, under, out=np.full_like(over, np.nan), where=under > 0)
    np.fill_diagonal(matrix, np.nan)
    return np.asarray(matrix)


def staggered_mean(tracks: Tracks, measure: Measure) -> float:
    """Return the mean of a measure over all stretches of one track; stretches without a value are left out.

    Raises
    ------
    InputError, DataError : as :func:`staggered_matrix`, or if no stretch has a value.
    """
    matrix = staggered_matrix(tracks, measure)
    values = matrix[np.triu_indices(len(matrix), 1)]
    held = np.isfinite(values)
    if not held.any():
        raise DataError(f"no stretch of the track has a {measure}: the cell never moved", "tracks")
    return float(values[held].mean())
