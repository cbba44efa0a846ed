"""Plane shapes: which points lie inside, how large they are, and their outline.

Coordinates are µm, x to the right and y down, the origin at the top-left corner of the chip's frame.

A point on an outline belongs to a shape or not by a rule that makes tiles fit: a rectangle holds its left and upper edge
and not its right and lower one, a polygon likewise (a ray to the left crosses its outline an odd number of times, each
edge taken half open in y), a disc does not hold its rim. Two shapes that share an edge so share no cell and leave none out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom; µm."""


class Shape(Protocol):
    """What a chip's parts are made of."""

    @property
    def bounds_um(self) -> Bounds:
        """The smallest rectangle that holds the shape."""
        ...

    @property
    def area_um2(self) -> float:
        """The exact area."""
        ...

    def contains(self, x_um: Floats, y_um: Floats) -> Mask:
        """Tell for each point (arrays that broadcast) whether it lies inside."""
        ...

    def moved(self, dx_um: float, dy_um: float) -> Shape:
        """Return the shape at another place."""
        ...

    def outline(self) -> tuple[Point, ...]:
        """Return the corners in order; of a disc, 96 points of its rim."""
        ...


@dataclass(frozen=True)
class Rectangle:
    """An upright rectangle: its upper left corner, its width along x, its height along y."""

    x_um: float
    y_um: float
    width_um: float
    height_um: float

    @property
    def bounds_um(self) -> Bounds:
        """The rectangle itself."""
        return self.x_um, self.y_um, self.x_um + self.width_um, self.y_um + self.height_um

    @property
    def area_um2(self) -> float:
        """Width times height."""
        return self.width_um * self.height_um

    def contains(self, x_um: Floats, y_um: Floats) -> Mask:
        """Tell which points lie inside, the left and upper edge included."""
        left, top, right, bottom = self.bounds_um
        return np.asarray((x_um >= left) & (x_um < right) & (y_um >= top) & (y_um < bottom))

    def moved(self, dx_um: float, dy_um: float) -> Rectangle:
        """Return the rectangle at another place."""
        return Rectangle(self.x_um + dx_um, self.y_um + dy_um, self.width_um, self.height_um)

    def outline(self) -> tuple[Point, ...]:
        """Return the four corners."""
        left, top, right, bottom = self.bounds_um
        return (left, top), (right, top), (right, bottom), (left, bottom)


@dataclass(frozen=True)
class Disc:
    """A disc: its centre and radius."""

    x_um: float
    y_um: float
    radius_um: float

    @property
    def bounds_um(self) -> Bounds:
        """The square around it."""
        return self.x_um - self.radius_um, self.y_um - self.radius_um, self.x_um + self.radius_um, self.y_um + self.radius_um

    @property
    def area_um2(self) -> float:
        """π times the square of the radius."""
        return math.pi * self.radius_um**2

    def contains(self, x_um: Floats, y_um: Floats) -> Mask:
        """Tell which points lie nearer to the centre than the radius (by more than rounding, so that all sides are alike)."""
        return np.asarray((x_um - self.x_um) ** 2 + (y_um - self.y_um) ** 2 < self.radius_um**2 * (1 - 1e-12))

    def moved(self, dx_um: float, dy_um: float) -> Disc:
        """Return the disc at another place."""
        return Disc(self.x_um + dx_um, self.y_um + dy_um, self.radius_um)

    def outline(self) -> tuple[Point, ...]:
        """Return 96 points of the rim."""
        angles = [2 * math.pi * step / 96 for step in range(96)]
        return tuple((self.x_um + self.radius_um * math.cos(a), self.y_um + self.radius_um * math.sin(a)) for a in angles)


@dataclass(frozen=True)
class Polygon:
    """A closed polygon whose outline does not cross itself: its corners in order."""

    corners_um: tuple[Point, ...]

    @property
    def bounds_um(self) -> Bounds:
        """The rectangle around the corners."""
        across, down = zip(*self.corners_um, strict=True)
        return min(across), min(down), max(across), max(down)

    @property
    def area_um2(self) -> float:
        """The area by the shoelace formula."""
        return abs(signed_area(self.corners_um))

    def contains(self, x_um: Floats, y_um: Floats) -> Mask:
        """Tell which points a ray to the left leaves by an odd number of edges."""
        x_um, y_um = np.broadcast_arrays(x_um, y_um)
        inside = np.zeros(x_um.shape, dtype=np.bool_)
        for (x0, y0), (x1, y1) in zip(self.corners_um, (*self.corners_um[1:], self.corners_um[0]), strict=True):
            if y0 == y1:
                continue
            crosses = (y_um >= min(y0, y1)) & (y_um < max(y0, y1))
            inside ^= crosses & (x_um >= x0 + (y_um - y0) * ((x1 - x0) / (y1 - y0)))
        return inside

    def moved(self, dx_um: float, dy_um: float) -> Polygon:
        """Return the polygon at another place."""
        return Polygon(tuple((x + dx_um, y + dy_um) for x, y in self.corners_um))

    def outline(self) -> tuple[Point, ...]:
        """Return the corners."""
        return self.corners_um


def signed_area(corners_um: tuple[Point, ...]) -> float:
    """Return the area of a polygon, positive where its corners run clockwise as seen (x right, y down)."""
    following = (*corners_um[1:], corners_um[0])
    return 0.5 * sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(corners_um, following, strict=True))


def crosses_itself(corners_um: tuple[Point, ...]) -> bool:
    """Tell whether two edges of a polygon cross, or touch without being neighbours."""
    number = len(corners_um)
    edges = [(corners_um[i], corners_um[(i + 1) % number]) for i in range(number)]
    for i, (a, b) in enumerate(edges):
        for j in range(i + 2, number):
            if (i, j) != (0, number - 1) and _edges_meet(a, b, *edges[j]):
                return True
    return False


def _edges_meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    def within(p: Point, q: Point, r: Point) -> bool:
        return min(p[0], q[0]) <= r[0] <= max(p[0], q[0]) and min(p[1], q[1]) <= r[1] <= max(p[1], q[1])

    turns = side(c, d, a), side(c, d, b), side(a, b, c), side(a, b, d)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = ((c, d, a), (c, d, b), (a, b, c), (a, b, d))
    return any(turn == 0 and within(*end) for turn, end in zip(turns, ends, strict=True))


def union_bounds(shapes: tuple[Shape, ...]) -> Bounds:
    """Return the rectangle around all ``shapes``."""
    left, top, right, bottom = zip(*(shape.bounds_um for shape in shapes), strict=True)
    return min(left), min(top), max(right), max(bottom)
