"""The table of contrasts: one row a compound and tested condition, with classes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.base import Estimate, interval, p_values
from coculture.screen.hits.cell_count import FEWER_CELLS
from coculture.screen.hits.contrasts.base import ContrastEstimate, ContrastWells, contrast_wells, unit_differences
from coculture.screen.hits.contrasts.classes import reference_viability, with_classes
from coculture.screen.hits.contrasts.methods import contrast_method
from coculture.screen.hits.false_discovery import benjamini_hochberg
from coculture.screen.hits.sense import on_scale, sense_of
from coculture.screen.hits.table import called, direction_words
from coculture.screen.settings import AnalysisSettings, ConditionContrast
from coculture.screen.well_table import Readings, WellTable


def contrast_rows(
    table: WellTable, readings: Readings, scale: Floats, percent_effect: Floats, cells: Floats, settings: AnalysisSettings
) -> tuple[pd.DataFrame, list[str]]:
    """Return one row a compound and tested condition for one read-out, not yet ranked, and how the method set itself.

    Parameters
    ----------
    table, readings : the wells and the read-out.
    scale, percent_effect, cells : (n,) values on the scale of the analysis, normalised percent effect, cell percentage.
    settings : with ``contrast`` set.
    """
    wells = contrast_wells(table, readings, scale, settings)
    contrast = wells.contrast
    sense = sense_of(readings, scale)
    direction = on_scale(readings.readout.direction, sense)
    found = contrast_method(contrast.method)(wells)
    estimate = Estimate(found.standard_error, found.df)
    low, high = interval(found.effect, estimate, settings.confidence)
    p = p_values(found.effect, estimate, direction) if found.p_value is None else found.p_value
    q = benjamini_hochberg(p)
    frame = _keys(wells).assign(
        readout=readings.readout.name,
        effect=found.effect,
        effect_low=low,
        effect_high=high,
        standard_error=found.standard_error,
        degrees_of_freedom=found.df,
        effect_percent=_percent(table, readings, percent_effect, settings, wells),
        z=found.effect / np.where(found.unit_sd > 0, found.unit_sd, np.nan) if found.p_value is None else np.nan,
        p_value=p,
        q_value=q,
        hit=called(found.effect, q, settings.fdr, contrast.minimum_effect, direction),
        direction=direction_words(found.effect, sense),
        cell_count_percent=_fewest_cells(table, cells, wells),
        method=np.where(np.isfinite(p), contrast.method, ""),
    )
    frame["note"] = _notes(frame, found, contrast, settings)
    viability = reference_viability(table, wells, settings)
    return with_classes(frame, viability, settings), [f"{readings.readout.name}: {remark}" for remark in found.remarks]


def _keys(wells: ContrastWells) -> pd.DataFrame:
    """Return what names each row, and the wells it rests on."""
    rows = []
    by_compound = dict(list(wells.treated.groupby("compound")))
    counting = wells.controls[wells.controls["counts"]]
    n_controls = {arm: int(counting["arm"].isin((0, arm)).sum()) for arm in range(1, len(wells.arms) + 1)}
    for compound, arm in wells.rows:
        part = by_compound[compound]
        rows.append(
            {
                "treatment": compound,
                "compound": compound,
                "dose": np.nan,
                "dose_unit": part["dose_unit"].iloc[0],
                "condition": wells.contrast.text(wells.arms[arm - 1]),
                "n_wells": int(part["arm"].isin((0, arm)).sum()),
                "n_negative": n_controls[arm],
            }
        )
    return pd.DataFrame(rows)


def _percent(
    table: WellTable, readings: Readings, percent: Floats, settings: AnalysisSettings, wells: ContrastWells
) -> NDArray[np.float64]:
    """Return each row's mean difference in percent effect over doses and units; NaN without positive controls."""
    if not np.isfinite(percent).any():
        return np.full(len(wells.rows), np.nan)
    differences = contrast_wells(table, readings, percent, settings).tested
    means = {
        arm: unit_differences(differences, arm).groupby(["compound", "unit"])["difference"].mean().groupby("compound").mean()
        for arm in range(1, len(wells.arms) + 1)
    }
    return np.array([means[arm].get(compound, np.nan) for compound, arm in wells.rows], dtype=np.float64)


def _fewest_cells(table: WellTable, cells: Floats, wells: ContrastWells) -> NDArray[np.float64]:
    """Return for each row the lower of the two conditions' mean cell percentages."""
    frame = wells.treated.assign(cells=cells[wells.treated.index])
    means = frame[np.isfinite(frame["cells"])].groupby(["compound", "arm"])["cells"].mean()
    both = [[float(means.get((compound, one), np.nan)) for one in (0, arm)] for compound, arm in wells.rows]
    return np.asarray(np.fmin.reduce(np.array(both), axis=1), dtype=np.float64)


def _notes(frame: pd.DataFrame, found: ContrastEstimate, contrast: ConditionContrast, settings: AnalysisSettings) -> list[str]:
    notes = []
    fewer = (frame["cell_count_percent"] < settings.cell_count_minimum_percent).tolist()
    weak = ((frame["q_value"] <= settings.fdr) & (frame["effect"].abs() < contrast.minimum_effect)).tolist()
    for note, small, few in zip(found.notes, weak, fewer, strict=True):
        parts = [note]
        if small:
            parts.append("significant but below the minimum effect")
        if few:
            parts.append(FEWER_CELLS)
        notes.append("; ".join(part for part in parts if part))
    return notes
