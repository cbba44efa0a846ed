"""Dose-response of one compound: the wells, the controls, the fitted curve with its band, and the EC50."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from coculture.report import svg
from coculture.report.figures.swarm import swarm
from coculture.report.language import say
from coculture.report.scales import LinearScale, LogScale, Scale, padded

WIDTH, HEIGHT = 340.0, 252.0
_LEFT, _CONTROLS, _RIGHT, _TOP, _BOTTOM = 40.0, 80.0, 332.0, 26.0, 208.0


@dataclass(frozen=True)
class DosePoint:
    """One well, or the middle of many: a dose and a value, with the middle half of the wells where it stands for many.

    ``role`` is set for a control that was given this compound; it carries its own mark and is no part of the fit.
    """

    dose: float
    value: float
    title: str
    low: float | None = None
    high: float | None = None
    role: str = ""


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
    """What one panel shows.

    Attributes
    ----------
    series : the arms of the screen.
    controls : role → the controls that stand left of the lowest dose.
    levels : role → the value drawn across as a line.
    logarithmic : whether doses are spaced by their ratio; a series of steps is not.
    dose_label, value_label : what the axes say.
    """

    series: Sequence[DoseSeries]
    controls: Mapping[str, Sequence[DosePoint]] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    logarithmic: bool = True
    dose_label: str = ""
    value_label: str = ""


def dose_curve(panel: DosePanel, values: tuple[float, float], *, title: str, description: str) -> Markup:
    """Draw the panel; ``values`` are the ends of the value axis, shared by the panels of a read-out."""
    down = LinearScale(*padded(*values), _BOTTOM, _TOP)
    along = _dose_scale(panel)
    parts = [svg.left_axis(down, _LEFT, _RIGHT, panel.value_label), svg.bottom_axis(along, _BOTTOM, panel.dose_label)]
    for role, value in sorted(panel.levels.items()):
        parts.append(svg.line(_LEFT, _clipped(down(value)), _RIGHT, _clipped(down(value)), f"level level-{role}"))
    parts += _controls(panel.controls, down)
    for index, series in enumerate(panel.series):
        shift = (index - (len(panel.series) - 1) / 2) * 5.0
        parts.append(svg.group(_series(series, along, down, shift), class_=f"series series-{index % 4}"))
    return svg.drawing(parts, WIDTH, HEIGHT, title=title, description=description, class_="dose")


def _dose_scale(panel: DosePanel) -> Scale:
    doses = [point.dose for series in panel.series for point in series.points if point.dose > 0 or not panel.logarithmic]
    doses = doses or [1.0]
    low, high = min(doses), max(doses)
    if panel.logarithmic:
        return LogScale(low / 1.25, high * 1.25, _CONTROLS, _RIGHT)
    return LinearScale(low - 0.4, high + 0.4, _CONTROLS, _RIGHT, wanted=min(10, max(2, int(high - low))))


def _controls(controls: Mapping[str, Sequence[DosePoint]], down: LinearScale) -> list[Markup]:
    """Draw the control wells left of the lowest dose."""
    parts = []
    for index, (role, points) in enumerate(sorted(controls.items())):
        x = _LEFT + 9 + index * 17
        offsets = swarm([down(point.value) for point in points], 7.5, 4.4)
        for offset, point in zip(offsets, points, strict=True):
            if point.low is not None and point.high is not None:
                parts.append(svg.line(x, down(point.low), x, down(point.high), f"whisker whisker-{role}"))
            parts.append(svg.marker(role, x + offset, _clipped(down(point.value)), point.title, 2.3))
    if parts:
        parts.append(svg.line(_CONTROLS - 6, _BOTTOM, _CONTROLS - 6, _TOP, "split"))
        parts.append(svg.text((_LEFT + _CONTROLS - 6) / 2, _BOTTOM + 15, say("ctrl"), "tick", "middle"))
    return parts


def _series(series: DoseSeries, along: Scale, down: LinearScale, shift: float) -> list[Markup]:
    """Draw one arm; ``shift`` moves its marks sideways so that arms do not hide each other."""
    parts = [_half_effect(series, along)]
    if series.band:
        upper = [(along(dose), _clipped(down(high))) for dose, _, high in series.band]
        lower = [(along(dose), _clipped(down(low))) for dose, low, _ in series.band]
        parts.append(svg.path(upper + lower[::-1], "band", closed=True))
    parts.append(svg.path([(along(dose), _clipped(down(value))) for dose, value in series.curve], "curve"))
    if not series.curve and series.points and series.points[0].low is not None:
        middles = [(along(p.dose) + shift, _clipped(down(p.value))) for p in series.points if p.dose > 0]
        parts.append(svg.path(middles, "joined"))
    for point in series.points:
        if isinstance(along, LogScale) and point.dose <= 0:
            continue
        x = along(point.dose) + shift
        if point.low is not None and point.high is not None:
            parts.append(svg.line(x, down(point.low), x, down(point.high), "whisker"))
        if point.role:
            parts.append(svg.marker(point.role, x, down(point.value), point.title, 2.6))
            continue
        parts.append(_point(x, _clipped(down(point.value)), point.title, square=shift > 0))
    return parts


def _point(x: float, y: float, title: str, *, square: bool) -> Markup:
    """Draw a well; squares tell a second arm apart without colour."""
    tip = svg.element("title", title)
    if square:
        return svg.element("rect", tip, x=x - 2.7, y=y - 2.7, width=5.4, height=5.4, class_="point")
    return svg.element("circle", tip, cx=x, cy=y, r=2.9, class_="point")


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
