"""Dose-response of one compound: the wells, the controls, the fitted curve with its band, and the EC50."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from coculture.report import svg
from coculture.report.scales import LinearScale, LogScale, Scale, padded

WIDTH, HEIGHT = 340.0, 252.0
_LEFT, _CONTROLS, _RIGHT, _TOP, _BOTTOM = 58.0, 96.0, 330.0, 12.0, 206.0


@dataclass(frozen=True)
class DosePoint:
    """One well, or the middle of many: a dose and a value, with the middle half of the wells where it stands for many."""

    dose: float
    value: float
    title: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class DoseSeries:
    """One arm of the screen (or the only one).

    Attributes
    ----------
    name : the condition, '' where there is one arm.
    points : the wells.
    curve : (dose, value) along the fitted curve, empty where none was fitted.
    band : (dose, low, high) of the curve's 95 % confidence band, empty where not known.
    ec50, ec50_low, ec50_high : the half-effect dose and its interval, None where not known.
    """

    name: str
    points: Sequence[DosePoint]
    curve: Sequence[tuple[float, float]] = ()
    band: Sequence[tuple[float, float, float]] = ()
    ec50: float | None = None
    ec50_low: float | None = None
    ec50_high: float | None = None


@dataclass(frozen=True)
class DosePanel:
    """What one panel shows: the series, the controls' values by role, and the axes' labels."""

    series: Sequence[DoseSeries]
    controls: dict[str, list[float]] = field(default_factory=dict)
    logarithmic: bool = True
    dose_label: str = ""
    value_label: str = ""


def dose_curve(panel: DosePanel, values: tuple[float, float], *, title: str, description: str) -> Markup:
    """Draw the panel; ``values`` are the ends of the value axis, shared by the panels of a read-out."""
    down = LinearScale(*padded(*values), _BOTTOM, _TOP)
    along = _dose_scale(panel)
    parts = [svg.left_axis(down, _LEFT, _RIGHT, panel.value_label), svg.bottom_axis(along, _BOTTOM, panel.dose_label)]
    parts += _controls(panel.controls, down)
    for index, series in enumerate(panel.series):
        parts.append(svg.group(_series(series, along, down), class_=f"series series-{index % 4}"))
    if len(panel.series) > 1:
        parts.append(_key(panel.series))
    return svg.drawing(parts, WIDTH, HEIGHT, title=title, description=description, class_="dose")


def _dose_scale(panel: DosePanel) -> Scale:
    doses = [point.dose for series in panel.series for point in series.points if point.dose > 0 or not panel.logarithmic]
    doses = doses or [1.0]
    low, high = min(doses), max(doses)
    if panel.logarithmic:
        return LogScale(low / 1.25, high * 1.25, _CONTROLS, _RIGHT)
    return LinearScale(low - 0.4, high + 0.4, _CONTROLS, _RIGHT, wanted=min(10, max(2, int(high - low))))


def _controls(controls: dict[str, list[float]], down: LinearScale) -> list[Markup]:
    """Draw the control wells left of the lowest dose, and their median as a line across."""
    parts = []
    for index, (role, values) in enumerate(sorted(controls.items())):
        if not values:
            continue
        middle = sorted(values)[len(values) // 2]
        parts.append(svg.line(_LEFT, down(middle), _RIGHT, down(middle), f"level level-{role}"))
        x = _LEFT + 11 + index * 16
        for number, value in enumerate(values[:200]):
            parts.append(svg.marker(role, x + (number % 3 - 1) * 3.2, down(value), f"{role} control", 2.2))
    if parts:
        parts.append(svg.line(_CONTROLS - 6, _BOTTOM, _CONTROLS - 6, _TOP, "split"))
        parts.append(svg.text((_LEFT + _CONTROLS - 6) / 2, _BOTTOM + 15, "ctrl", "tick", "middle"))
    return parts


def _series(series: DoseSeries, along: Scale, down: LinearScale) -> list[Markup]:
    parts = [_half_effect(series, along)]
    if series.band:
        upper = [(along(dose), _clipped(down(high))) for dose, _, high in series.band]
        lower = [(along(dose), _clipped(down(low))) for dose, low, _ in series.band]
        parts.append(svg.path(upper + lower[::-1], "band", closed=True))
    parts.append(svg.path([(along(dose), _clipped(down(value))) for dose, value in series.curve], "curve"))
    for point in series.points:
        if isinstance(along, LogScale) and point.dose <= 0:
            continue
        x = along(point.dose)
        if point.low is not None and point.high is not None:
            parts.append(svg.line(x, down(point.low), x, down(point.high), "whisker"))
        parts.append(svg.element("circle", svg.element("title", point.title), cx=x, cy=down(point.value), r=2.9, class_="point"))
    return parts


def _half_effect(series: DoseSeries, along: Scale) -> Markup:
    """Mark the EC50 on the dose axis: a tick with its interval as a bar, cut where it leaves the axis."""
    if series.ec50 is None or not along.start <= along(series.ec50) <= along.end:
        return Markup("")
    parts = [svg.line(along(series.ec50), _TOP, along(series.ec50), _BOTTOM, "half")]
    if series.ec50_low is not None and series.ec50_high is not None and (series.ec50_low > 0 or isinstance(along, LinearScale)):
        start, end = max(along(series.ec50_low), along.start), min(along(series.ec50_high), along.end)
        if end > start:
            parts.append(svg.element("rect", x=start, y=_TOP, width=end - start, height=_BOTTOM - _TOP, class_="half-range"))
    return svg.join(parts)


def _clipped(y: float) -> float:
    return min(max(y, _TOP - 6), _BOTTOM + 6)


def _key(series: Sequence[DoseSeries]) -> Markup:
    parts = []
    for index, one in enumerate(series):
        y = _TOP + 4 + index * 14
        mark = svg.element("circle", cx=_RIGHT - 6, cy=y, r=3, class_="point")
        parts.append(
            svg.group([mark, svg.text(_RIGHT - 14, y + 3.5, one.name, "tick", "end")], class_=f"series series-{index % 4}")
        )
    return svg.group(parts)
