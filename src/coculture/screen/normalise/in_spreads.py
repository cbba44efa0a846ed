"""Distance from the middle of some wells of a stratum, in the spread of the same wells: what several scales are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.screen.group_statistics import Floats
from coculture.screen.normalise.base import Normalised
from coculture.screen.well_table import Readings

FEWEST = 3
"""Fewer wells than this have no spread worth the name."""


def in_spreads(
    readings: Readings, count: NDArray[np.int64], middle: Floats, spread: Floats, *, too_few: str, no_spread: str
) -> Normalised:
    """Return ``(x - middle) / spread`` with each stratum's own; one with too few wells or no spread is left out.

    Parameters
    ----------
    readings : of the screen, n wells in s strata.
    count, middle, spread : (s,) of the wells that are measured with.
    too_few, no_spread : why a stratum is left out, in a clause.
    """
    with np.errstate(invalid="ignore"):
        usable = (count >= FEWEST) & (spread > 0)
    values = (readings.values - middle[readings.stratum]) / np.where(usable, spread, np.nan)[readings.stratum]
    lacking = {int(code): too_few if count[code] < FEWEST else no_spread for code in np.flatnonzero(~usable)}
    return Normalised(values, lacking)
