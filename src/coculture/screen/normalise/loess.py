"""LOESS: what is left of a well after a smooth surface over its plate has been taken off, in units of the plate's spread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.screen.group_statistics import Floats, group_statistics
from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.normalise.local_surface import Surface
from coculture.screen.well_table import Readings

SPAN = 0.7
"""Fraction of the plate's treated wells each local fit reaches."""
FEWEST_WELLS = 20
ROUNDING = 1e-12
"""Residuals this small against the values are rounding, not spread."""


def loess(readings: Readings) -> Normalised:
    """Return ``r / (1.4826 MAD(r))`` with ``r = x - s(row, column)``.

    ``s`` is a robust, locally quadratic surface through the treated wells of the stratum (span 0.7, ``local_surface``).
    Controls and blanks do not shape it; controls get its value where they lie, those outside the treated wells' box its
    value at the nearest point of the box, and a remark counts them.
    """
    placed = (readings.row >= 0) & (readings.column >= 0) & ~readings.blank
    residual = np.full(readings.values.shape, np.nan)
    lacking: dict[int, str] = {}
    surfaces: dict[bytes, Surface | None] = {}
    outside = 0
    for code in range(readings.n_strata):
        inside = (readings.stratum == code) & placed
        fitted = inside & readings.judged
        surface = _surface(readings, fitted, inside, surfaces) if fitted.sum() >= FEWEST_WELLS else None
        if surface is None:
            few = fitted.sum() < FEWEST_WELLS
            lacking[code] = f"fewer than {FEWEST_WELLS} treated wells" if few else "treated wells lie on too few rows or columns"
            continue
        residual[inside] = readings.values[inside] - surface
        outside += _outside(readings, fitted, inside)
    spread = group_statistics(residual, readings.stratum, readings.n_strata, readings.judged).mad
    size = group_statistics(np.abs(readings.values), readings.stratum, readings.n_strata, readings.judged).median
    with np.errstate(invalid="ignore"):
        varies = spread > ROUNDING * size
    values = residual / np.where(varies, spread, np.nan)[readings.stratum]
    flat = np.flatnonzero(~varies).tolist()
    lacking = dict.fromkeys(flat, "the residuals' MAD is zero") | lacking
    remark = f"LOESS: {outside} wells lie outside the treated wells; the surface at the nearest treated place was taken off."
    return Normalised(values, lacking, (remark,) if outside else ())


def _surface(
    readings: Readings, fitted: NDArray[np.bool_], inside: NDArray[np.bool_], surfaces: dict[bytes, Surface | None]
) -> Floats | None:
    """Return the surface at the wells ``inside``; the grid is laid once for plates with the same wells."""
    places = np.stack((readings.column, -readings.row), axis=1).astype(np.float64)
    key = places[fitted].tobytes() + b"|" + places[inside].tobytes()
    if key not in surfaces:
        surfaces[key] = Surface.over(places[fitted], places[inside], SPAN)
    surface = surfaces[key]
    return None if surface is None else surface.values(readings.values[fitted])


def _outside(readings: Readings, fitted: NDArray[np.bool_], inside: NDArray[np.bool_]) -> int:
    beyond = np.zeros(int(inside.sum()), dtype=bool)
    for place in (readings.row, readings.column):
        beyond |= (place[inside] < place[fitted].min()) | (place[inside] > place[fitted].max())
    return int((beyond & np.isfinite(readings.values[inside])).sum())


METHOD = Normalisation("loess", "loess", "LOESS score", loess, on_request=True)
