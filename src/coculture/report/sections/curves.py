"""Dose curves: one panel a compound, the arms of the screen side by side in it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coculture.report.reading import Results
from coculture.report.readouts import Readout
from coculture.report.sections.curve_panel import MOST_POINTS, CurvePanel, PanelSource, curve_panel
from coculture.report.words.numbers import text_of

MOST_PANELS = 24
FEWEST_PANELS = 6
"""A second read-out shows at least so many, whatever the first one took."""

MOST_READOUTS = 4


@dataclass(frozen=True)
class CurveSet:
    """The panels of one read-out; ``shared`` is what the fits of all of them say, where they say the same."""

    label: str
    panels: tuple[CurvePanel, ...]
    shared: str
    statement: str


@dataclass(frozen=True)
class CurvesSection:
    """What the template of the dose curves may use; ``arms`` are the conditions, empty where there is one."""

    sets: tuple[CurveSet, ...]
    arms: tuple[str, ...]
    ordinal: bool
    has_bands: bool
    has_ec50: bool
    summarised: bool


def curves_section(results: Results) -> CurvesSection | None:
    """Return the section; None where no curve was asked for or none could be."""
    sets: list[CurveSet] = []
    budget = MOST_PANELS
    for readout in results.readouts:
        made = _set(results, readout, budget)
        if made is not None and len(sets) < MOST_READOUTS:
            sets.append(made)
            budget = max(budget - len(made.panels), FEWEST_PANELS)
    if not sets:
        return None
    treated = results.normalised[results.normalised["role"].isin(("treatment", "reference"))]
    crowded = treated.groupby(["readout", "compound", "condition"], dropna=False).size().max() > MOST_POINTS
    arms = tuple(arm for arm in dict.fromkeys(results.curves["condition"].map(text_of)) if arm)
    return CurvesSection(
        sets=tuple(sets),
        arms=arms if len(arms) > 1 else (),
        ordinal=bool((results.curves["dose_unit"] == "step").any()),
        has_bands=len(results.bands) > 0,
        has_ec50=bool(results.curves["ec50"].notna().any()),
        summarised=bool(crowded),
    )


def _set(results: Results, readout: Readout, budget: int) -> CurveSet | None:
    curves = results.curves[results.curves["readout"] == readout.name]
    rows = results.normalised[results.normalised["readout"] == readout.name]
    wells = rows.assign(value=rows[results.scale.column])
    wells = wells[wells["value"].notna()]
    named = list(dict.fromkeys(text_of(name) for name in curves["compound"]))
    if not named or wells.empty:
        return None
    chosen = _by_rank(results.hits, readout, named)[:budget]
    shown = wells[wells["compound"].isin(chosen) | wells["role"].isin(("negative", "positive"))]["value"].astype(float)
    bands = results.bands[results.bands["readout"] == readout.name]
    source = PanelSource(readout, results.scale.axis or readout.label, curves, bands, wells, _ends(shown))
    panels = [curve_panel(source, compound) for compound in chosen]
    said = {line for panel in panels for _, line in panel.lines}
    shared = said.pop() if len(said) == 1 and len(panels) > 1 else ""
    if shared:
        panels = [CurvePanel(panel.compound, panel.drawing, ()) for panel in panels]
    left_out = len(named) - len(chosen)
    statement = f"Shown are the {len(chosen)} compounds of the highest rank; {left_out} more stand in curves.parquet."
    return CurveSet(readout.label, tuple(panels), shared, statement if left_out else "")


def _ends(values: pd.Series) -> tuple[float, float]:
    """Return the ends of the value axis; of many wells the outermost 1 % on each side may lie beyond."""
    if len(values) > 400:
        return float(values.quantile(0.01)), float(values.quantile(0.99))
    return float(values.min()), float(values.max())


def _by_rank(hits: pd.DataFrame, readout: Readout, named: list[str]) -> list[str]:
    rows = hits[hits["readout"] == readout.name]
    best: dict[str, float] = {}
    for compound, rank in zip(rows["compound"], rows["rank"], strict=True):
        best[text_of(compound)] = min(best.get(text_of(compound), float("inf")), float(rank))
    return sorted(named, key=lambda name: (best.get(name, float("inf")), name))
