"""Well correction: what every plate shows at the same place is the place's, not the treatment's."""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Floats, Integers, group_medians, group_statistics
from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.normalise.mad_robustize import mad_robustize
from coculture.screen.well_table import Readings

FEWEST_PLATES = 5
"""A place needs treated wells on so many plates before anything is taken off."""


def well_correction(readings: Readings) -> Normalised:
    """Return values whose trend over the plates is taken off at every place (Makarenkov et al. 2007, Bioinformatics 23:1648).

    Each stratum is first brought to median 0 and MAD 1 of its treated wells (``mad-robustize``). Then at every place of the
    plate a straight line over the strata in their order, fitted by Theil and Sen's medians to the treated wells, is taken off
    all wells there (the source fits by least squares; medians are not drawn by a hit), and the plate is scaled again by its MAD.
    It assumes that different treatments lie at a place on different plates. A place treated on fewer than five strata
    keeps its values, and a remark counts the wells concerned.
    """
    start = mad_robustize(readings)
    values, place = start.values.copy(), _places(readings)
    untouched = 0
    for number in range(int(place.max(initial=-1)) + 1):
        here = (place == number) & np.isfinite(values)
        fitted = here & readings.judged
        if np.unique(readings.stratum[fitted]).size < FEWEST_PLATES:
            untouched += int(here.sum())
            continue
        order = readings.stratum.astype(np.float64)
        slope, level = _line(order[fitted], values[fitted])
        values[here] -= level + slope * order[here]
    spread = group_statistics(values, readings.stratum, readings.n_strata, readings.judged).mad
    with np.errstate(invalid="ignore"):
        values = values / np.where(spread > 0, spread, np.nan)[readings.stratum]
    lacking = {code: "its treated wells do not vary once corrected" for code in np.flatnonzero(~(spread > 0)).tolist()}
    remark = f"well-correction: {untouched} wells keep their values: fewer than {FEWEST_PLATES} plates have treated wells there."
    return Normalised(values, lacking | start.lacking, (remark,) if untouched else ())


def _places(readings: Readings) -> Integers:
    width = int(readings.column.max(initial=0)) + 1
    known = (readings.row >= 0) & (readings.column >= 0)
    return np.where(known, readings.row * width + readings.column, -1)


def _line(order: Floats, values: Floats) -> tuple[float, float]:
    """Return slope and level: the median of all pairwise slopes, and the median of what it leaves."""
    first, second = np.triu_indices(order.size, 1)
    steps = order[second] - order[first]
    slopes = (values[second] - values[first])[steps != 0] / steps[steps != 0]
    slope = float(group_medians(slopes, np.zeros(slopes.size, dtype=np.int64), 1)[0])
    return slope, float(np.median(values - slope * order))


METHOD = Normalisation("well-correction", "well_corrected", "robust z, places corrected", well_correction, on_request=True)
