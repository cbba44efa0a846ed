"""A robust smooth surface over a plate: locally weighted quadratic regression, solved on an adaptive grid.

The local fits (Cleveland & Devlin 1988, J Am Stat Assoc 83:596) are solved at the corners of cells that are halved until they
are small against the fits' reach; within a cell the surface is the cubic that has the corners' values and slopes, and the twist
of one quadratic over the whole plate (Loader 1999, Local Regression and Likelihood, ch. 12). Wells far from the surface are
weighted down in three rounds (Cleveland 1979, J Am Stat Assoc 74:829), so that hits do not draw it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from coculture.screen.group_statistics import Floats

CELL = 0.8
"""A cell is halved while its longer side exceeds this fraction of the reach of the fits at its corners."""
ROUNDS = 3
"""Rounds of weighting down after the first fit."""
TERMS = 6
"""Coefficients of a quadratic in two variables."""
Corners = tuple[int, int, int, int]


@dataclass
class Grid:
    """Corners of cells, and how each came about.

    Attributes
    ----------
    wells : (n, 2) places of the wells.
    n_near : wells within reach of a local fit.
    places : corner → (x, y).
    reach : corner → distance from which wells have no weight.
    parents : corner → the two corners it is interpolated from, None where a local fit is made.
    halves : two corners → the one half-way between them.
    """

    wells: Floats
    n_near: int
    places: list[tuple[float, float]] = field(default_factory=list)
    reach: list[float] = field(default_factory=list)
    parents: list[tuple[int, int] | None] = field(default_factory=list)
    halves: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, x: float, y: float) -> int:
        """Add a corner at which a local fit is made."""
        away = np.hypot(self.wells[:, 0] - x, self.wells[:, 1] - y)
        self.places.append((x, y))
        self.reach.append(float(np.partition(away, self.n_near - 1)[self.n_near - 1]))
        self.parents.append(None)
        return len(self.places) - 1

    def halfway(self, first: int, second: int, longest: float) -> int:
        """Return the corner between two; where the fits there reach far against the side it is interpolated."""
        key = (min(first, second), max(first, second))
        if key not in self.halves:
            (x0, y0), (x1, y1) = self.places[first], self.places[second]
            if longest < CELL * min(self.reach[first], self.reach[second]):
                self.places.append(((x0 + x1) / 2, (y0 + y1) / 2))
                self.reach.append((self.reach[first] + self.reach[second]) / 2)
                self.parents.append((first, second))
                self.halves[key] = len(self.places) - 1
            else:
                self.halves[key] = self.add((x0 + x1) / 2, (y0 + y1) / 2)
        return self.halves[key]

    def cut(self, corners: Corners) -> int:
        """Return the axis along which a cell is to be halved, -1 where it is small enough."""
        (x0, y0), (x1, y1) = self.places[corners[0]], self.places[corners[3]]
        sides = (x1 - x0, y1 - y0)
        axis = int(sides[1] > sides[0])
        return axis if sides[axis] > CELL * min(self.reach[corner] for corner in corners) else -1

    def halved(self, corners: Corners, axis: int) -> tuple[Corners, Corners]:
        """Return the two halves of a cell; corners are south-west, south-east, north-west, north-east."""
        a, b, c, d = corners
        (x0, y0), (x1, y1) = self.places[a], self.places[d]
        if axis == 0:
            south, north = self.halfway(a, b, x1 - x0), self.halfway(c, d, x1 - x0)
            return (a, south, c, north), (south, b, north, d)
        west, east = self.halfway(a, c, y1 - y0), self.halfway(b, d, y1 - y0)
        return (a, b, west, east), (west, east, c, d)


@dataclass(frozen=True)
class Surface:
    """The grid over one set of wells, for any values they have.

    Attributes
    ----------
    wells : (n, 2) places of the wells the surface rests on.
    fits : (v, 2) places of the local fits, with their ``reach`` (v,).
    at_wells, at_wanted : (n, v, 4) and (m, v, 4) weights of the fits' value, slopes and twist in the surface.
    """

    wells: Floats
    fits: Floats
    reach: Floats
    at_wells: Floats
    at_wanted: Floats

    @classmethod
    def over(cls, wells: Floats, wanted: Floats, span: float) -> Surface | None:
        """Lay the grid; None where there are too few wells for a quadratic.

        Parameters
        ----------
        wells : (n, 2) places of the wells the surface will rest on.
        wanted : (m, 2) places it is asked at; one outside the wells' box is moved to the box's nearest point.
        span : fraction of the wells each local fit reaches.
        """
        n_near = int(len(wells) * span + 1e-12)
        extent = np.ptp(wells, axis=0) if len(wells) else np.zeros(2)
        if n_near <= TERMS or (extent <= 0).any():
            return None
        grid = Grid(wells, n_near)
        (x0, y0), (x1, y1) = wells.min(axis=0).tolist(), wells.max(axis=0).tolist()
        whole: Corners = (grid.add(x0, y0), grid.add(x1, y0), grid.add(x0, y1), grid.add(x1, y1))
        _grow(grid, whole)
        made = [number for number, parents in enumerate(grid.parents) if parents is None]
        corner_weights = _corner_weights(grid, made)
        inside = np.clip(wanted, (x0, y0), (x1, y1))
        at_wells, at_wanted = (
            np.stack([_interpolated(grid, whole, corner_weights, place) for place in places]) for places in (wells, inside)
        )
        places = np.array([grid.places[number] for number in made])
        return cls(wells, places, np.array([grid.reach[number] for number in made]), at_wells, at_wanted)

    def values(self, values: Floats) -> Floats | None:
        """Return the surface at the wanted places, (m,), through (n,) values; None where a local fit is not determined."""
        weight = np.ones(len(values))
        fitted = np.empty((len(self.fits), 4))
        for round_ in range(ROUNDS + 1):
            whole = _quadratic(self.wells - self.wells.mean(axis=0), values, weight)
            for number, (place, reach) in enumerate(zip(self.fits, self.reach, strict=True)):
                away = (self.wells - place) / reach
                solution = _quadratic(away, values, weight * _tricube(np.hypot(away[:, 0], away[:, 1])))
                if solution is None or whole is None:
                    return None
                fitted[number] = *(solution[:3] / (1.0, reach, reach)), whole[4]
            residual = values - np.tensordot(self.at_wells, fitted, axes=2)
            spread = float(np.median(np.abs(residual)))
            if round_ == ROUNDS or spread == 0:
                break
            weight = np.maximum(1 - (residual / (6 * spread)) ** 2, 0) ** 2
        return np.asarray(np.tensordot(self.at_wanted, fitted, axes=2))


def _tricube(distance: Floats) -> Floats:
    return np.where(distance < 1, (1 - np.minimum(distance, 1.0) ** 3) ** 3, 0.0)


def _quadratic(away: Floats, values: Floats, weight: Floats) -> Floats | None:
    """Return the coefficients of 1, x, y, x², xy, y² of the weighted least-squares quadratic; None if undetermined."""
    root = np.sqrt(weight)
    x, y = away.T
    design = root[:, None] * np.stack((np.ones_like(x), x, y, x * x, x * y, y * y), axis=1)
    solution, _, rank, _ = np.linalg.lstsq(design, root * values, rcond=1e-9)
    return np.asarray(solution) if rank == TERMS else None


def _grow(grid: Grid, corners: Corners) -> None:
    axis = grid.cut(corners)
    if axis >= 0:
        for half in grid.halved(corners, axis):
            _grow(grid, half)


def _corner_weights(grid: Grid, made: list[int]) -> list[Floats]:
    """Return for each corner the (4, fits, 4) weights of the fits in its value, x-slope, y-slope and twist."""
    place = {number: index for index, number in enumerate(made)}
    weights: list[Floats] = []
    for number, parents in enumerate(grid.parents):
        own = np.zeros((4, len(made), 4))
        if parents is None:
            own[range(4), place[number], range(4)] = 1.0
        else:
            own = _middle(grid, parents, weights)
        weights.append(own)
    return weights


def _middle(grid: Grid, parents: tuple[int, int], weights: list[Floats]) -> Floats:
    """Return the weights half-way between two corners, on the cubic between them."""
    first, second = sorted(parents, key=lambda number: grid.places[number])
    (x0, y0), (x1, y1) = grid.places[first], grid.places[second]
    along = 1 if x1 > x0 else 2
    length = (x1 - x0) + (y1 - y0)
    low, high = weights[first], weights[second]
    middle = np.empty_like(low)
    for value in (0, 3 - along):
        slope = value + along
        middle[value] = (low[value] + high[value]) / 2 + length * (low[slope] - high[slope]) / 8
        middle[slope] = 1.5 * (high[value] - low[value]) / length - (low[slope] + high[slope]) / 4
    return middle


def _interpolated(grid: Grid, corners: Corners, weights: list[Floats], place: Floats) -> Floats:
    """Return the (fits, 4) weights of the fits in the surface at a place."""
    while (axis := grid.cut(corners)) >= 0:
        lower, upper = grid.halved(corners, axis)
        corners = lower if place[axis] < grid.places[lower[3]][axis] else upper
    (x0, y0), (x1, y1) = grid.places[corners[0]], grid.places[corners[3]]
    a, b, c, d = (weights[corner] for corner in corners)
    west, east = (_hermite(place[1], y0, y1, low[:2], high[:2], low[2:], high[2:]) for low, high in ((a, c), (b, d)))
    return _hermite(place[0], x0, x1, west[0], east[0], west[1], east[1])


def _hermite(x: float, start: float, end: float, low: Floats, high: Floats, low_slope: Floats, high_slope: Floats) -> Floats:
    """Return the cubic that has the values and slopes ``low`` at the start and ``high`` at the end."""
    length = end - start
    h = (x - start) / length
    rise = h**2 * (3 - 2 * h)
    slopes = h * (1 - h) ** 2 * low_slope + h**2 * (h - 1) * high_slope
    return np.asarray((1 - rise) * low + rise * high + length * slopes)
