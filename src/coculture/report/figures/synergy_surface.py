"""What two compounds do beyond the expected at every pair of doses: a square a pair, coloured and numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coculture.report import svg
from coculture.report.figures.two_sided import coloured, ink, two_sided_bar
from coculture.report.language import say
from coculture.report.words.numbers import fixed

SIZE = 44.0
_LETTER = 6.2


@dataclass(frozen=True)
class SynergyPoint:
    """Synergy in percent at one pair of doses; ``title`` is what a reader is told on pointing at it."""

    synergy: float
    sure: bool
    title: str


def synergy_surface(
    points: Mapping[tuple[int, int], SynergyPoint],
    doses: tuple[Sequence[str], Sequence[str]],
    names: tuple[str, str],
    reach: float,
    *,
    description: str,
) -> Markup:
    """Draw the surface: doses of the first compound rise upwards, of the second to the right.

    A number in bold has an interval that does not hold 0. ``doses`` are the labels of both axes, ``reach`` the synergy at
    which colours are fullest.
    """
    down, across = doses
    left = 20 + _LETTER * max(len(label) for label in down)
    top = 22.0
    bottom = top + SIZE * len(down)
    parts = [svg.text(0, 12, names[0], "axis-label")]
    for row, label in enumerate(down):
        parts.append(svg.text(left - 6, bottom - (row + 0.5) * SIZE + 4, label, "tick", "end"))
    for column, label in enumerate(across):
        parts.append(svg.text(left + (column + 0.5) * SIZE, bottom + 14, label, "tick", "middle"))
    parts.append(svg.text(left + len(across) * SIZE, bottom + 31, names[1], "axis-label", "end"))
    for (row, column), point in points.items():
        parts.append(_square(point, left + column * SIZE, bottom - (row + 1) * SIZE, reach))
    width = max(left + len(across) * SIZE + 4, left + _LETTER * len(names[1]))
    title = say("Synergy of {first} and {second} over their doses", first=names[0], second=names[1])
    return svg.drawing(parts, width, bottom + 38, title=title, description=description, class_="synergy-surface")


def synergy_bar(reach: float) -> Markup:
    """Draw the scale of the colours."""
    return two_sided_bar(reach, say("antagonism, percentage points"), say("synergy"), say("Colour scale: synergy"))


def _square(point: SynergyPoint, x: float, y: float, reach: float) -> Markup:
    parts = [
        svg.element("title", point.title),
        coloured(point.synergy, reach, x + 1, y + 1, SIZE - 2, SIZE - 2, rx=3),
        svg.text(x + SIZE / 2, y + SIZE / 2 + 4, fixed(point.synergy, 0), "sure" if point.sure else "", "middle"),
    ]
    return svg.group(parts, class_=f"pair {ink(point.synergy, reach)}")
