"""B-score: what is left of a well after its plate's row and column effects, in units of the plate's spread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.screen.group_statistics import Floats, group_statistics
from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.normalise.median_polish import PolishedPlates, median_polish
from coculture.screen.well_table import Readings

SMALLEST_GRID = 3
"""A stratum needs this many rows and columns with treated wells."""


def b_score(readings: Readings) -> Normalised:
    """Return the B-score of each well (Brideau et al. 2003, J Biomol Screen 8:634; Malo et al. 2006, Nat Biotechnol 24:167).

    ``B = r / (1.4826 MAD(r))`` with ``r = x - (overall + row effect + column effect)`` of the two-way median polish of
    the stratum.

    Conventions: only treated wells (roles treatment and reference) take part in the polish and in the MAD; controls
    get the residual from the surface fitted without them; blanks get none. A row or column without a treated well has
    no effect of its own: 0 is taken, and a remark says so. The MAD is taken about the residuals' median.
    """
    placed = (readings.row >= 0) & (readings.column >= 0)
    fitted = readings.judged & placed
    usable = _usable_strata(readings, fitted)
    too_few = f"fewer than {SMALLEST_GRID} rows or columns with treated wells"
    if not usable.any():
        return Normalised(np.full(readings.values.shape, np.nan), dict.fromkeys(range(readings.n_strata), too_few))
    polished = median_polish(_grid(readings, fitted & usable[readings.stratum]))
    residual = np.where(placed & ~readings.blank, readings.values - _surface(polished, readings), np.nan)
    spread = group_statistics(residual, readings.stratum, readings.n_strata, fitted).mad
    good = usable & (spread > 0)
    values = residual / np.where(good, spread, np.nan)[readings.stratum]
    lacking = {int(code): "the residuals' MAD is zero" if usable[code] else too_few for code in np.flatnonzero(~good)}
    return Normalised(values, lacking, _remarks(polished, readings, good))


def _usable_strata(readings: Readings, fitted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    usable = np.ones(readings.n_strata, dtype=bool)
    for place in (readings.row, readings.column):
        pairs = np.unique(np.stack((readings.stratum[fitted], place[fitted])), axis=1)
        usable &= np.bincount(pairs[0], minlength=readings.n_strata) >= SMALLEST_GRID
    return usable


def _grid(readings: Readings, fitted: NDArray[np.bool_]) -> Floats:
    shape = (readings.n_strata, int(readings.row.max()) + 1, int(readings.column.max()) + 1)
    grid = np.full(shape, np.nan)
    grid[readings.stratum[fitted], readings.row[fitted], readings.column[fitted]] = readings.values[fitted]
    return grid


def _surface(polished: PolishedPlates, readings: Readings) -> Floats:
    row = np.nan_to_num(polished.row[readings.stratum, np.maximum(readings.row, 0)])
    column = np.nan_to_num(polished.column[readings.stratum, np.maximum(readings.column, 0)])
    return np.asarray(polished.overall[readings.stratum] + row + column)


def _remarks(polished: PolishedPlates, readings: Readings, good: NDArray[np.bool_]) -> tuple[str, ...]:
    row_missing = ~np.isfinite(polished.row[readings.stratum, np.maximum(readings.row, 0)])
    column_missing = ~np.isfinite(polished.column[readings.stratum, np.maximum(readings.column, 0)])
    present = np.isfinite(readings.values) & ~readings.blank & good[readings.stratum] & (readings.row >= 0)
    count = int((present & (row_missing | column_missing)).sum())
    if count == 0:
        return ()
    return (
        f"B-score: {count} wells lie in rows or columns without treated wells; no row or column effect could be taken off there.",
    )


METHOD = Normalisation("b-score", "b_score", "B-score", b_score)
