"""Estimates with their intervals, one row a name, those told apart from noise as filled marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coculture.report import svg
from coculture.report.scales import LinearScale, LogScale, Scale, padded

WIDTH, ROW = 640.0, 24.0
LONGEST_NAME = 30
"""Letters of a name that are written; the rest is told on pointing at its mark."""

_LETTER, _TOP, _RIGHT = 6.4, 34.0, 628.0
_WIDE = "\u2e80"
"""From here on a letter is about twice as wide: Chinese."""


@dataclass(frozen=True)
class Estimate:
    """One mark: a value, its interval (None where not known), whether it is told apart from noise, and its tool tip."""

    value: float
    low: float | None
    high: float | None
    sure: bool
    title: str


@dataclass(frozen=True)
class RankedRow:
    """One name and what is estimated of it, one a series; None where a series has nothing of it."""

    name: str
    estimates: Sequence[Estimate | None]


@dataclass(frozen=True)
class Reference:
    """An upright line to compare with, and what it is."""

    value: float
    name: str


def ranked_intervals(
    rows: Sequence[RankedRow],
    axis: str,
    *,
    title: str,
    description: str,
    reference: Reference | None = None,
    most: float | None = None,
) -> Markup:
    """Draw the rows from top to bottom; up to two series stand one above the other in a row, as discs and diamonds.

    Parameters
    ----------
    rows : in the order they are drawn.
    axis : what is estimated.
    reference : a value to compare with.
    most : the highest rank there is: the axis then runs logarithmically from 1 to it, else evenly, and holds 0.
    """
    left = 20 + _LETTER * max(_room(row.name) for row in rows)
    bottom = _TOP + ROW * len(rows) + 4
    scale = _scale(rows, reference, left, most)
    parts = [svg.bottom_axis(scale, bottom, axis)]
    if most is None:
        parts.append(svg.line(scale(0.0), _TOP - 6, scale(0.0), bottom, "zero"))
    if reference is not None:
        x = scale(reference.value)
        anchor = "end" if x > (left + _RIGHT) / 2 else "start"
        parts.append(svg.line(x, _TOP - 6, x, bottom, "border"))
        parts.append(svg.text(x, _TOP - 12, reference.name, "tick", anchor))
    for place, row in enumerate(rows):
        y = _TOP + (place + 0.5) * ROW
        tip = (svg.element("title", row.name),) if shortened(row.name) != row.name else ()
        parts.append(svg.element("text", *tip, shortened(row.name), x=left - 8, y=y + 4, text_anchor="end"))
        parts += _marks(row.estimates, y, scale)
    return svg.drawing(parts, WIDTH, bottom + 40, title=title, description=description, class_="ranked")


def estimate_mark(series: int, x: float, y: float, title: str = "") -> Markup:
    """Return the mark of a series: a disc, or a diamond."""
    tip = (svg.element("title", title),) if title else ()
    if series == 0:
        return svg.element("circle", *tip, cx=x, cy=y, r=4, class_="estimate")
    corners = f"M{svg.number(x)} {svg.number(y - 4.8)}l4.8 4.8l-4.8 4.8l-4.8 -4.8z"
    return svg.element("path", *tip, d=corners, class_="estimate")


def shortened(name: str) -> str:
    """Return a name as far as there is room for it."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _room(name: str) -> int:
    return sum(2 if letter >= _WIDE else 1 for letter in shortened(name))


def _scale(rows: Sequence[RankedRow], reference: Reference | None, left: float, most: float | None) -> Scale:
    """Return the axis: it holds every estimate, the reference, and intervals that are not absurdly wide."""
    if most is not None:
        return LogScale(0.9, max(most, 2.0) * 1.05, left, _RIGHT)
    known = [one for row in rows for one in row.estimates if one is not None]
    values = [0.0, *(one.value for one in known), *([] if reference is None else [reference.value])]
    low, high = min(values), max(values)
    reach = (high - low) or 1.0
    ends = [end for one in known for end in (one.low, one.high) if end is not None]
    low, high = max(min([low, *ends]), low - reach / 2), min(max([high, *ends]), high + reach / 2)
    return LinearScale(*padded(low, high, 0.04), left, _RIGHT, 7)


def _marks(estimates: Sequence[Estimate | None], y: float, scale: Scale) -> list[Markup]:
    parts = []
    for series, one in enumerate(estimates):
        if one is None:
            continue
        level = y + (series - (len(estimates) - 1) / 2) * 9.0
        marks = []
        if one.low is not None and one.high is not None:
            start, end = (min(max(scale(value), scale.start), scale.end) for value in (one.low, one.high))
            marks.append(svg.line(start, level, end, level, "bar"))
        marks.append(estimate_mark(series, scale(one.value), level, one.title))
        parts.append(svg.group(marks, class_=f"series-{series} {'sure' if one.sure else 'unsure'}"))
    return parts
