"""Directions of cells as a rose: how many tracks ended in which direction from where they began."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coculture.report import svg
from coculture.report.language import say
from coculture.report.words.numbers import count, percent

SECTORS = 16
SIDE = 184.0
_CENTRE, _RADIUS = SIDE / 2, 74.0


@dataclass(frozen=True)
class Directions:
    """Directions of tracks.

    Attributes
    ----------
    shares : of all tracks, the share in each of :data:`SECTORS` sectors; the first is centred on the right, and they go
        on clockwise as seen on the screen.
    n : number of tracks.
    mean_rad : mean direction, clockwise from the right; None where there is none.
    resultant : length of the mean of the unit vectors, 0 (all ways alike) to 1 (all the same way).
    wells : mean direction of each well by itself.
    """

    shares: Sequence[float]
    n: int
    mean_rad: float | None
    resultant: float
    wells: Sequence[float] = ()


def rose(directions: Directions, largest: float, role: str, *, title: str, description: str) -> Markup:
    """Draw the rose; a petal's *area* is its share, and ``largest`` the share that reaches the rim.

    Parameters
    ----------
    role : ``negative``, ``positive`` or ``hit``, for the colour.
    """
    parts = [_circle(_RADIUS, "rim"), *_spokes(), _circle(_reach(1 / SECTORS, largest), "even")]
    parts += [_petal(place, share, directions.n, largest) for place, share in enumerate(directions.shares) if share > 0]
    for angle in directions.wells:
        x, y = _at(angle, _RADIUS + 6)
        tip = svg.element("title", say("mean direction of one well"))
        parts.append(svg.element("circle", tip, cx=x, cy=y, r=2.6, class_="well-mean"))
    if directions.mean_rad is not None:
        parts.append(_arrow(directions.mean_rad, directions.resultant))
    return svg.drawing(parts, SIDE, SIDE, title=title, description=description, class_=f"rose rose-{role}")


def sector_of(angle_rad: float) -> int:
    """Return the sector of a direction."""
    return round(angle_rad / (2 * math.pi) * SECTORS) % SECTORS


def _reach(share: float, largest: float) -> float:
    return _RADIUS * math.sqrt(share / largest) if largest > 0 else 0.0


def _at(angle: float, radius: float) -> tuple[float, float]:
    return _CENTRE + radius * math.cos(angle), _CENTRE + radius * math.sin(angle)


def _circle(radius: float, class_: str) -> Markup:
    return svg.element("circle", cx=_CENTRE, cy=_CENTRE, r=radius, class_=class_)


def _spokes() -> list[Markup]:
    return [svg.line(*_at(turn, _RADIUS), *_at(turn + math.pi, _RADIUS), "grid") for turn in (0.0, math.pi / 2)]


def _petal(place: int, share: float, n: int, largest: float) -> Markup:
    radius = _reach(share, largest)
    half = math.pi / SECTORS * 0.94
    middle = 2 * math.pi * place / SECTORS
    (ax, ay), (bx, by) = _at(middle - half, radius), _at(middle + half, radius)
    r = svg.number(radius)
    start, end = f"{svg.number(ax)} {svg.number(ay)}", f"{svg.number(bx)} {svg.number(by)}"
    edge = f"M{svg.number(_CENTRE)} {svg.number(_CENTRE)}L{start}A{r} {r} 0 0 1 {end}Z"
    said = say("{share} of {tracks} ({n})", share=percent(share), tracks=count(n, "track"), n=round(share * n))
    return svg.element("path", svg.element("title", said), d=edge, class_="petal")


def _arrow(angle: float, resultant: float) -> Markup:
    """Draw the mean direction; its length is the resultant, the rim being 1."""
    length = resultant * _RADIUS
    tip_x, tip_y = _at(angle, length)
    parts = [svg.line(_CENTRE, _CENTRE, tip_x, tip_y, "mean")]
    if length > 9:
        wings = [(tip_x + 7 * math.cos(angle + turn), tip_y + 7 * math.sin(angle + turn)) for turn in (2.65, -2.65)]
        parts.append(svg.path([wings[0], (tip_x, tip_y), wings[1]], "mean head"))
    return svg.group(parts)
