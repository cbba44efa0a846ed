"""Names beside points, as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coculture.report import svg

_LETTER, _LINE, _GAP, _MARK = 5.9, 12.0, 8.0, 5.0

Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a rectangle."""


@dataclass(frozen=True)
class Named:
    """A point and its name."""

    x: float
    y: float
    name: str


def point_names(
    named: Sequence[Named], taken: Sequence[tuple[float, float]], frame: Box, *, written: Sequence[Box] = (), most: int = 14
) -> Markup:
    """Write the names of the first points, each right, left, above or below of its point, where it hides nothing.

    Parameters
    ----------
    named : the points, those that matter most first; one that has no free place goes without a name.
    taken : the points that must not be written over.
    frame : what the names must stay in.
    written : where text stands already.
    most : names that are written.
    """
    marks = [_mark(x, y) for x, y in taken]
    filled = list(written)
    parts: list[Markup] = []
    for one in named:
        if len(parts) >= most:
            break
        for x, y, anchor in _places(one):
            box = text_box(x, y, anchor, one.name)
            own = _mark(one.x, one.y)
            free = not _crossed(box, [*filled, *(mark for mark in marks if mark != own)])
            if free and _inside(box, frame):
                filled.append(box)
                parts.append(svg.text(x, y, one.name, "point-name", anchor))
                break
    return svg.group(parts)


def _places(one: Named) -> tuple[tuple[float, float, str], ...]:
    """Return right and left of the point, above and below the level bar that may cross it."""
    above, below = one.y - _GAP + 2, one.y + _GAP + 5
    return (
        (one.x + _GAP - 2, above, "start"),
        (one.x - _GAP + 2, above, "end"),
        (one.x + _GAP - 2, below, "start"),
        (one.x - _GAP + 2, below, "end"),
    )


def text_box(x: float, y: float, anchor: str, name: str) -> Box:
    """Return the room a name takes at a place."""
    width = _LETTER * len(name)
    left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
    return left, y - _LINE + 3, left + width, y + 3


def freest(
    places: Sequence[tuple[float, float, str]], name: str, taken: Sequence[tuple[float, float]]
) -> tuple[float, float, str]:
    """Return the first of the ``places`` (x, y, anchor) where ``name`` hides the fewest of the points ``taken``."""
    marks = [_mark(x, y) for x, y in taken]
    return min(places, key=lambda place: _crossed(text_box(place[0], place[1], place[2], name), marks))


def _mark(x: float, y: float) -> Box:
    return x - _MARK, y - _MARK, x + _MARK, y + _MARK


def _crossed(box: Box, others: Sequence[Box]) -> int:
    return sum(_overlap(box, other) for other in others)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _inside(box: Box, frame: Box) -> bool:
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]
