"""What else must show an effect between cells before it is called one.

A read-out about interaction is tested together with its guards, and its p-value is the largest (see ``intersection_union``):

- **stain**: the same read-out on outlines that no stain can move (``well_territory_contacts_…`` beside ``well_contacts_…``);
- **counts**: what wells of the same counts would show. Where wells have an affinity of the two types
  (``well_affinity_log2_…``, on territories where there is such), which neither counts nor composition move, that is tested,
  every well with its own error. Elsewhere the read-out and its stain guard are compared at equal counts (``count_matched``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coculture.screen.group_statistics import Floats, group_means
from coculture.screen.hits.base import compare
from coculture.screen.hits.cell_count import cell_count_percent
from coculture.screen.hits.count_matched import count_matched
from coculture.screen.hits.intersection_union import OneSided, one_sided
from coculture.screen.hits.known_error import known_error
from coculture.screen.hits.methods import hit_method
from coculture.screen.hits.single_well import with_single_wells
from coculture.screen.hits.treatments import Treatments
from coculture.screen.settings import AnalysisSettings, Readout
from coculture.screen.well_table import Readings, WellTable

_PAIR = re.compile(r"well_(?:territory_)?(?:contacts|enrichment_z|enrichment_log2)_(?P<pair>\w+)")
_AFFINITY = re.compile(r"well_(?:territory_)?affinity_log2_\w+")
_AFFINITIES = ("well_territory_affinity_log2_", "well_affinity_log2_")
TERRITORY_SHIFT = 0.05
"""How far an affinity on territories falls, log2, for each part of the cells that is lost: neighbours that are gone let farther
cells touch. In simulated tissue it was 0.02 where half of the cells were killed and 0.03 where two thirds were. A guard on
the counts must show a fall beyond it."""


@dataclass(frozen=True)
class Guard:
    """One further test of an effect.

    Attributes
    ----------
    name : what is tested, as a note says it.
    test : its p-values to either side.
    lacking : why it could test nothing, or ''.
    """

    name: str
    test: OneSided
    lacking: str = ""


def guards_of(table: WellTable, readings: Readings, treatments: Treatments, settings: AnalysisSettings) -> list[Guard]:
    """Return the guards of a read-out about interaction; at least one, which may lack what it needs."""
    readout = readings.readout
    judge = _Judge(table, readings, treatments, settings)
    twin = stain_guard(readout, table)
    found = [judge.plain(twin)] if twin else []
    affinity = "" if is_affinity(readout.number) else affinity_column(readout.number, table)
    if affinity:
        return [*found, judge.plain(affinity)] if affinity != twin else found
    if is_affinity(readout.number) and error_column(readout.number, table):
        return found  # it is matched to the counts itself
    return [*found, *(judge.matched(column) for column in dict.fromkeys((readout.column, twin)) if column)]


def stain_guard(readout: Readout, table: WellTable) -> str:
    """Return the column of the read-out on outlines that follow no stain: as named, or its twin in the table, or ''."""
    if readout.guard:
        return readout.guard
    number = readout.number
    if not number.startswith("well_") or number.startswith("well_territory_"):
        return ""
    twin = number.replace("well_", "well_territory_", 1)
    return twin if twin in table.frame else ""


def is_affinity(number: str) -> bool:
    """Tell whether a number of the well is an affinity of two types."""
    return _AFFINITY.fullmatch(number) is not None


def error_column(number: str, table: WellTable) -> str:
    """Return the column with the standard error of an affinity, '' where there is none."""
    column = number.replace("_affinity_log2_", "_affinity_se_", 1)
    return column if is_affinity(number) and column in table.frame else ""


def affinity_column(number: str, table: WellTable) -> str:
    """Return the affinity of the two types a number speaks of, in either order, with an error; '' where there is none."""
    found = _PAIR.fullmatch(number)
    if found is None:
        return ""
    for prefix in _AFFINITIES:
        for pair in (found["pair"], *_turned(found["pair"])):
            if prefix + pair in table.frame and error_column(prefix + pair, table):
                return prefix + pair
    return ""


def _turned(pair: str) -> Iterator[str]:
    """Return ``b_a`` of ``a_b`` for every place at which the names may part (a type's name may hold _)."""
    for place in (at for at, sign in enumerate(pair) if sign == "_"):
        yield f"{pair[place + 1 :]}_{pair[:place]}"


@dataclass(frozen=True)
class _Judge:
    """Tests columns of the well table as the read-out itself is tested."""

    table: WellTable
    readings: Readings
    treatments: Treatments
    settings: AnalysisSettings

    def plain(self, column: str) -> Guard:
        """Test a column as it is, with its wells' own errors where there are such."""
        values, size = self._values(column), len(self.treatments.frame)
        errors = error_column(column, self.table)
        places = (self.treatments.code, size, self.readings.stratum, self.readings.negative)
        if errors:
            comparison, estimate = known_error(values, self._values(errors), *places)
        else:
            comparison = compare(values, *places)
            estimate = with_single_wells(comparison, hit_method(self.settings.hit_method).apply(comparison))
        allowed = TERRITORY_SHIFT * self._lost() if column.startswith(_AFFINITIES[0]) else np.zeros(size)
        return Guard(
            column,
            one_sided(comparison.effect, estimate, fall_beyond=allowed),
            _lacking(estimate.standard_error, "has no value to compare"),
        )

    def matched(self, column: str) -> Guard:
        """Test a column at equal counts."""
        counted = self._count_columns()
        name = f"{column} at equal {' and '.join(counted) or 'counts'}"
        size = len(self.treatments.frame)
        nothing = np.full(size, np.nan)
        if not counted:
            return Guard(name, OneSided(nothing, nothing), f"there is no column '{self.settings.cell_count_column}'")
        counts = np.column_stack([self._values(one) for one in counted])
        comparison, estimate = count_matched(
            self._values(column),
            counts,
            self.treatments.code,
            size,
            self.readings.stratum,
            self.readings.negative,
            hit_method(self.settings.hit_method),
        )
        lacking = _lacking(estimate.standard_error, estimate.remark or "has no value to compare")
        return Guard(name, one_sided(comparison.effect, estimate), lacking)

    def _lost(self) -> Floats:
        """Return the part of its cells that each treatment lost, 0 where it has as many as the controls or none were counted."""
        percent = cell_count_percent(self.table, self.settings.cell_count_column)
        counted = (self.treatments.code >= 0) & np.isfinite(percent)
        _, mean = group_means(percent[counted], self.treatments.code[counted], len(self.treatments.frame))
        return np.clip(1.0 - np.nan_to_num(mean, nan=100.0) / 100.0, 0.0, 1.0)

    def _values(self, column: str) -> Floats:
        values = self.table.frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(np.isfinite(values), values, np.nan)

    def _count_columns(self) -> list[str]:
        """Return the counts of the two types the number ends with (``…_tumour_tcell``), else of all cells."""
        number, frame = self.readings.readout.number, self.table.frame
        types = [name.removeprefix("n_") for name in map(str, frame) if name.startswith("n_")]
        pairs = [(a, b) for a in types for b in types if number.endswith(f"_{a}_{b}")]
        if pairs:
            longest = max(pairs, key=lambda pair: len(pair[0]) + len(pair[1]))
            return [f"n_{name}" for name in dict.fromkeys(longest)]
        return [name for name in (self.settings.cell_count_column,) if name in frame]


def _lacking(errors: Floats, reason: str) -> str:
    return "" if np.isfinite(errors).any() else reason
