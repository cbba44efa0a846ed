"""Rayleigh's test: are directions spread evenly, against the alternative that they gather about one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from coculture.errors import DataError, InputError
from coculture.interactions.motion.steps import norms, units


@dataclass(frozen=True)
class RayleighTest:
    """A test of uniform directions.

    Attributes
    ----------
    n : number of directions.
    resultant : R, length of the mean unit vector, 0 to 1.
    mean_direction : (d,) unit vector; zeros where R is 0.
    mean_angle_rad : its angle in the plane, atan2(y, x), with y down (clockwise on the screen); NaN in three dimensions.
    statistic : n R² in the plane, 3 n R² in space.
    p_value : of the null that directions are uniform and independent.
    """

    n: int
    resultant: float
    mean_direction: tuple[float, ...]
    mean_angle_rad: float
    statistic: float
    p_value: float


def rayleigh_test(angles_rad: NDArray[np.float64]) -> RayleighTest:
    """Test angles in the plane.

    ``z = n R²`` and ``p = exp(√(1 + 4n + 4(n² − (nR)²)) − (1 + 2n))`` (Zar 2010, *Biostatistical Analysis*, eq. 27.4). The
    angles must be independent: one per track, not one per step.

    Raises
    ------
    InputError : if the angles are not one row of finite numbers.
    DataError : if there are fewer than two.
    """
    angles = np.asarray(angles_rad, np.float64)
    if angles.ndim != 1 or not np.isfinite(angles).all():
        raise InputError("angles are one row of finite numbers, in radians", "angles_rad")
    return rayleigh_test_of_vectors(np.column_stack((np.cos(angles), np.sin(angles))))


def rayleigh_test_of_vectors(vectors: NDArray[np.float64]) -> RayleighTest:
    """Test the directions of (n, 2) or (n, 3) vectors; their lengths do not count, and zero vectors are left out.

    In the plane as :func:`rayleigh_test`. In space ``S = 3 n R²`` with the correction ``S* = (1 − 1/(2n)) S + S²/(10 n)`` is
    compared with χ² of 3 degrees of freedom (Mardia & Jupp 2000, *Directional Statistics*, section 10.4.1).

    Raises
    ------
    InputError : if the vectors are not (n, 2) or (n, 3) finite numbers.
    DataError : if fewer than two have a direction.
    """
    given = np.asarray(vectors, np.float64)
    if given.ndim != 2 or given.shape[1] not in (2, 3) or not np.isfinite(given).all():
        raise InputError(f"vectors of shape {given.shape}", "vectors", "give (n, 2) or (n, 3) finite numbers")
    directions = units(given[norms(given) > 0])
    n, d = directions.shape
    if n < 2:
        raise DataError(f"{n} directions cannot be tested", "vectors", "give at least two tracks that moved")
    mean = directions.mean(axis=0)
    length = float(np.hypot.reduce(mean))
    towards = tuple(float(part) for part in (mean / length if length > 0 else mean))
    if d == 2:
        square = n * length**2
        p = float(np.exp(np.sqrt(1 + 4 * n + 4 * (n**2 - n * square)) - (1 + 2 * n)))
        return RayleighTest(n, length, towards, float(np.arctan2(mean[1], mean[0])), square, min(p, 1.0))
    statistic = 3 * n * length**2
    corrected = (1 - 1 / (2 * n)) * statistic + statistic**2 / (10 * n)
    return RayleighTest(n, length, towards, float("nan"), statistic, float(stats.chi2.sf(corrected, 3)))
