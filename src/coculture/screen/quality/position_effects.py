"""Where on a plate do treated wells read differently? Edge, rows, columns, gradient and dispensing pattern, tested and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from coculture.screen.group_statistics import MAD_TO_SD, Floats, Integers
from coculture.screen.well_table import Readings, WellTable

SIGNIFICANCE = 0.01
"""Level of one plate's tests together (Bonferroni)."""
SMALLEST_SIZE = 0.5
"""Size, in robust standard deviations of the plate's treated wells, from which an effect is named."""
FEWEST_WELLS = 24
FEWEST_IN_GROUP = 4
KINDS = ("edge", "row", "column", "gradient", "dispensing")


@dataclass(frozen=True)
class PositionEffect:
    """One effect on one plate.

    Attributes
    ----------
    size : in robust standard deviations of the plate's treated wells; NaN where it could not be tested.
    p_value : of its test, times the number of tests made on the plate.
    words : what it is, '' where it is none.
    """

    size: float = np.nan
    p_value: float = np.nan
    words: str = ""

    @property
    def named(self) -> bool:
        """Whether it is worth telling."""
        return bool(self.p_value < SIGNIFICANCE and abs(self.size) >= SMALLEST_SIZE)


def position_effects(table: WellTable, readings: Readings) -> list[dict[str, PositionEffect]]:
    """Return the effects of each stratum by kind.

    All tests rest on ranks of treated wells, so that a few strong hits do not make an effect: Mann-Whitney for edge and
    dispensing (odd against even rows, and columns), Kruskal-Wallis for rows and columns, Spearman for the gradient. A size is a
    difference of medians (of a row and the plate, of the ends of the fitted line) over the robust standard deviation of the
    treated wells.
    """
    chosen = readings.judged & (readings.row >= 0) & (readings.column >= 0)
    return [_of_plate(table, readings, chosen & (readings.stratum == code)) for code in range(readings.n_strata)]


def _of_plate(table: WellTable, readings: Readings, mask: NDArray[np.bool_]) -> dict[str, PositionEffect]:
    values, row, column, edge = readings.values[mask], readings.row[mask], readings.column[mask], table.edge[mask]
    spread = MAD_TO_SD * float(np.median(np.abs(values - np.median(values)))) if values.size else 0.0
    if values.size < FEWEST_WELLS or not spread > 0:
        return dict.fromkeys(KINDS, PositionEffect())
    found = {
        "edge": _two(values, edge, "wells at the edge", "those inside", spread),
        "row": _groups(values, row, "row", _letters, spread),
        "column": _groups(values, column, "column", lambda place: str(place + 1), spread),
        "gradient": _stronger(
            _trend(values, row, "from the top row to the bottom row", spread),
            _trend(values, column, "from the left column to the right column", spread),
        ),
        "dispensing": _stronger(
            _two(values, row % 2 == 1, "rows B, D, F, …", "rows A, C, E, …", spread),
            _two(values, column % 2 == 1, "columns 2, 4, 6, …", "columns 1, 3, 5, …", spread),
        ),
    }
    made = 7
    return {kind: PositionEffect(one.size, min(1.0, made * one.p_value), one.words) for kind, one in found.items()}


def _two(values: Floats, mask: NDArray[np.bool_], name: str, other: str, spread: float) -> PositionEffect:
    if min(mask.sum(), (~mask).sum()) < FEWEST_IN_GROUP:
        return PositionEffect()
    size = float(np.median(values[mask]) - np.median(values[~mask])) / spread
    p_value = float(stats.mannwhitneyu(values[mask], values[~mask]).pvalue)
    return PositionEffect(size, p_value, f"{name} read {_more(size)} than {other}")


def _groups(values: Floats, place: Integers, name: str, spoken: Callable[[int], str], spread: float) -> PositionEffect:
    counts = np.bincount(place)
    usable = np.flatnonzero(counts >= FEWEST_IN_GROUP)
    if usable.size < 3:
        return PositionEffect()
    groups = [values[place == one] for one in usable]
    centre = np.median(values)
    away = np.array([np.median(group) for group in groups]) - centre
    farthest = int(np.argmax(np.abs(away)))
    size = float(away[farthest]) / spread
    p_value = float(stats.kruskal(*groups).pvalue)
    return PositionEffect(size, p_value, f"{name} {spoken(int(usable[farthest]))} reads {_more(size)} than the plate")


def _trend(values: Floats, place: Integers, words: str, spread: float) -> PositionEffect:
    if np.unique(place).size < 3:
        return PositionEffect()
    found = stats.spearmanr(place, values)
    medians = [np.median(values[place == one]) for one in np.unique(place)]
    slope = float(stats.theilslopes(medians, np.unique(place))[0])
    size = slope * float(np.ptp(place)) / spread
    verb = "rise" if size > 0 else "fall"
    return PositionEffect(size, float(found.pvalue), f"values {verb} {words} by {abs(size):.1f} robust SD")


def _stronger(first: PositionEffect, second: PositionEffect) -> PositionEffect:
    known = [one for one in (first, second) if one.p_value == one.p_value]
    return min(known, key=lambda one: one.p_value) if known else PositionEffect()


def _more(size: float) -> str:
    return f"{abs(size):.1f} robust SD {'higher' if size > 0 else 'lower'}"


def _letters(place: int) -> str:
    return chr(65 + place) if place < 26 else "A" + chr(65 + place - 26)
