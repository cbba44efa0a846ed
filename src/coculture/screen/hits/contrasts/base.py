"""What a contrast of conditions starts from and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.screen.contrast_settings import ConditionContrast
from coculture.screen.group_statistics import Floats, Integers
from coculture.screen.settings import PERCENTAGES, AnalysisSettings
from coculture.screen.well_table import JUDGED_ROLES, Readings, WellTable

FEWEST_UNITS = 3
"""Independent units (donors) below which a contrast over units is not judged."""


@dataclass(frozen=True)
class ContrastWells:
    """The wells of the reference and of the tested conditions that have the read-out.

    Attributes
    ----------
    treated : one row a treated well: ``compound, dose, unit, plate, stratum, arm`` (0 is the reference, then the tested
        conditions in order), ``value`` on the scale of the analysis, ``edge, outer_row, outer_column``, ``toxic`` (its dose is
        named as toxic to the other cells), ``other`` (loss of the other cells in per cent, 0 where not asked).
    controls : the same of every negative control, with ``counts``: whether it is one of those that effects are judged against.
    compounds, arms : names, in order; a row of the results is a compound and a tested arm, arms within compounds.
    contrast : what is asked.
    ratio : whether 0 on the scale means none, so that influences multiply.
    """

    treated: pd.DataFrame
    controls: pd.DataFrame
    compounds: tuple[str, ...]
    arms: tuple[str, ...]
    contrast: ConditionContrast
    ratio: bool

    @property
    def tested(self) -> pd.DataFrame:
        """Return the treated wells that are tested: without toxic doses."""
        return self.treated[~self.treated["toxic"]]

    @property
    def rows(self) -> list[tuple[str, int]]:
        """Return compound and number of the tested arm of every row of the results."""
        return [(compound, arm) for compound in self.compounds for arm in range(1, len(self.arms) + 1)]


@dataclass(frozen=True)
class ContrastEstimate:
    """What a method found, arrays over ``ContrastWells.rows``; NaN where it cannot judge.

    Attributes
    ----------
    effect : the contrast.
    standard_error, df : its error, NaN where the method gives none.
    unit_sd : standard deviation of the contrast between units.
    n_units : independent units it rests on.
    notes : what each row rests on, in words.
    remarks : how the method set itself, in sentences.
    p_value : where the p-value is not that of effect and standard error.
    """

    effect: Floats
    standard_error: Floats
    df: Floats
    unit_sd: Floats
    n_units: NDArray[np.int64]
    notes: list[str]
    remarks: list[str] = field(default_factory=list)
    p_value: Floats | None = None


ContrastMethod = Callable[[ContrastWells], ContrastEstimate]


def contrast_wells(table: WellTable, readings: Readings, values: Floats, settings: AnalysisSettings) -> ContrastWells:
    """Return the wells of a contrast; ``values`` (n,) on the scale of the analysis."""
    contrast = settings.contrast
    if contrast is None:
        raise ValueError("a contrast needs settings.contrast")
    arms = contrast.arms(table.strata["condition"])
    number = {name: place for place, name in enumerate((contrast.reference, *arms))}
    frame = _frame(table, readings, values, contrast)
    frame["arm"] = frame["condition"].map(number)
    frame = frame[frame["arm"].notna() & np.isfinite(frame["value"])].astype({"arm": "int64"})
    treated = frame[frame["role"].isin(JUDGED_ROLES)]
    if contrast.doses == "highest":
        treated = treated[treated["dose"] == treated.groupby("compound")["dose"].transform("max")]
    treated = treated.assign(toxic=_toxic(treated, contrast))
    compounds = tuple(sorted(treated["compound"].unique()))
    scale = settings.scale_of(readings.readout)
    controls = frame[frame["role"] == "negative"]
    return ContrastWells(treated, controls, compounds, arms, contrast, scale in PERCENTAGES - {"normalised-percent-effect"})


def dose_words(wells: ContrastWells) -> dict[str, str]:
    """Return the tested doses of each compound in words: ``0.1, 1.5 uM``."""
    found = {}
    for compound, part in wells.tested.groupby("compound"):
        doses = ", ".join(f"{value:g}" for value in np.unique(part["dose"]))
        found[str(compound)] = f"{doses} {part['dose_unit'].iloc[0]}"
    return found


def over_units(wells: ContrastWells, n_units: NDArray[np.int64]) -> list[str]:
    """Return the note of every row of a contrast that is a mean over units."""
    words, by = dose_words(wells), wells.contrast.pair_by
    return [
        f"not judged: {n} of at least {FEWEST_UNITS} units ({by}) saw both conditions"
        if n < FEWEST_UNITS
        else f"mean over doses {words[compound]}, {n} units ({by})"
        for (compound, _), n in zip(wells.rows, n_units, strict=True)
    ]


def unit_differences(wells: pd.DataFrame, arm: int) -> pd.DataFrame:
    """Return compound, unit, dose and difference ``tested - reference`` of every dose that a unit saw in both conditions.

    Wells of one unit, dose and condition are averaged first. ``wells`` has the columns of ``ContrastWells.treated``.
    """
    chosen = wells[wells["arm"].isin((0, arm))]
    means = chosen.groupby(["compound", "unit", "dose", "arm"])["value"].mean().unstack("arm").reindex(columns=[0, arm]).dropna()
    return (means[arm] - means[0]).rename("difference").reset_index()


def _frame(table: WellTable, readings: Readings, values: Floats, contrast: ConditionContrast) -> pd.DataFrame:
    wells = table.frame
    return pd.DataFrame(
        {
            "role": wells["role"],
            "compound": wells["compound"],
            "dose": wells["dose"].astype("float64"),
            "dose_unit": wells["dose_unit"],
            "unit": wells[contrast.pair_by].astype("str"),
            "plate": wells["plate"],
            "condition": wells["condition"],
            "stratum": table.stratum,
            "edge": table.edge,
            "outer_row": _outermost(table.row, table.edge),
            "outer_column": _outermost(table.column, table.edge),
            "counts": readings.negative,
            "value": np.where(np.isfinite(readings.values), values, np.nan),
            "other": _other_cells(table, contrast.toxicity),
        }
    )


def _outermost(place: Integers, edge: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which wells lie in a row (or column) all of whose wells are at the edge."""
    known = np.maximum(place, -1) + 1
    inside = np.bincount(known, weights=~edge)
    return np.asarray(edge & (inside[known] == 0))


def _other_cells(table: WellTable, column: str) -> Floats:
    """Return the loss of the other cells, as per cent of the mean of the stratum's negative controls; 0 where not asked."""
    if not column:
        return np.zeros(len(table.frame))
    counts = table.frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
    chosen = table.counting((table.frame["role"] == "negative").to_numpy() & np.isfinite(counts))
    n = np.bincount(table.stratum[chosen], minlength=len(table.strata))
    mean = np.bincount(table.stratum[chosen], weights=counts[chosen], minlength=len(table.strata)) / np.maximum(n, 1)
    return 100.0 - 100.0 * counts / np.where(mean > 0, mean, np.nan)[table.stratum]


def _toxic(treated: pd.DataFrame, contrast: ConditionContrast) -> NDArray[np.bool_]:
    toxic = np.zeros(len(treated), dtype=bool)
    compound, dose = treated["compound"].to_numpy(), treated["dose"].to_numpy(dtype=np.float64)
    for name, doses in contrast.toxic_doses.items():
        for one in doses:
            toxic |= (compound == name) & np.isclose(dose, one, rtol=1e-6)
    return toxic
