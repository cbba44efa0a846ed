"""Dose curves: one panel a compound, the arms of the screen side by side in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture import units
from coculture.report.figures.dose_curve import DosePanel, DosePoint, DoseSeries, dose_curve
from coculture.report.reading import Results
from coculture.report.readouts import Readout
from coculture.report.words.numbers import count, dose, real, significant, text_of

MOST_PANELS = 24
MOST_POINTS = 48
"""With more wells in a series, each dose is drawn as its median and middle half."""

ORDINAL = "dose step (ordered; concentrations not recorded)"


@dataclass(frozen=True)
class CurvePanel:
    """One compound: its drawing and what the fit says, a line per arm."""

    compound: str
    drawing: Markup
    lines: tuple[str, ...]


@dataclass(frozen=True)
class CurveSet:
    """The panels of one read-out."""

    label: str
    panels: tuple[CurvePanel, ...]
    statement: str


@dataclass(frozen=True)
class CurvesSection:
    """What the template of the dose curves may use."""

    sets: tuple[CurveSet, ...]
    ordinal: bool
    has_bands: bool
    summarised: bool


def curves_section(results: Results) -> CurvesSection | None:
    """Return the section; None where no compound was given at two doses or more."""
    sets = []
    budget = MOST_PANELS
    for readout in results.readouts:
        made = _set(results, readout, budget)
        if made is not None:
            sets.append(made)
            budget = max(budget - len(made.panels), 6)
    if not sets:
        return None
    treated = results.normalised[results.normalised["role"].isin(("treatment", "reference"))]
    crowded = treated.groupby(["readout", "compound", "condition"], dropna=False).size().max() > MOST_POINTS
    return CurvesSection(
        sets=tuple(sets[:4]),
        ordinal=bool((results.curves["dose_unit"] == "step").any() or (treated["dose_unit"] == "step").any()),
        has_bands=len(results.bands) > 0,
        summarised=bool(crowded),
    )


def _set(results: Results, readout: Readout, budget: int) -> CurveSet | None:
    curves = results.curves[results.curves["readout"] == readout.name]
    wells = results.normalised[results.normalised["readout"] == readout.name].assign(value=lambda t: t[results.scale.column])
    wells = wells[wells["value"].notna()]
    named = list(dict.fromkeys(text_of(name) for name in curves["compound"]))
    if not named:
        return None
    ranked = _by_rank(results.hits, readout, named)[:budget]
    shown = wells[wells["compound"].isin(ranked) | wells["role"].isin(("negative", "positive"))]["value"].astype(float)
    low, high = float(shown.min()), float(shown.max())
    if len(shown) > 400:
        low, high = float(shown.quantile(0.01)), float(shown.quantile(0.99))
    panels = tuple(_panel(results, readout, compound, curves, wells, (low, high)) for compound in ranked)
    left_out = len(named) - len(ranked)
    statement = f"The {len(ranked)} compounds of the highest rank; {left_out} more stand in curves.parquet." if left_out else ""
    return CurveSet(readout.label, panels, statement)


def _by_rank(hits: pd.DataFrame, readout: Readout, named: list[str]) -> list[str]:
    rows = hits[hits["readout"] == readout.name]
    best: dict[str, float] = {}
    for compound, rank in zip(rows["compound"], rows["rank"], strict=True):
        best[text_of(compound)] = min(best.get(text_of(compound), float("inf")), float(rank))
    return sorted(named, key=lambda name: (best.get(name, float("inf")), name))


def _panel(
    results: Results, readout: Readout, compound: str, curves: pd.DataFrame, wells: pd.DataFrame, values: tuple[float, float]
) -> CurvePanel:
    mine = curves[curves["compound"] == compound]
    dosed = wells[(wells["compound"] == compound) & (wells["dose"].astype(float) > 0)]
    bands = results.bands[(results.bands["compound"] == compound) & (results.bands["readout"] == readout.name)]
    unit = text_of(mine["dose_unit"].iloc[0])
    series = []
    for row in mine.to_dict("records"):
        arm = text_of(row["condition"])
        series.append(_series(row, arm, _arm(dosed, arm), _arm(bands, arm)))
    controls = {
        role: [float(value) for value in wells.loc[wells["role"] == role, "value"]][:MOST_POINTS]
        for role in ("negative", "positive")
    }
    lines = tuple(_line(row, len(mine) > 1) for row in mine.to_dict("records"))
    axis = f"{readout.label}, {results.scale.axis}" if results.scale.axis else readout.label
    panel = DosePanel(
        series=series,
        controls={role: found for role, found in controls.items() if found},
        logarithmic=unit != "step",
        dose_label="dose step (ordered)" if unit == "step" else f"dose, {units.label(unit)}",
        value_label=axis,
    )
    drawn = dose_curve(panel, values, title=f"Dose-response of {compound}, {readout.label}", description="; ".join(lines))
    return CurvePanel(compound, drawn, lines)


def _arm(frame: pd.DataFrame, arm: str) -> pd.DataFrame:
    """Return the rows of one condition; all rows where the screen has no conditions."""
    return frame if not arm else frame[frame["condition"] == arm]


def _series(row: dict[object, object], arm: str, wells: pd.DataFrame, bands: pd.DataFrame) -> DoseSeries:
    ordered = bands.sort_values("dose", kind="stable")
    rows = list(zip(*(ordered[name].astype(float) for name in ("dose", "fitted", "low", "high")), strict=True))
    return DoseSeries(
        name=arm,
        points=tuple(_points(wells)),
        curve=tuple((x, fitted) for x, fitted, _, _ in rows if fitted == fitted),
        band=tuple((x, low, high) for x, _, low, high in rows if low == low and high == high),
        ec50=real(row["ec50"]),
        ec50_low=real(row["ec50_low"]),
        ec50_high=real(row["ec50_high"]),
    )


def _points(wells: pd.DataFrame) -> Iterable[DosePoint]:
    if len(wells) <= MOST_POINTS:
        named = zip(wells["plate"], wells["well"], wells["dose"], wells["dose_unit"], wells["value"], strict=True)
        for plate, well, amount, unit, value in named:
            yield DosePoint(float(amount), float(value), f"{plate} {well} · {dose(amount, unit)} · {significant(value)}")
        return
    for amount, rows in wells.groupby(wells["dose"].astype(float), sort=True):
        lower, middle, upper = (float(value) for value in rows["value"].astype(float).quantile([0.25, 0.5, 0.75]))
        text = f"{dose(amount, rows['dose_unit'].iloc[0])} · median of {count(len(rows), 'well')}: {significant(middle)}"
        yield DosePoint(float(str(amount)), middle, text, lower, upper)


def _line(row: dict[object, object], named: bool) -> str:
    """Return what the fit says: the EC50 as it may be quoted, or why there is none."""
    unit = text_of(row["dose_unit"])
    quoted = text_of(row["ec50_text"])
    if not quoted and real(row["ec50"]) is not None:
        quoted = f"{dose(row['ec50'], unit)}"
        if real(row["ec50_low"]) is not None and real(row["ec50_high"]) is not None:
            quoted += f" (95 % CI {significant(row['ec50_low'])} to {significant(row['ec50_high'])})"
    status = text_of(row["status"])
    said = f"EC50 {quoted}" if quoted and not quoted.lower().startswith("ec50") else quoted
    parts = [said or status or "no fit", text_of(row["note"])]
    line = ". ".join(part.strip().rstrip(".") for part in parts if part)
    return f"{text_of(row['condition'])}: {line}" if named else line
