"""An effect and its confidence interval as a dot on a line, all rows of a table on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coculture.report import svg
from coculture.report.language import say
from coculture.report.scales import LinearScale, padded

WIDTH, HEIGHT = 150.0, 16.0


@dataclass(frozen=True)
class Effect:
    """An effect with its interval; the ends are None where they are not known."""

    value: float
    low: float | None
    high: float | None
    hit: bool


def shared_scale(effects: Sequence[Effect]) -> LinearScale:
    """Return a scale that holds zero, every effect and every interval that is not absurdly wide."""
    centres = [effect.value for effect in effects] or [0.0]
    low, high = min(0.0, *centres), max(0.0, *centres)
    reach = (high - low) or 1.0
    ends = [end for effect in effects for end in (effect.low, effect.high) if end is not None]
    low = max(min([low, *ends]), low - reach / 2)
    high = min(max([high, *ends]), high + reach / 2)
    return LinearScale(*padded(low, high, 0.04), 4, WIDTH - 4, 3)


def effect_interval(effect: Effect, scale: LinearScale, label: str) -> Markup:
    """Draw one row; an interval that leaves the scale is cut at its edge."""
    middle = HEIGHT / 2
    parts = [svg.line(scale(0.0), 0, scale(0.0), HEIGHT, "zero")]
    if effect.low is not None and effect.high is not None:
        start, end = max(scale(effect.low), 1), min(scale(effect.high), WIDTH - 1)
        parts.append(svg.line(start, middle, end, middle, "bar"))
    parts.append(svg.element("circle", cx=min(max(scale(effect.value), 3), WIDTH - 3), cy=middle, r=3.4, class_="dot"))
    return svg.drawing(parts, WIDTH, HEIGHT, title=label, class_=f"interval {'is-hit' if effect.hit else 'no-hit'}")


def interval_axis(scale: LinearScale) -> Markup:
    """Draw the ticks of the shared scale for the table's head, those that have room for their text."""
    parts = []
    for tick in scale.ticks():
        x, half = scale(tick.value), 2.8 * len(tick.label)
        if half <= x <= WIDTH - half:
            parts += [svg.line(x, 12, x, 16, "rule"), svg.text(x, 9, tick.label, "tick", "middle")]
    return svg.drawing(parts, WIDTH, HEIGHT, title=say("Scale of the effects"), class_="interval axis")
