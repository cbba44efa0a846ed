"""Colours that run to both sides of nothing: the paper's own at 0, one hue above, another below."""

from __future__ import annotations

from markupsafe import Markup

from coculture.report import svg
from coculture.report.language import say
from coculture.report.scales import LinearScale
from coculture.report.words.numbers import significant


def strength(value: float, reach: float) -> float:
    """Return how strongly the colour of ``value`` is laid on, 0 at nothing to 1 at ``reach`` and beyond."""
    return min(abs(value) / reach, 1.0) if reach > 0 else 0.0


def coloured(value: float, reach: float, x: float, y: float, width: float, height: float, rx: float | None = None) -> Markup:
    """Draw a piece in the colour of ``value``: the paper's own at 0, so that it reads by day and by night."""
    class_ = "above" if value > 0 else "below"
    return svg.element("rect", x=x, y=y, width=width, height=height, rx=rx, class_=class_, fill_opacity=strength(value, reach))


def ink(value: float, reach: float) -> str:
    """Name how dark the ground of a number is; the style sheet gives the ink that reads on it."""
    share = strength(value, reach)
    return "on-strong" if share > 0.78 else "on-middle" if share > 0.62 else "on-pale"


def two_sided_bar(reach: float, below: str, above: str, title: str) -> Markup:
    """Draw the scale of the colours from −``reach`` over 0 to ``reach``, with what its two ends mean."""
    left, width, steps = 16.0, 300.0, 60
    scale = LinearScale(-reach, reach, left, left + width)
    step = width / steps
    parts = []
    for i in range(steps):
        value = -reach + (i + 0.5) * 2 * reach / steps
        parts.append(coloured(value, reach, left + i * step, 16, step, 9))
    parts += [
        svg.text(left, 10, below, "tick", "start"),
        svg.text(left + width, 10, above, "tick", "end"),
        svg.bottom_axis(scale, 25, ""),
    ]
    spoken = say("from {low} over 0 to {high}", low=significant(-reach), high=significant(reach))
    return svg.drawing(parts, width + 32, 44, title=title, description=spoken, class_="colour-bar")
