"""Do negative controls at the plate's edge read what those inside read? If not, they are no measure for wells inside."""

from __future__ import annotations

import numpy as np
from scipy import stats

from coculture.screen.group_statistics import MAD_TO_SD, Floats, group_medians
from coculture.screen.well_table import Readings, WellTable

SIGNIFICANCE = 0.001
SMALLEST_SHIFT = 0.5
"""Shift, in robust standard deviations of the controls inside, from which it is worth a warning."""
FEWEST_WELLS = 4


def edge_control_notes(table: WellTable, readings: Readings) -> list[str]:
    """Return one sentence for each condition whose negative controls differ between edge and inside.

    Within each stratum the controls are centred on the median of those inside; over all strata of a condition, edge
    and inside are compared by the Mann-Whitney test. A warning needs p < 0.001 and half a robust standard deviation.
    """
    control = (table.frame["role"] == "negative").to_numpy() & np.isfinite(readings.values)
    inside = control & ~table.edge
    middle = group_medians(readings.values[inside], readings.stratum[inside], readings.n_strata)
    centred = np.where(control, readings.values - middle[readings.stratum], np.nan)
    level = np.nanmedian(middle) if np.isfinite(middle).any() else np.nan
    notes = []
    for condition in table.strata["condition"].unique():
        chosen = (table.frame["condition"] == condition).to_numpy() & np.isfinite(centred)
        shift = edge_shift(centred[chosen & table.edge], centred[chosen & ~table.edge])
        if shift is None:
            continue
        arm = f" ({condition})" if condition else ""
        notes.append(
            f"{readings.readout.name}{arm}: negative controls at the plate's edge read {_amount(shift[0], level)} "
            f"than those inside (p = {shift[1]:.1g}); effects are judged against both. "
            'Consider control_wells = "inner".'
        )
    return notes


def edge_shift(edge: Floats, inside: Floats) -> tuple[float, float] | None:
    """Return how far controls at the edge lie from those inside and the p-value; None where it is not worth a warning."""
    if edge.size < FEWEST_WELLS or inside.size < FEWEST_WELLS:
        return None
    p_value = float(stats.mannwhitneyu(edge, inside).pvalue)
    shift = float(np.median(edge) - np.median(inside))
    spread = MAD_TO_SD * float(np.median(np.abs(inside - np.median(inside))))
    return (shift, p_value) if p_value < SIGNIFICANCE and abs(shift) >= SMALLEST_SHIFT * spread else None


def _amount(shift: float, level: float) -> str:
    word = "lower" if shift < 0 else "higher"
    return f"{abs(shift) / level:.0%} {word}" if level > 0 else f"{abs(shift):.3g} {word}"
