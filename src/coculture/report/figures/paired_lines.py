"""Each donor as one line from one condition to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from markupsafe import Markup

from coculture.report import svg
from coculture.report.language import say
from coculture.report.scales import LinearScale, padded

WIDTH, HEIGHT = 300.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 288.0, 14.0, 264.0
_FROM, _TO = 110.0, 240.0
MOST_LINES = 400
"""Donors beyond which only the first are drawn."""


@dataclass(frozen=True)
class Pair:
    """One donor's mean in the reference and in the tested condition; ``name`` is shown on pointing at its line."""

    name: str
    reference: float
    tested: float


def paired_lines(pairs: Sequence[Pair], conditions: tuple[str, str], axis: str, *, title: str) -> Markup:
    """Draw every donor's line, those that rise told apart from those that fall, and the median of each condition."""
    values = [value for pair in pairs for value in (pair.reference, pair.tested)]
    up = LinearScale(*padded(min(values), max(values), 0.04), _BOTTOM, _TOP)
    parts = [svg.left_axis(up, _LEFT, _RIGHT, axis)]
    parts += [_line(pair, up) for pair in pairs[:MOST_LINES]]
    for x, name, middle in (
        (_FROM, conditions[0], median(pair.reference for pair in pairs)),
        (_TO, conditions[1], median(pair.tested for pair in pairs)),
    ):
        parts += [svg.line(x - 16, up(middle), x + 16, up(middle), "median"), svg.text(x, _BOTTOM + 20, name, "label", "middle")]
    rising = sum(pair.tested > pair.reference for pair in pairs)
    told = say(
        "{rising} of {n} rise from {reference} to {tested}",
        rising=rising,
        n=len(pairs),
        reference=conditions[0],
        tested=conditions[1],
    )
    return svg.drawing(parts, WIDTH, HEIGHT, title=title, description=told, class_="pairs")


def _line(pair: Pair, up: LinearScale) -> Markup:
    side = "rises" if pair.tested > pair.reference else "falls"
    tip = svg.element("title", pair.name)
    drawn = svg.line(_FROM, up(pair.reference), _TO, up(pair.tested), f"pair {side}")
    ends = [
        svg.element("circle", cx=x, cy=up(value), r=1.6, class_=f"pair-end {side}")
        for x, value in ((_FROM, pair.reference), (_TO, pair.tested))
    ]
    return svg.group([tip, drawn, *ends])
