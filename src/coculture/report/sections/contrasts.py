"""The strongest difference between two conditions, donor by donor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from coculture.report.figures.paired_lines import Pair, paired_lines
from coculture.report.language import mark, say
from coculture.report.reading import Results
from coculture.report.records import CONTRAST, is_contrast, records
from coculture.report.words.numbers import chance, count, counted, real, significant, span, text_of

MOST_PLOTS = 4
"""Contrasts whose strongest compound is drawn."""

FEWEST_PAIRS = 3
UNITS = (mark("donor"), mark("batch"), mark("plate"))
COUNTED_UNITS = (counted("donor"), counted("batch"), counted("plate"))
"""What conditions can be paired by, by itself and after a number."""


@dataclass(frozen=True)
class PairedPlot:
    """The strongest compound of one contrast: ``drawing``, and ``caption`` in words."""

    drawing: Markup
    caption: str


@dataclass(frozen=True)
class ContrastsSection:
    """What the template of the contrasts may use; ``unit`` is what the lines are, such as donor."""

    plots: tuple[PairedPlot, ...]
    unit: str


def contrasts_section(results: Results) -> ContrastsSection | None:
    """Return the section; None where no conditions were compared, or no unit saw both."""
    asked = results.section("analysis").get("contrast")
    primary = results.primary
    if not isinstance(asked, Mapping) or primary is None or results.hits.empty:
        return None
    rows = results.hits[(results.hits["readout"] == primary.name) & is_contrast(results.hits)]
    best = rows.sort_values("rank", kind="stable").groupby("condition", sort=False).head(1).head(MOST_PLOTS)
    unit = str(asked.get("pair_by", "donor"))
    drawn = [_plot(results, row, asked, unit) for row in records(best)]
    plots = tuple(plot for plot in drawn if plot is not None)
    return ContrastsSection(plots, say(unit)) if plots else None


def _plot(results: Results, row: dict[str, object], asked: Mapping[str, Any], unit: str) -> PairedPlot | None:
    readout = next(one for one in results.readouts if one.name == row["readout"])
    scale = results.scale_of(readout.name)
    compound = text_of(row["compound"])
    tested, _, reference = text_of(row["condition"]).partition(f" {CONTRAST} ")
    pairs = _pairs(results, readout.name, compound, (reference, tested), asked, unit)
    if len(pairs) < FEWEST_PAIRS:
        return None
    axis = readout.label + (f", {scale.axis}" if scale.axis else "")
    drawing = paired_lines(
        pairs,
        (reference, tested),
        axis,
        title=say("{compound}: {label} by {unit}", compound=compound, label=readout.label, unit=say(unit)),
    )
    rising = sum(pair.tested > pair.reference for pair in pairs)
    low, high = real(row["effect_low"]), real(row["effect_high"])
    known = low is not None
    spread = span(significant(low), significant(high))
    caption = say(
        "{compound}, {tested} against {reference}: {rising} of {units} rise; difference {effect}{interval}, q {q}. Lines are "
        "means over the doses compared, as measured; the difference is that of the method named under Methods, which may "
        "correct and weigh them.",
        compound=compound,
        tested=tested,
        reference=reference,
        rising=rising,
        units=count(len(pairs), unit),
        effect=significant(row["effect"]),
        interval=say(" ({confidence} % interval {spread})", confidence=results.confidence, spread=spread) if known else "",
        q=chance(row["q_value"]),
    )
    return PairedPlot(drawing, caption)


def _pairs(
    results: Results, readout: str, compound: str, conditions: tuple[str, str], asked: Mapping[str, Any], unit: str
) -> list[Pair]:
    """Return every unit's means over the doses that it saw in both conditions."""
    column = results.scale_of(readout).column
    table = results.normalised
    if unit not in results.wells or column not in table:
        return []
    chosen = table[(table["readout"] == readout) & (table["compound"] == compound) & table["condition"].isin(conditions)]
    chosen = chosen[chosen["role"].isin(("treatment", "reference"))]
    wells = results.wells[["plate", "well", unit]] if unit != "plate" else results.wells[["plate", "well"]]
    joined = chosen.merge(wells, on=["plate", "well"], how="left").dropna(subset=[column, unit])
    dose = joined["dose"].to_numpy(dtype=float)
    toxic = dict(asked.get("toxic_doses") or {}).get(compound, ())
    kept = ~np.isclose(dose[:, None], np.array(toxic, dtype=float)[None], rtol=1e-6).any(axis=1)
    if asked.get("doses") == "highest" and len(dose):
        kept &= dose == dose.max()
    means = joined[kept].groupby([unit, "dose", "condition"])[column].mean().unstack("condition")
    both = means.reindex(columns=list(conditions)).dropna().groupby(unit).mean()
    return [Pair(str(name), float(a), float(b)) for name, a, b in both.itertuples()]
