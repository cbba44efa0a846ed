"""The fraction of the particles in a still well that has reached the floor: the method is chosen by what holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.chip.particles.floor import PERFECT_SINK, Floor
from coculture.chip.particles.static.column import SettlingColumn, as_minutes
from coculture.chip.particles.static.drift import SMALLEST_PECLET, deposited_by_drift
from coculture.chip.particles.static.finite_volume import deposited_by_finite_volumes
from coculture.chip.particles.static.series import deposited_by_series
from coculture.errors import DataError, InputError

Floats = NDArray[np.float64]
Method = Literal["auto", "series", "finite volume", "drift"]
METHODS: tuple[Method, ...] = ("auto", "series", "finite volume", "drift")

SERIES_TOLERANCE = 1e-6
"""The series is used where its own estimate of the error is below this."""

DRIFT_FROM_PECLET = 1000.0
"""From this ``|P|`` on the drift formula is closer (3e-6 of the dose) than the finite volumes."""


@dataclass(frozen=True, eq=False)
class Deposition:
    """What has reached the floor of a still well.

    Attributes
    ----------
    minutes : (T,) times, as asked.
    fraction : (T,) deposited fraction of all particles.
    method : how it was computed.
    """

    minutes: Floats
    fraction: Floats
    method: str


def deposited_fraction(
    column: SettlingColumn, minutes: ArrayLike, *, floor: Floor = PERFECT_SINK, method: Method = "auto"
) -> Deposition:
    """Return the fraction of the particles that has reached the floor (ISDD; Hinderliter et al. 2010, Part Fibre Toxicol 7:36).

    Particles do not see each other: aggregation and hindered settling are not modelled.

    Parameters
    ----------
    column : the column of medium.
    minutes : times, in any order.
    floor : what the particles meet; a perfect sink unless said otherwise.
    method : "series" (exact, perfect sink, small Péclet number), "drift" (perfect sink, ``|P|`` above 100), "finite volume"
        (any), or "auto": the series where its error estimate is below 1e-6, the drift formula from ``|P|`` of 1000, finite
        volumes between and for every other floor.

    Raises
    ------
    InputError : for an unknown method, a bad time, or a method that cannot treat the floor.
    DataError : if the method asked for does not hold at this Péclet number.
    """
    times = as_minutes(minutes)
    if method not in METHODS:
        raise InputError(f"there is no method {method!r}", "method", "use one of: " + ", ".join(METHODS))
    if method in ("series", "drift") and not floor.is_sink:
        raise InputError(f"the method '{method}' knows only a perfect sink", "method", "use 'finite volume'")
    if method in ("auto", "series") and floor.is_sink:
        fraction, error = deposited_by_series(column, times)
        if bool((error < SERIES_TOLERANCE).all()):
            return Deposition(times, _within_bounds(fraction), "series")
        if method == "series":
            raise DataError(
                f"the series loses {error.max():.2g} of the dose to cancellation at a Péclet number of {column.peclet:.3g}",
                "method",
                "use 'finite volume'",
            )
    if method == "drift" or (method == "auto" and floor.is_sink and abs(column.peclet) > DRIFT_FROM_PECLET):
        return _by_drift(column, times)
    order = np.argsort(times, kind="stable")
    fraction = np.empty_like(times)
    fraction[order] = deposited_by_finite_volumes(column, times[order], floor).deposited
    return Deposition(times, _within_bounds(fraction), "finite volume")


def _by_drift(column: SettlingColumn, times: Floats) -> Deposition:
    if abs(column.peclet) < SMALLEST_PECLET:
        raise DataError(
            f"the drift formula leaves out the top, which is felt at a Péclet number of {column.peclet:.3g}",
            "method",
            "use 'series' or 'finite volume'",
        )
    return Deposition(times, deposited_by_drift(column, times), "drift")


def _within_bounds(fraction: Floats) -> Floats:
    """Take rounding off the ends; DataError if more than rounding lies beyond them."""
    if bool((fraction < -1e-6).any()) or bool((fraction > 1 + 1e-6).any()):
        raise DataError(
            f"a deposited fraction of {fraction.min():.6g} to {fraction.max():.6g} was computed",
            "deposited_fraction",
            "this should not happen: please report the column that gave it",
        )
    return np.asarray(np.clip(fraction, 0.0, 1.0))
