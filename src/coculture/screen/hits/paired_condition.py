"""Paired contrast of two conditions: does a compound act differently in co-culture than alone?

Each independent unit (donor) saw every compound in both conditions. Within a unit the difference between the
conditions is free of what the unit itself does; over units it is tested with a paired t-test. Toxicity of a compound to
the second cell type is not yet told apart from a change of interaction.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.base import Estimate, interval, p_values
from coculture.screen.hits.cell_count import FEWER_CELLS
from coculture.screen.hits.false_discovery import benjamini_hochberg
from coculture.screen.hits.sense import on_scale, sense_of
from coculture.screen.hits.table import called, direction_words
from coculture.screen.settings import AnalysisSettings, ConditionContrast
from coculture.screen.well_table import Readings, WellTable

FEWEST_UNITS = 3


def paired_condition(
    table: WellTable, readings: Readings, scale: Floats, percent_effect: Floats, cells: Floats, settings: AnalysisSettings
) -> pd.DataFrame:
    """Return one row a compound for one read-out, not yet ranked.

    For each compound and unit: wells are averaged within dose and condition, the difference ``tested - reference`` is
    taken at every dose that the unit saw in both conditions, and these are averaged over doses. ``effect`` is the mean
    over units, its interval and p-value those of the paired t-test; ``z`` is effect over the standard deviation
    between units. Compounds with fewer than three units are not judged.

    Parameters
    ----------
    table, readings : the wells and the read-out.
    scale, percent_effect, cells : (n,) values on the scale of the analysis, normalised percent effect, cell percentage.
    settings : with ``contrast`` set.
    """
    contrast = settings.contrast
    if contrast is None:
        raise ValueError("a paired contrast needs settings.contrast")
    sense = sense_of(readings, scale)
    direction = on_scale(readings.readout.direction, sense)
    units = _unit_differences(table, readings, scale, contrast)
    frame = _compounds(table, contrast)
    grouped = units.groupby("compound")["difference"]
    summary = frame.merge(grouped.agg(["count", "mean", "std"]), left_on="compound", right_index=True, how="left")
    n = summary["count"].fillna(0).to_numpy(dtype=np.int64)
    effect = summary["mean"].to_numpy(dtype=np.float64)
    sd = np.where(n >= FEWEST_UNITS, summary["std"].to_numpy(dtype=np.float64), np.nan)
    estimate = Estimate(sd / np.sqrt(np.maximum(n, 1)), np.where(n >= FEWEST_UNITS, n - 1.0, np.nan))
    low, high = interval(effect, estimate, settings.confidence)
    p = p_values(effect, estimate, direction)
    q = benjamini_hochberg(p)
    percent = _unit_differences(table, readings, percent_effect, contrast).groupby("compound")["difference"].mean()
    frame = frame.assign(
        treatment=frame["compound"],
        dose=np.nan,
        condition=contrast.text,
        readout=readings.readout.name,
        n_negative=_negative_controls(table, readings, contrast),
        effect=effect,
        effect_low=low,
        effect_high=high,
        effect_percent=frame["compound"].map(percent).astype("float64"),
        z=effect / np.where(sd > 0, sd, np.nan),
        p_value=p,
        q_value=q,
        hit=called(effect, q, settings.fdr, contrast.minimum_effect, direction),
        direction=direction_words(effect, sense),
        cell_count_percent=frame["compound"].map(_fewest_cells(table, cells, contrast)).astype("float64"),
        method=np.where(n >= FEWEST_UNITS, contrast.method, ""),
    )
    frame["note"] = [_note(row, units_seen, contrast, settings) for row, units_seen in zip(frame.itertuples(), n, strict=True)]
    return frame


def _judged(table: WellTable, contrast: ConditionContrast) -> pd.Series:
    arms = table.frame["condition"].isin([contrast.reference, contrast.tested])
    return arms & table.frame["role"].isin(["treatment", "reference"])


def _compounds(table: WellTable, contrast: ConditionContrast) -> pd.DataFrame:
    wells = table.frame[_judged(table, contrast)]
    grouped = wells.groupby("compound", sort=True)
    frame = grouped.agg(dose_unit=("dose_unit", "first"), n_wells=("well", "size")).reset_index()
    doses = grouped["dose"].agg(lambda dose: ", ".join(f"{value:g}" for value in sorted(dose.unique())))
    frame["doses"] = doses.to_numpy()
    return frame


def _unit_differences(table: WellTable, readings: Readings, values: Floats, contrast: ConditionContrast) -> pd.DataFrame:
    """Return compound, unit and difference: one row for each compound that a unit saw in both conditions."""
    frame = pd.DataFrame(
        {
            "compound": table.frame["compound"],
            "unit": table.frame[contrast.pair_by].astype("str"),
            "dose": table.frame["dose"],
            "condition": table.frame["condition"],
            "value": values,
        }
    )
    frame = frame[_judged(table, contrast) & readings.judged & np.isfinite(values)]
    means = frame.groupby(["compound", "unit", "dose", "condition"])["value"].mean().unstack("condition")
    means = means.reindex(columns=[contrast.reference, contrast.tested]).dropna()
    difference = means[contrast.tested] - means[contrast.reference]
    return difference.groupby(["compound", "unit"]).mean().rename("difference").reset_index()


def _negative_controls(table: WellTable, readings: Readings, contrast: ConditionContrast) -> int:
    arms = table.frame["condition"].isin([contrast.reference, contrast.tested]).to_numpy()
    return int((readings.negative & arms).sum())


def _fewest_cells(table: WellTable, cells: Floats, contrast: ConditionContrast) -> pd.Series:
    """Return for each compound the lower of the two conditions' mean cell percentages."""
    chosen = _judged(table, contrast) & np.isfinite(cells)
    wells = table.frame.loc[chosen, ["compound", "condition"]].assign(cells=cells[chosen.to_numpy()])
    return wells.groupby(["compound", "condition"])["cells"].mean().groupby("compound").min()


def _note(row: object, n_units: int, contrast: ConditionContrast, settings: AnalysisSettings) -> str:
    if n_units < FEWEST_UNITS:
        return f"not judged: {n_units} of at least {FEWEST_UNITS} units ({contrast.pair_by}) saw both conditions"
    parts = [f"mean over doses {row.doses} {row.dose_unit}, {n_units} units ({contrast.pair_by})"]  # type: ignore[attr-defined]
    if row.q_value <= settings.fdr and abs(row.effect) < contrast.minimum_effect:  # type: ignore[attr-defined]
        parts.append("significant but below the minimum effect")
    if row.cell_count_percent < settings.cell_count_minimum_percent:  # type: ignore[attr-defined]
        parts.append(FEWER_CELLS)
    return "; ".join(parts)
