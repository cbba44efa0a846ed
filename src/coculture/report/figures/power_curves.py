"""Detection power against one thing that is varied: one line a series, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coculture.report import svg
from coculture.report.language import say
from coculture.report.scales import LinearScale

WIDTH, HEIGHT = 340.0, 252.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 332.0, 26.0, 200.0
ENOUGH_PERCENT = 80.0


@dataclass(frozen=True)
class PowerPoint:
    """One drawn kind of screen: where it stands along the axis, and its power and interval, in per cent."""

    along: float
    power: float
    low: float
    high: float
    title: str


@dataclass(frozen=True)
class PowerSeries:
    """Points that are joined, and what they are called."""

    name: str
    points: Sequence[PowerPoint]


def power_curves(
    series: Sequence[PowerSeries], places: Sequence[float], labels: Sequence[str], along: str, *, title: str, description: str
) -> Markup:
    """Draw the series; places along the axis stand at equal distances, in the order of ``places``, each with its label."""
    at = {place: number for number, place in enumerate(places)}
    down = LinearScale(0.0, 100.0, _BOTTOM, _TOP)
    across = LinearScale(-0.4, len(places) - 0.6, _LEFT, _RIGHT)
    parts = [svg.left_axis(down, _LEFT, _RIGHT, say("power, %")), svg.line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, "rule")]
    enough = svg.line(_LEFT, down(ENOUGH_PERCENT), _RIGHT, down(ENOUGH_PERCENT), "half")
    parts.append(svg.group([enough], class_="series series-2"))
    for number, label in enumerate(labels):
        parts.append(svg.text(across(number), _BOTTOM + 15, label, "tick", "middle"))
    parts.append(svg.text((_LEFT + _RIGHT) / 2, _BOTTOM + 32, along, "axis-label", "middle"))
    for index, one in enumerate(series):
        shift = (index - (len(series) - 1) / 2) * 5.0
        drawn = [(across(at[point.along]) + shift, down(point.power), point) for point in one.points]
        marks = [svg.path([(x, y) for x, y, _ in drawn], "curve")]
        for x, y, point in drawn:
            marks.append(svg.line(x, down(point.low), x, down(point.high), "whisker"))
            marks.append(svg.element("circle", svg.element("title", point.title), cx=x, cy=y, r=2.9, class_="point"))
        parts.append(svg.group(marks, class_=f"series series-{index % 4}"))
    return svg.drawing(parts, WIDTH, HEIGHT, title=title, description=description, class_="power")
