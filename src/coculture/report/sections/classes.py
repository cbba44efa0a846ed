"""What treatments do to the interaction and what they do to the cells' number, set against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture.report.figures.class_plot import CLASSES, MOST_BARS, Borders, Treated, class_mark, class_plot
from coculture.report.language import mark, say
from coculture.report.reading import Results
from coculture.report.readouts import Readout
from coculture.report.records import is_contrast, records
from coculture.report.sections.compared import arm_of
from coculture.report.svg import element
from coculture.report.words.numbers import chance, count, dose, in_percent, real, short, significant, span, text_of

MOST_PLOTS = 4


@dataclass(frozen=True)
class ClassPlot:
    """One interaction read-out: its name, its drawing, how many treatments belong to each class, and what was left out."""

    label: str
    drawing: Markup
    counts: str
    statement: str


@dataclass(frozen=True)
class ClassesSection:
    """What the template of the classes may use.

    Attributes
    ----------
    key : each class that occurs, with its mark.
    border : the loss of cells that counts, as text; ``viability`` what the horizontal axis shows.
    minimum : the least effect that counts, as text; '' where there is none.
    """

    plots: tuple[ClassPlot, ...]
    key: tuple[tuple[str, Markup], ...]
    viability: str
    border: str
    minimum: str


def classes_section(results: Results, link: Callable[[str], str] | None = None) -> ClassesSection | None:
    """Return the section; None where no treatment was given a class.

    Parameters
    ----------
    results : the results.
    link : compound → where a click on its mark leads; None where marks cannot be opened.
    """
    judged = [(readout, rows) for readout in results.readouts if len(rows := _judged(results.hits, readout))]
    if not judged:
        return None
    shown = judged[:MOST_PLOTS]
    kinds = {text_of(kind) for _, rows in shown for kind in rows["interaction_class"]}
    least = max(_least_effect(results, readout) for readout, _ in shown)
    viability = next((one.label for one in results.readouts if one.about == "viability"), "")
    return ClassesSection(
        plots=tuple(_plot(results, readout, rows, viability, link) for readout, rows in shown),
        key=tuple((say(kind), _key_mark(kind)) for kind in CLASSES if kind in kinds),
        viability=viability,
        border=in_percent(_least_viability(results) - 100),
        minimum=short(least) if least else "",
    )


def _judged(hits: pd.DataFrame, readout: Readout) -> pd.DataFrame:
    """Return the rows of a read-out with a class, an effect and a viability; none where no treatment could be judged."""
    rows = hits[(hits["readout"] == readout.name) & hits["interaction_class"].map(text_of).isin(CLASSES)]
    contrast = is_contrast(rows)
    alone = rows[~contrast]
    rows = alone if alone["interaction_class"].isin(CLASSES[:-1]).any() else rows[contrast]
    if not rows["interaction_class"].isin(CLASSES[:-1]).any():
        return rows.iloc[:0]
    cells = rows["cell_count_percent"].astype(float) - 100
    rows = rows.assign(viability_effect=rows["viability_effect"].astype(float).fillna(cells))
    rows = rows[rows["effect"].notna() & rows["viability_effect"].notna()]
    return rows.sort_values(["rank", "compound"], kind="stable")


def _least_viability(results: Results) -> float:
    """Return the per cent of the controls' viability below which cells count as lost."""
    found = results.section("analysis").get("viability_minimum_percent", 70.0)
    return float(found) if isinstance(found, (int, float)) else 70.0


def _least_effect(results: Results, readout: Readout) -> float:
    """Return the smallest effect that counts; that of the analysis only on a scale it was meant for."""
    if readout.minimum_effect is not None:
        return float(readout.minimum_effect)
    analysis = results.section("analysis")
    found, usual = analysis.get("minimum_effect", 0.0), analysis.get("normalise", "percent-of-control")
    scales = {results.scale_of(readout.name).column, str(usual).replace("-", "_")}
    alike = len(scales) == 1 or scales <= {"percent_of_control", "normalised_percent_effect"}
    return float(found) if alike and isinstance(found, (int, float)) else 0.0


def _plot(results: Results, readout: Readout, rows: pd.DataFrame, viability: str, link: Callable[[str], str] | None) -> ClassPlot:
    scale = results.scale_of(readout.name)
    treated = [_treated(row, scale.unit, link) for row in records(rows)]
    n = Counter(one.kind for one in treated)
    n_quiet = n["inactive"] + n["not judged"]
    counts = say(", ").join(say("{n} {kind}", n=n[kind], kind=say(kind)) for kind in CLASSES if n[kind])
    across = say("change of {what}, % of negative controls", what=viability or say("the number of cells"))
    effect = mark("effect on {label}") if readout.about == "interaction" else mark("difference between conditions in {label}")
    up = say(effect, label=readout.label) + (f", {scale.axis}" if scale.axis else "")
    drawing = class_plot(
        treated,
        Borders(_least_viability(results) - 100, _least_effect(results, readout)),
        (across, up),
        title=say("Effect on {label} against effect on viability", label=readout.label),
        description=f"{count(len(treated), 'treatment')}: {counts}",
    )
    statement = (
        say("Only the {n} largest effects have their intervals drawn.", n=MOST_BARS) if len(treated) - n_quiet > MOST_BARS else ""
    )
    return ClassPlot(readout.label, drawing, counts, statement)


def _treated(row: dict[str, object], unit: str, link: Callable[[str], str] | None) -> Treated:
    name = " ".join(part for part in (text_of(row["compound"]), dose(row["dose"], row["dose_unit"]), arm_of(row)) if part)
    kind = text_of(row["interaction_class"])
    effect, viability = float(str(row["effect"])), float(str(row["viability_effect"]))
    low, high = real(row["effect_low"]), real(row["effect_high"])
    known = f" ({span(significant(low), significant(high))})" if low is not None and high is not None else ""
    q = real(row["guarded_q_value"])
    told = [
        name,
        say(kind),
        say("interaction {effect}{unit}{known}", effect=significant(effect), unit=unit, known=known),
        say("viability {viability}", viability=in_percent(viability)),
    ]
    told += [say("guarded q {q}", q=chance(q))] if q is not None else []
    ends = real(row["viability_low"]), real(row["viability_high"])
    return Treated(
        viability, *ends, effect, low, high, kind, name, " · ".join(told), link(text_of(row["compound"])) if link else ""
    )


def _key_mark(kind: str) -> Markup:
    return element("svg", class_mark(kind, 7, 7), class_="key-mark", width=14, height=14, viewBox="0 0 14 14", aria_hidden="true")
