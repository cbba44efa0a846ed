"""What only several plates show: agreement of replicates, controls that move, plates with few cells."""

from __future__ import annotations

import numpy as np
from scipy import stats

from coculture.screen.group_statistics import Floats, group_statistics
from coculture.screen.well_table import Readings, WellTable

FEWEST_PAIRS = 5
FEWEST_PLATES = 5
SIGNIFICANCE = 0.01
LARGE_SHIFT = 3.0
"""Robust standard deviations by which a plate's controls may lie away from those of the screen."""
FEW_CELLS_PERCENT = 50.0
"""Cells of a plate's negative controls, in percent of the median plate, below which its numbers rest on thin cultures."""


def replicate_correlation(table: WellTable, readings: Readings) -> Floats:
    """Return, per stratum, Spearman's correlation of its treated wells with the mean of the same treatments on other plates.

    Values are taken as differences from the stratum's negative controls. NaN below five shared treatments.
    """
    centre = readings.statistics(readings.negative).median[readings.stratum]
    keys = [name for name in ("compound", "dose", "dose_unit", "condition") if name in table.frame]
    wells = table.frame.loc[readings.judged, keys].assign(
        value=(readings.values - centre)[readings.judged], stratum=readings.stratum[readings.judged]
    )
    wells = wells[wells["value"].notna()]
    own = wells.groupby([*keys, "stratum"], sort=False)["value"].agg(["sum", "count"]).reset_index()
    whole = own.groupby(keys, sort=False)[["sum", "count"]].transform("sum")
    others = whole - own[["sum", "count"]]
    shared = (others["count"] > 0).to_numpy()
    result = np.full(readings.n_strata, np.nan)
    mine, theirs = (own["sum"] / own["count"]).to_numpy(), (others["sum"] / others["count"].where(shared)).to_numpy()
    stratum = own["stratum"].to_numpy()
    for code in np.unique(stratum[shared]):
        chosen = shared & (stratum == code)
        if chosen.sum() >= FEWEST_PAIRS and np.ptp(mine[chosen]) > 0 and np.ptp(theirs[chosen]) > 0:
            result[code] = stats.spearmanr(mine[chosen], theirs[chosen]).statistic
    return result


def control_shift(table: WellTable, readings: Readings) -> Floats:
    """Return how far each stratum's control median lies from the median stratum of its condition, in robust SD of controls.

    The SD is the median over strata of the MAD within them. NaN where there are fewer than three strata or it is zero.
    """
    controls = readings.statistics(readings.negative)
    shift = np.full(readings.n_strata, np.nan)
    for condition in table.strata["condition"].unique():
        rows = np.flatnonzero((table.strata["condition"] == condition).to_numpy() & np.isfinite(controls.median))
        spread = float(np.median(controls.mad[rows])) if rows.size >= 3 else 0.0
        if spread > 0:
            shift[rows] = (controls.median[rows] - np.median(controls.median[rows])) / spread
    return shift


def control_cells_percent(table: WellTable, readings: Readings, column: str = "n_cells") -> Floats:
    """Return the cells of each stratum's negative controls as percent of the median stratum; NaN without counts."""
    if column not in table.frame:
        return np.full(readings.n_strata, np.nan)
    counts = table.frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
    middle = group_statistics(counts, readings.stratum, readings.n_strata, readings.negative).median
    known = middle[np.isfinite(middle)]
    whole = float(np.median(known)) if known.size else 0.0
    return 100.0 * middle / whole if whole > 0 else np.full(readings.n_strata, np.nan)


def drift_notes(table: WellTable, readings: Readings) -> list[str]:
    """Return a sentence for each condition whose negative controls move steadily over the plates in the order of their names.

    Spearman's test of the control medians against the order (p < 0.01, five plates or more), and a total move of at least one
    robust standard deviation of controls within plates.
    """
    controls = readings.statistics(readings.negative)
    notes = []
    for condition in table.strata["condition"].unique():
        rows = np.flatnonzero((table.strata["condition"] == condition).to_numpy() & np.isfinite(controls.median))
        spread = float(np.median(controls.mad[rows])) if rows.size else 0.0
        if rows.size < FEWEST_PLATES or not spread > 0 or np.ptp(controls.median[rows]) == 0:
            continue
        order = np.arange(rows.size)
        p_value = float(stats.spearmanr(order, controls.median[rows]).pvalue)
        move = float(stats.theilslopes(controls.median[rows], order)[0]) * (rows.size - 1) / spread
        if p_value < SIGNIFICANCE and abs(move) >= 1.0:
            arm = f" ({condition})" if condition else ""
            verb = "rise" if move > 0 else "fall"
            notes.append(
                f"{readings.readout.name}{arm}: the negative controls {verb} over the {rows.size} plates in the order of their "
                f"names, by {abs(move):.1f} robust standard deviations in all (p = {p_value:.1g}); "
                "scales within plates take this off."
            )
    return notes


def guard_remarks(shift: float, cells: float) -> list[str]:
    """Return what a plate's verdict must mention of its controls' level and density."""
    remarks = []
    if abs(shift) > LARGE_SHIFT:
        side = "above" if shift > 0 else "below"
        remarks.append(f"the negative controls lie {abs(shift):.1f} robust SD {side} those of the other plates")
    if cells < FEW_CELLS_PERCENT:
        remarks.append(f"the negative controls hold {cells:.0f} % of the cells of the other plates")
    return remarks
