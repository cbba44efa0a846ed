"""Mean squared displacement against the lag, on logarithmic axes: what was seen, and the fitted persistent random walk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coculture.report import svg
from coculture.report.language import say
from coculture.report.scales import LogScale

WIDTH, HEIGHT = 430.0, 330.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 420.0, 28.0, 286.0


@dataclass(frozen=True)
class LagPoint:
    """One lag: minutes, µm², the limits (None where not known), and what a reader is told on pointing at it."""

    lag_min: float
    msd_um2: float
    low: float | None
    high: float | None
    title: str


@dataclass(frozen=True)
class LagSeries:
    """One treatment: the class of its colour and shape, what was seen, and (lag, µm²) along the fit, empty without one."""

    key: str
    points: Sequence[LagPoint]
    fit: Sequence[tuple[float, float]] = ()


SHAPES = {"negative": "ring", "positive": "triangle", "first": "disc", "second": "square", "third": "diamond", "fourth": "ring"}
"""Shape of each key; its colour is the style sheet's."""


def displacement_curves(series: Sequence[LagSeries], *, title: str, description: str) -> Markup:
    """Draw the curves of one type of cells; on these axes a straight run rises twice as steeply as a random walk."""
    lags = [point.lag_min for one in series for point in one.points]
    values = [point.msd_um2 for one in series for point in one.points]
    across = LogScale(min(lags) * 0.85, max(lags) * 1.18, _LEFT, _RIGHT)
    up = LogScale(min(values) / 1.6, max(values) * 1.6, _BOTTOM, _TOP)
    parts = [
        svg.left_axis(up, _LEFT, _RIGHT, say("mean squared displacement, µm²")),
        svg.bottom_axis(across, _BOTTOM, say("lag, min")),
    ]
    parts.append(_slopes(across, up))
    parts += [svg.group(_series(one, across, up), class_=f"lag lag-{one.key}") for one in series]
    return svg.drawing(parts, WIDTH, HEIGHT, title=title, description=description, class_="lags")


def shape_mark(shape: str, x: float, y: float, title: str = "") -> Markup:
    """Return one of the shapes that tell treatments apart without colour."""
    tip = (svg.element("title", title),) if title else ()
    if shape == "triangle":
        return svg.element("path", *tip, d=f"M{svg.number(x)} {svg.number(y - 4)}l3.8 6.6h-7.6z", class_="seen")
    if shape == "square":
        return svg.element("rect", *tip, x=x - 2.9, y=y - 2.9, width=5.8, height=5.8, class_="seen")
    if shape == "diamond":
        return svg.element("path", *tip, d=f"M{svg.number(x)} {svg.number(y - 4.2)}l4.2 4.2l-4.2 4.2l-4.2 -4.2z", class_="seen")
    return svg.element("circle", *tip, cx=x, cy=y, r=3.2, class_="seen ring" if shape == "ring" else "seen")


def _series(one: LagSeries, across: LogScale, up: LogScale) -> list[Markup]:
    parts = [svg.path([(across(lag), _held(up(value))) for lag, value in one.fit if value > 0], "fit")]
    for point in one.points:
        x = across(point.lag_min)
        if point.low is not None and point.high is not None:
            low = up(point.low) if point.low > 0 else _BOTTOM
            parts.append(svg.line(x, _held(low), x, _held(up(point.high)), "whisker"))
        parts.append(shape_mark(SHAPES[one.key], x, up(point.msd_um2), point.title))
    return parts


def _slopes(across: LogScale, up: LogScale) -> Markup:
    """Draw in the lower right corner how steeply a straight run (∝ t²) and a random walk (∝ t) rise."""
    per_decade = (across.end - across.start) / math.log10(across.high / across.low)
    decade_up = (up.start - up.end) / math.log10(up.high / up.low)
    width = min(per_decade * 0.3, 62 / (2 * decade_up / per_decade))
    x, y = _RIGHT - 34 - width, _BOTTOM - 10
    parts = []
    for power, name in ((1, "∝ t"), (2, "∝ t²")):
        rise = power * width * decade_up / per_decade
        parts += [svg.line(x, y, x + width, y - rise, "slope"), svg.text(x + width + 4, y - rise + 4, name, "tick", "start")]
    return svg.group(parts)


def _held(y: float) -> float:
    return min(max(y, _TOP - 4), _BOTTOM)
