"""Zero interaction potency (ZIP): smoothed effect minus independence of the smoothed single agents (Yadav et al. 2015).

Along each drug, over each background of the others, a curve is fitted that starts at the background's own effect. Where the drugs
leave one another's potency and shape alone that curve is the drug's own, squeezed between the background and full
effect. The smoothed effect of a point is the mean over the curves that pass it; expected is
``1 - prod(1 - f_i)`` of the drugs' own curves (Comput. Struct. Biotechnol. J. 13:504).
"""

from __future__ import annotations

import numpy as np

from coculture.compounds.combination.bliss import bliss
from coculture.screen.group_statistics import Floats
from coculture.screen.synergy.base import Prepared, Surface, SynergyModel
from coculture.screen.synergy.combination_data import Line
from coculture.screen.synergy.curve_fits import FittedCurve, least_squares_curve, published_curve

FEWEST_POINTS = 3
"""Points above the background without which no curve is fitted along a line."""


def _apply(data: Prepared) -> Surface:
    smoothed, uncovered = smoothed_effect(data)
    note = f"{uncovered} points are not smoothed: fewer than {FEWEST_POINTS} doses beside them" if uncovered else ""
    return Surface(bliss(list(data.fitted_single.T), full=100.0), smoothed, note)


def smoothed_effect(data: Prepared) -> tuple[Floats, int]:
    """Return (points,) smoothed effects, and how many points with two or more drugs no curve passes."""
    table = data.table
    smoothed = data.response.copy()
    singles = table.order == 1
    smoothed[singles] = np.where(table.doses > 0, data.fitted_single, 0.0).sum(axis=1)[singles]
    uncovered = 0
    for order in range(2, table.doses.shape[1] + 1):
        total, passed = np.zeros(smoothed.size), np.zeros(smoothed.size)
        for line in table.lines:
            if table.order[line.points[0]] != order or line.points.size < FEWEST_POINTS or line.base < 0:
                continue
            curve = line_curve(data, line, smoothed[line.base])
            total[line.points] += curve.at(table.doses[line.points, line.drug])
            passed[line.points] += 1
        smoothed = np.where(passed > 0, total / np.maximum(passed, 1), smoothed)
        uncovered += int(((passed == 0) & (table.order == order)).sum())
    return smoothed, uncovered


def line_curve(data: Prepared, line: Line, background: float) -> FittedCurve:
    """Return the curve along one line.

    ``exact``: from the smoothed background, through the points. ``synergyfinder``: the measured background is both the fixed
    lower plateau and the first point.
    """
    table = data.table
    if data.exact:
        return least_squares_curve(table.doses[line.points, line.drug], data.response[line.points], background)
    rows = np.concatenate([[line.base], line.points])
    return published_curve(table.doses[rows, line.drug], data.response[rows], float(data.response[line.base]))


MODEL = SynergyModel("ZIP", _apply)
