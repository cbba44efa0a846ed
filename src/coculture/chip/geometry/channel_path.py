"""A channel drawn as a line with a width becomes polygons, one a straight stretch, mitred where it turns.

At a turn by the angle θ the two edges of the channel meet on the bisector, at the distance (w/2)/cos(θ/2) from the corner of
the line. What a mitre adds on the outer side of a turn it takes away on the inner one: a channel of one width has the area
length × width exactly. The ends are cut square.
"""

from __future__ import annotations

import itertools
import math

from coculture.chip.geometry.shapes import Point, Polygon
from coculture.errors import InputError

SHARPEST_TURN_DEG = 135.0
"""A channel may turn by at most this much at once: a sharper one would need a mitre longer than 1.3 widths."""


def channel_polygons(points_um: tuple[Point, ...], widths_um: tuple[float, ...], where: str) -> tuple[Polygon, ...]:
    """Return the polygons that make up a channel.

    Parameters
    ----------
    points_um : two or more points of the channel's centre line, in order.
    widths_um : the width at each of them; between two points it changes linearly.
    where : how an error calls the channel.

    Raises
    ------
    InputError : if two points in a row are the same, a turn is sharper than ``SHARPEST_TURN_DEG``, or a stretch is too short
        for the width and the turns at its ends.
    """
    directions = _directions(points_um, where)
    sides = [_sides(number, points_um, directions, widths_um, where) for number in range(len(points_um))]
    polygons = []
    for number, (along_x, along_y) in enumerate(directions):
        (left0, right0), (left1, right1) = sides[number], sides[number + 1]
        for start, end in ((left0, left1), (right0, right1)):
            if (end[0] - start[0]) * along_x + (end[1] - start[1]) * along_y <= 0:
                length = math.dist(points_um[number], points_um[number + 1])
                stretch = f"the stretch from point {number + 1} to {number + 2}"
                raise InputError(
                    f"{stretch} is {length:g} µm long, too short for the turns at its ends",
                    where,
                    "move the points apart, or make the channel narrower",
                )
        polygons.append(Polygon((left0, left1, right1, right0)))
    return tuple(polygons)


def path_length(points_um: tuple[Point, ...]) -> float:
    """Return the length of a centre line, µm."""
    return sum(math.dist(a, b) for a, b in itertools.pairwise(points_um))


def _directions(points_um: tuple[Point, ...], where: str) -> list[Point]:
    directions = []
    for number, (start, end) in enumerate(itertools.pairwise(points_um), start=1):
        length = math.dist(start, end)
        if length == 0:
            raise InputError(f"point {number} and point {number + 1} are the same", where, "remove one of them")
        directions.append(((end[0] - start[0]) / length, (end[1] - start[1]) / length))
    return directions


def _sides(
    number: int, points_um: tuple[Point, ...], directions: list[Point], widths_um: tuple[float, ...], where: str
) -> tuple[Point, Point]:
    """Return the points of the two edges at point ``number``: on the bisector of the turn, square at the ends."""
    before = directions[max(number - 1, 0)]
    after = directions[min(number, len(directions) - 1)]
    cosine = before[0] * after[0] + before[1] * after[1]
    turn = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
    if turn > SHARPEST_TURN_DEG:
        raise InputError(
            f"the channel turns by {turn:.0f}° at point {number + 1}; the sharpest turn is {SHARPEST_TURN_DEG:.0f}°",
            where,
            "put two points where there is one, so that it turns in two steps",
        )
    scale = 0.5 * widths_um[number] / (1.0 + cosine)
    across = (-(before[1] + after[1]) * scale, (before[0] + after[0]) * scale)
    x, y = points_um[number]
    return (x - across[0], y - across[1]), (x + across[0], y + across[1])
