"""Synergy over the doses: a surface for each pair of compounds, and for three compounds a slice for each dose of the third."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup

from coculture.report.figures.synergy_surface import SynergyPoint, synergy_surface
from coculture.report.language import say
from coculture.report.reading import Results
from coculture.report.records import records
from coculture.report.words.numbers import dose, fixed, listed, real, short, span, text_of
from coculture.units import label

MOST_SURFACES = 6
MOST_SLICED = 3
"""Combinations of three compounds that are drawn."""

MOST_SLICES = 6
"""Doses of the third compound that are drawn; of more, so many evenly chosen ones with the lowest and the highest."""

LEAST_REACH = 10.0
"""Colours reach at least so many percentage points, so that noise alone looks pale."""

Chosen = tuple[dict[str, object], pd.DataFrame]
"""A row of the ranking and its points."""


@dataclass(frozen=True)
class SurfacePanel:
    """The synergy of one pair over its doses."""

    name: str
    about: str
    drawing: Markup


@dataclass(frozen=True)
class SlicedPanel:
    """The synergy of three compounds: a dose of the third with the surface of the other two there, and what was left out."""

    name: str
    about: str
    slices: tuple[tuple[str, Markup], ...]
    statement: str


@dataclass(frozen=True)
class SynergySurfaces:
    """What is drawn, all on one scale of colours, which are fullest at ``reach``."""

    pairs: tuple[SurfacePanel, ...]
    triples: tuple[SlicedPanel, ...]
    reach: float


def synergy_surfaces(results: Results, model: str, ranked: pd.DataFrame) -> SynergySurfaces:
    """Draw the first pairs and the first triples of the ranking by ``model``."""
    points = results.surfaces[results.surfaces["model"] == model]
    third = points["dose_3"].notna()
    pairs = _chosen(points[~third], ranked, MOST_SURFACES)
    triples = _chosen(points[third], ranked, MOST_SLICED)
    drawn = [own for _, own in (*pairs, *triples)]
    sizes = sorted(abs(float(value)) for own in drawn for value in own["synergy"] if math.isfinite(float(value)))
    reach = max(LEAST_REACH, sizes[int(0.95 * (len(sizes) - 1))]) if sizes else LEAST_REACH
    return SynergySurfaces(
        tuple(_panel(row, own, reach) for row, own in pairs), tuple(_sliced(row, own, reach) for row, own in triples), reach
    )


def _chosen(points: pd.DataFrame, ranked: pd.DataFrame, most: int) -> list[Chosen]:
    chosen: list[Chosen] = []
    for row in records(ranked):
        own = points[(points["drugs"] == row["drugs"]) & (points["group"] == row["group"])]
        if len(own) and len(chosen) < most:
            chosen.append((row, own))
    return chosen


def _panel(row: dict[str, object], own: pd.DataFrame, reach: float) -> SurfacePanel:
    first, second = text_of(row["drugs"]).split(" + ", 1)
    drawing = _surface(row, own, own, reach, (first, second), "")
    return SurfacePanel(say("{first} and {second}", first=first, second=second), _about(row), drawing)


def _sliced(row: dict[str, object], own: pd.DataFrame, reach: float) -> SlicedPanel:
    """Cut the surface at each dose of the third compound; every slice has the same doses of the other two."""
    names = text_of(row["drugs"]).split(" + ")
    unit = text_of(own["unit_3"].iloc[0])
    ladder = sorted({float(value) for value in own["dose_3"]})
    shown = ladder if len(ladder) <= MOST_SLICES else [ladder[at] for at in _spread(len(ladder))]
    slices = []
    for value in shown:
        told = f"{names[2]} {dose(value, unit)}" if value else say("without {compound}", compound=names[2])
        drawing = _surface(row, own, own[own["dose_3"].astype(float) == value], reach, (names[0], names[1]), told)
        slices.append((told, drawing))
    left_out = len(ladder) - len(shown)
    statement = say("{n} doses of {compound} are not drawn.", n=left_out, compound=names[2]) if left_out else ""
    return SlicedPanel(listed(names), _about(row), tuple(slices), statement)


def _spread(n: int) -> list[int]:
    return [int(at) for at in np.linspace(0, n - 1, MOST_SLICES).round()]


def _about(row: dict[str, object]) -> str:
    score = say("score {score}", score=fixed(row["score"], 1))
    return " · ".join(part for part in (text_of(row["group"]), score, say(text_of(row["call"]))) if part)


def _surface(
    row: dict[str, object], whole: pd.DataFrame, own: pd.DataFrame, reach: float, names: tuple[str, str], told: str
) -> Markup:
    """Draw the points ``own`` on the doses that ``whole`` has of the first two compounds."""
    ladders = [sorted({float(value) for value in whole[f"dose_{place}"]}) for place in (1, 2)]
    units = [text_of(whole[f"unit_{place}"].iloc[0]) for place in (1, 2)]
    places = [{value: at for at, value in enumerate(ladder)} for ladder in ladders]
    points = {}
    for point in records(own):
        at = (places[0][float(str(point["dose_1"]))], places[1][float(str(point["dose_2"]))])
        points[at] = _point(point, names, units, told)
    axes = [_axis(name, ladder, unit) for name, ladder, unit in zip(names, ladders, units, strict=True)]
    said = say("score {score}, {call}", score=fixed(row["score"], 1), call=say(text_of(row["call"])))
    return synergy_surface(
        points, (axes[0][1], axes[1][1]), (axes[0][0], axes[1][0]), reach, description=f"{told}; {said}" if told else said
    )


def _point(point: dict[str, object], names: tuple[str, str], units: list[str], told: str) -> SynergyPoint:
    value = float(str(point["synergy"]))
    low, high = real(point["synergy_low"]), real(point["synergy_high"])
    known = low is not None and high is not None
    parts = [f"{name} {dose(point[f'dose_{place}'], units[place - 1])}" for place, name in enumerate(names, start=1)]
    parts += [told] if told else []
    parts += [
        say("measured {response} % inhibition", response=fixed(point["response"], 1)),
        say("expected {expected}", expected=fixed(point["expected"], 1)),
    ]
    parts.append(say("synergy {value}", value=fixed(value, 1)) + (f" ({span(fixed(low, 1), fixed(high, 1))})" if known else ""))
    return SynergyPoint(value, known and (low or 0.0) * (high or 0.0) > 0, " · ".join(parts))


def _axis(name: str, ladder: list[float], unit: str) -> tuple[str, list[str]]:
    """Return an axis' name with its unit and the labels of its doses, in nM where µM would need many zeros."""
    if unit == "uM" and ladder[-1] < 1.0:
        return f"{name}, nM", [short(1000.0 * value, 3) for value in ladder]
    return f"{name}, {label(unit)}", [short(value, 3) for value in ladder]
