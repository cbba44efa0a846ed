"""Hotelling's T²: is the mean displacement zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from coculture.errors import DataError, InputError
from coculture.interactions.motion.tracks import Tracks


@dataclass(frozen=True)
class HotellingTest:
    """A test of a zero mean vector.

    Attributes
    ----------
    n, dimensions : vectors and their coordinates.
    mean : (d,) mean vector.
    t_squared : T².
    f_statistic, degrees : ``F = T² (n − d)/(d (n − 1))`` with (d, n − d) degrees of freedom.
    p_value : of the null that the mean is zero, for independent, roughly normal vectors.
    """

    n: int
    dimensions: int
    mean: tuple[float, ...]
    t_squared: float
    f_statistic: float
    degrees: tuple[int, int]
    p_value: float


def hotelling_test(vectors: NDArray[np.float64]) -> HotellingTest:
    """Test whether the mean of independent (n, d) vectors is zero: ``T² = n m̄ᵀ S⁻¹ m̄`` (Hotelling 1931, Ann Math Stat 2:360).

    Give one vector per track (its displacement). Steps of one track are not independent, and taking them as such finds drift
    where there is only persistence; :func:`spaced_steps` thins them as celltrackR does.

    Raises
    ------
    InputError : if the vectors are not (n, d) finite numbers.
    DataError : if there are not more vectors than coordinates, or they lie in a plane or line of lower dimension.
    """
    given = np.asarray(vectors, np.float64)
    if given.ndim != 2 or given.shape[1] < 1 or not np.isfinite(given).all():
        raise InputError(f"vectors of shape {given.shape}", "vectors", "give (n, d) finite numbers")
    n, d = given.shape
    if n <= d:
        raise DataError(f"{n} vectors of {d} coordinates cannot be tested", "vectors", f"give at least {d + 1} tracks")
    mean, spread = given.mean(axis=0), np.atleast_2d(np.cov(given, rowvar=False))
    scale = np.sqrt(np.diag(spread))
    if (scale == 0).any() or np.linalg.matrix_rank(spread / np.outer(scale, scale), hermitian=True) < d:
        raise DataError(f"the vectors do not spread in {d} dimensions", "vectors", "leave out coordinates that do not vary")
    t_squared = float(n * mean @ np.linalg.solve(spread, mean))
    f = t_squared * (n - d) / (d * (n - 1))
    towards = tuple(float(part) for part in mean)
    return HotellingTest(n, d, towards, t_squared, f, (d, n - d), float(stats.f.sf(f, d, n - d)))


def spaced_steps(tracks: Tracks, spacing: int = 0) -> NDArray[np.float64]:
    """Return (k, d) step vectors of all tracks, from each track's first step on, leaving out ``spacing`` steps between two.

    Raises
    ------
    InputError : if the spacing is negative.
    """
    if spacing < 0:
        raise InputError(f"a spacing of {spacing} steps", "spacing", "give 0 or more")
    steps = tracks.steps
    place = steps.first - tracks.start[:-1][steps.track]
    chosen: NDArray[np.float64] = steps.vector[place % (spacing + 1) == 0]
    return chosen
