"""Heat map of one plate: a square a well, coloured by its value, marked by its role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coculture.report import svg
from coculture.report.colours import colour, is_dark
from coculture.report.language import say
from coculture.report.scales import LinearScale
from coculture.report.words.numbers import significant

MARKED = ("negative", "positive", "reference", "untreated")
"""Roles with a mark inside the well."""


@dataclass(frozen=True)
class MappedWell:
    """One well to draw.

    Attributes
    ----------
    row, column : place on the plate, from 0.
    role : the well's role.
    value : what its colour says; None where it was not measured.
    title : what a reader is told on pointing at it.
    failed : whether the well was meant to be measured and could not be.
    link : where a click on it leads, '' where nowhere.
    """

    row: int
    column: int
    role: str
    value: float | None
    title: str
    failed: bool = False
    link: str = ""


@dataclass(frozen=True)
class ColourRange:
    """The values at the two ends of the colour scale, shared by every plate of a read-out."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """Return where ``value`` lies between the ends, 0.5 where they are equal."""
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5


def plate_map(
    wells: Sequence[MappedWell], rows: int, columns: int, colours: ColourRange, *, title: str, description: str
) -> Markup:
    """Draw the plate; row letters on the left, column numbers on top."""
    size = 34 if columns <= 12 else 21 if columns <= 24 else 13
    left, top = 22, 18
    parts = [_frame(rows, columns, size, left, top)]
    for well in wells:
        drawn = _well(well, left + well.column * size, top + well.row * size, size, colours)
        parts.append(svg.element("a", drawn, href=well.link, aria_label=well.title) if well.link else drawn)
    width, height = left + columns * size + 2, top + rows * size + 2
    role = "group" if any(well.link for well in wells) else "img"
    return svg.drawing(parts, width, height, title=title, description=description, class_="plate", role=role)


def colour_bar(colours: ColourRange, label: str, marks: Sequence[tuple[str, float]] = ()) -> Markup:
    """Draw the colour scale with ticks, and the medians of the control roles in ``marks`` (role, value) above it."""
    left, width, steps = 14.0, 260.0, 52
    scale = LinearScale(colours.low, colours.high, left, left + width)
    step = width / steps
    parts = [
        svg.element("rect", x=left + i * step, y=14, width=step + 0.4, height=9, fill=colour((i + 0.5) / steps))
        for i in range(steps)
    ]
    for role, value in marks:
        place = min(max(scale(value), left), left + width)
        parts.append(
            svg.marker(role, place, 7, say("median of the {role} controls: {value}", role=say(role), value=significant(value)))
        )
    parts.append(svg.bottom_axis(scale, 23, ""))
    return svg.drawing(
        parts, width + 28, 40, title=say("Colour scale: {label}", label=label), description=_ends(colours), class_="colour-bar"
    )


def _frame(rows: int, columns: int, size: float, left: float, top: float) -> Markup:
    every = 1 if columns <= 24 else 2
    names = [svg.text(left + (c + 0.5) * size, top - 6, str(c + 1), "tick", "middle") for c in range(columns) if c % every == 0]
    names += [svg.text(left - 6, top + (r + 0.5) * size + 4, row_name(r), "tick", "end") for r in range(rows) if r % every == 0]
    return svg.group(names, class_="axis")


def row_name(row: int) -> str:
    """Return the letters of a row counted from 0: A … Z, AA …."""
    return (chr(64 + row // 26) if row >= 26 else "") + chr(65 + row % 26)


def _well(well: MappedWell, x: float, y: float, size: float, colours: ColourRange) -> Markup:
    gap = 1.5 if size > 14 else 0.75
    edge = size - 2 * gap
    tip = svg.element("title", well.title)
    if well.value is None:
        class_ = "well well-failed" if well.failed else "well well-missing"
        box = svg.element("rect", x=x + gap, y=y + gap, width=edge, height=edge, rx=edge / 9, class_=class_)
        return svg.group([tip, box, *(_cross(x, y, size) if well.failed else ())])
    share = colours.share(well.value)
    box = svg.element(
        "rect",
        *(() if well.role in (*MARKED, "blank") else (tip,)),
        x=x + gap,
        y=y + gap,
        width=edge,
        height=edge,
        rx=edge / 9,
        fill=colour(share),
        class_="well",
    )
    if well.role == "blank":
        return svg.group([tip, box, _hatch(x, y, size, share)])
    if well.role not in MARKED:
        return box
    ink = "on-dark" if is_dark(share) else "on-light"
    return svg.group([tip, box, svg.marker(well.role, x + size / 2, y + size / 2, size=max(size / 9, 1.6))], class_=ink)


def _cross(x: float, y: float, size: float) -> tuple[Markup, Markup]:
    a, b = size * 0.3, size * 0.7
    return svg.line(x + a, y + a, x + b, y + b, "cross"), svg.line(x + a, y + b, x + b, y + a, "cross")


def _hatch(x: float, y: float, size: float, share: float) -> Markup:
    lines = [svg.line(x + size * a, y + size * 0.85, x + size * 0.85, y + size * a, "hatch") for a in (0.15, 0.4, 0.62)]
    return svg.group(lines, class_="on-dark" if is_dark(share) else "on-light")


def _ends(colours: ColourRange) -> str:
    return say("from {low} (dark violet) to {high} (yellow)", low=significant(colours.low), high=significant(colours.high))
