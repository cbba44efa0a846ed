"""Dose curves: one panel a compound, the arms of the screen side by side in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from coculture.report.language import retell, say
from coculture.report.reading import Results
from coculture.report.readouts import Readout, spoken
from coculture.report.records import records
from coculture.report.sections.curve_panel import MOST_POINTS, CurvePanel, PanelSource, curve_panel
from coculture.report.words.curves import ec50_in_words
from coculture.report.words.numbers import MISSING, fixed, real, sentence_case, significant, text_of

MOST_PANELS = 24
FEWEST_PANELS = 6
"""A second read-out shows at least so many, whatever the first one took."""

MOST_READOUTS = 4
MOST_FITS = 100


@dataclass(frozen=True)
class CurveSet:
    """The panels of one read-out and the sentences below them."""

    label: str
    panels: tuple[CurvePanel, ...]
    caption: tuple[str, ...]


@dataclass(frozen=True)
class Fit:
    """One fitted curve, every number as text."""

    compound: str
    readout: str
    condition: str
    ec50: str
    slope: str
    bottom: str
    top: str
    wells: str
    status: str


@dataclass(frozen=True)
class CurvesSection:
    """What the template of the dose curves may use; ``arms`` are the conditions, empty where there is one."""

    sets: tuple[CurveSet, ...]
    arms: tuple[str, ...]
    fits: tuple[Fit, ...]
    fits_statement: str


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
    arms = tuple(arm for arm in dict.fromkeys(results.curves["condition"].map(text_of)) if arm)
    fits = [_fit(row, results) for row in records(results.curves) if real(row["slope"]) is not None]
    statement = (
        say("The first {n} of {all:,}; all stand in {file}.", n=MOST_FITS, all=len(fits), file="curves.parquet")
        if len(fits) > MOST_FITS
        else ""
    )
    return CurvesSection(tuple(sets), arms if len(arms) > 1 else (), tuple(fits[:MOST_FITS]), statement)


def _fit(row: dict[str, object], results: Results) -> Fit:
    labels = {readout.name: readout.label for readout in results.readouts}
    return Fit(
        compound=text_of(row["compound"]),
        readout=labels.get(str(row["readout"]), spoken(str(row["readout"]))),
        condition=text_of(row["condition"]),
        ec50=ec50_in_words(row) or MISSING,
        slope=significant(row["slope"]),
        bottom=significant(row["bottom"]),
        top=significant(row["top"]),
        wells=fixed(row["n_wells"], 0),
        status=retell(text_of(row["status"])),
    )


def _set(results: Results, readout: Readout, budget: int) -> CurveSet | None:
    curves = results.curves[results.curves["readout"] == readout.name]
    rows = results.normalised[results.normalised["readout"] == readout.name]
    scale = results.scale_of(readout.name)
    wells = rows.assign(value=rows[scale.column])
    wells = wells[wells["value"].notna()]
    named = list(dict.fromkeys(text_of(name) for name in curves["compound"]))
    if not named or wells.empty:
        return None
    chosen = _by_rank(results.hits, readout, named)[:budget]
    shown = wells[wells["compound"].isin(chosen) | wells["role"].isin(("negative", "positive"))]["value"].astype(float)
    bands = results.bands[results.bands["readout"] == readout.name]
    source = PanelSource(readout, scale.axis or readout.label, curves, bands, wells, _ends(shown))
    panels = [curve_panel(source, compound) for compound in chosen]
    said = {line for panel in panels for _, line in panel.lines}
    shared = said.pop() if len(said) == 1 and len(panels) > 1 else ""
    if shared:
        panels = [CurvePanel(panel.compound, panel.drawing, ()) for panel in panels]
    caption = _caption(results, readout, [wells, curves, bands], shared, len(chosen), len(named))
    return CurveSet(readout.label, tuple(panels), tuple(caption))


def _caption(
    results: Results, readout: Readout, tables: Sequence[pd.DataFrame], shared: str, n_shown: int, n_all: int
) -> list[str]:
    wells, curves, bands = tables
    treated = wells[wells["role"].isin(("treatment", "reference"))]
    crowded = treated.groupby(["compound", "condition"], dropna=False).size().max() > MOST_POINTS
    sentences = [say("{label} against the dose.", label=sentence_case(readout.label))]
    if crowded:
        if len(bands):
            sentences.append(say("Marks are medians over the wells of a dose; bars span their middle half."))
        else:
            joined = say("Marks are medians over the wells of a dose, joined to guide the eye; bars span their middle half.")
            sentences.append(joined)
    else:
        sentences.append(say("Each mark is a well."))
    sentences.append(say("Controls stand left of the lowest dose and their medians run across."))
    if len(bands):
        sentences.append(
            say("The shaded band is the curve's pointwise {confidence} % confidence interval.", confidence=results.confidence)
        )
    if curves["ec50"].notna().any():
        sentences.append(say("The upright line is the EC50, with its interval shaded."))
    if (curves["dose_unit"] == "step").any():
        sentences.append(
            say(
                "The horizontal axis is the dose step (ordered; concentrations not recorded): equal distances are not equal "
                "ratios of concentration."
            )
        )
    if shared:
        sentences.append(say("All fits: {shared}.", shared=shared))
    if n_all > n_shown:
        sentences.append(
            say(
                "Shown are the {n} compounds of the highest rank; {more} more stand in curves.parquet.",
                n=n_shown,
                more=n_all - n_shown,
            )
        )
    return sentences


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
