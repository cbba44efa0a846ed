"""The project's one neighbour search: points in two or three dimensions, sorted into the bins of a grid.

Building costs one counting sort; a search looks only into the bins a distance can reach (Allen & Tildesley 2017, *Computer
Simulation of Liquids*, section 5.3). Coordinates are kept as separate arrays in bin order, so that a search runs along memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.kernels.cell_list import half_pairs, lists_within, near_points, nearest_points, sort_into_bins

_POINTS_PER_BIN = 2.0
_MOST_BINS_PER_POINT = 4


@dataclass(frozen=True, eq=False)
class CellList:
    """Points in a grid of bins. Make one with :meth:`build`.

    Attributes
    ----------
    x, y, z : (n,) float64, the coordinates in bin order, µm; ``z`` is 0 in two dimensions.
    order : (n,) int64, the row each sorted point had in ``positions``.
    start : (bins + 1,) int64, the place of each bin's first point.
    shape : (3,) int64, bins along x, y and z.
    origin : (3,) float64, the lower corner of the grid, µm.
    size : side of a bin, µm.
    dimensions : 2 or 3.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    order: NDArray[np.int64]
    start: NDArray[np.int64]
    shape: NDArray[np.int64]
    origin: NDArray[np.float64]
    size: float
    dimensions: int

    @classmethod
    def build(cls, positions: NDArray[np.float64], cutoff: float | None = None) -> CellList:
        """Sort points into bins.

        Parameters
        ----------
        positions : (n, 2) or (n, 3) coordinates, µm.
        cutoff : the distance, µm, most searches will use; bins get this size. None: about two points per bin. Any distance
            can be searched afterwards, whatever the size of the bins.

        Raises
        ------
        InputError : if the positions are not (n, 2) or (n, 3) finite numbers, or the cutoff is not > 0.
        """
        points = checked_positions(positions)
        if cutoff is not None:
            _checked_distance(cutoff)
        n, dimensions = points.shape
        x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
        z = np.ascontiguousarray(points[:, 2]) if dimensions == 3 else np.zeros(n)
        del points  # every array here is as long as the points are many
        low = np.array([along.min() if n else 0.0 for along in (x, y, z)])
        extent = np.array([along.max() if n else 0.0 for along in (x, y, z)]) - low
        size = _bin_size(extent, n, dimensions, cutoff)
        shape = np.floor(extent / size).astype(np.int64) + 1
        order, start = sort_into_bins(x, y, z, low, size, shape)
        x = x[order]
        y = y[order]
        z = z[order] if dimensions == 3 else z
        return cls(x, y, z, order, start, shape, low, size, dimensions)

    def __len__(self) -> int:
        return len(self.order)

    def pairs(self, cutoff: float) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return every pair of points no further apart than ``cutoff``, once: rows ``i`` < ``j`` and the distance, µm.

        The order of the pairs is fixed by the positions and the size of the bins; it is not sorted.
        """
        _checked_distance(cutoff)
        reach = int(np.ceil(cutoff / self.size))
        none, no_distance = np.empty(0, np.int64), np.empty(0, np.float64)
        grid = (self.x, self.y, self.z, self.start, self.shape, reach, float(cutoff))
        number = half_pairs(*grid, none, none, no_distance)
        first, second, far = np.empty(number, np.int64), np.empty(number, np.int64), np.empty(number, np.float64)
        if number:
            half_pairs(*grid, first, second, far)
        first, second = self.order[first], self.order[second]
        return np.minimum(first, second), np.maximum(first, second), far

    def lists(self, extent: NDArray[np.float64], gap: float) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return neighbour lists, both ways round, of points that reach as far as their own ``extent``.

        Row i's neighbours are ``neighbour[start[i]:start[i + 1]]``: every other row j with ``d <= extent_i + extent_j + gap``,
        in the order of the bins.

        Parameters
        ----------
        extent : (n,) µm, in the order of the rows.
        gap : µm.
        """
        _checked_distance(2.0 * float(extent.max(initial=0.0)) + gap)
        grid = (self.x, self.y, self.z, self.order, self.start, self.shape)
        start, neighbour = lists_within(*grid, self.size, extent[self.order], float(gap))
        return start, neighbour

    def near(
        self, positions: NDArray[np.float64], cutoff: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return, for points of *another* population, the points within ``cutoff``: (row of other, row here, distance).

        Sorted by the other population's row, then by the row here.
        """
        _checked_distance(cutoff)
        query = padded_to_three(self._same_space(positions))
        counts = np.zeros(len(query), np.int64)
        none, no_distance = np.empty(0, np.int64), np.empty(0, np.float64)
        grid = (self.x, self.y, self.z, self.start, self.shape, self.origin, self.size, float(cutoff), query, counts)
        near_points(*grid, none, no_distance)
        number = int(counts.sum())
        found, far = np.empty(number, np.int64), np.empty(number, np.float64)
        if number:
            near_points(*grid, found, far)
        asking, found = np.repeat(np.arange(len(query)), counts), self.order[found]
        sorted_by_row = np.lexsort((found, asking))
        return asking, found[sorted_by_row], far[sorted_by_row]

    def nearest(self, k: int, positions: NDArray[np.float64] | None = None) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the ``k`` nearest points, nearest first: rows (n, k) and distances (n, k), µm.

        Parameters
        ----------
        k : how many, >= 1. Where fewer exist, the row is -1 and the distance infinite.
        positions : points of another population to ask for; None asks for the points themselves, each without itself.

        Of equally near points the one with the smaller row comes first.
        """
        if k < 1:
            raise InputError(f"k = {k} nearest neighbours", "k", "ask for at least one")
        if positions is None:
            own = np.arange(len(self), dtype=np.int64)
            query = np.empty((len(self), 3))
            query[self.order] = np.column_stack((self.x, self.y, self.z))
        else:
            query = padded_to_three(self._same_space(positions))
            own = np.full(len(query), -1, np.int64)
        found = np.full((len(query), k), -1, np.int64)
        far = np.full((len(query), k), np.inf)
        if len(self):
            grid = (self.x, self.y, self.z, self.order, self.start, self.shape, self.origin, self.size)
            nearest_points(*grid, query, own, found, far)
        return found, np.sqrt(far)

    def _same_space(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        points = checked_positions(positions)
        if points.shape[1] != self.dimensions:
            raise InputError(f"points of {points.shape[1]} dimensions asked of a grid of {self.dimensions}", "positions")
        return points


def checked_positions(positions: NDArray[np.float64], name: str = "positions") -> NDArray[np.float64]:
    """Return positions as (n, 2) or (n, 3) float64, or say what is wrong with them."""
    points = np.asarray(positions, np.float64)
    if points.ndim != 2 or points.shape[1] not in (2, 3):
        raise InputError(f"positions of shape {points.shape}", name, "give one row of x, y (and z) per point, in µm")
    if not np.isfinite(points).all():
        bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
        raise InputError(f"{bad.size} positions are not finite, the first in row {bad[0]}", name)
    return np.ascontiguousarray(points)


def padded_to_three(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 3) coordinates, with z = 0 where there is none."""
    if points.shape[1] == 3:
        return points
    return np.ascontiguousarray(np.column_stack((points, np.zeros(len(points)))))


def _bin_size(extent: NDArray[np.float64], points: int, dimensions: int, cutoff: float | None) -> float:
    """Choose the side of a bin: the cutoff, unless that makes far more bins than points."""
    longest = float(extent.max())
    if longest == 0 or points == 0:
        return cutoff if cutoff is not None else 1.0
    wanted = points / _POINTS_PER_BIN if cutoff is None else float(points * _MOST_BINS_PER_POINT + 64)
    smallest = longest / max(wanted, 1.0)
    spread = np.maximum(extent[:dimensions], smallest)
    size = float((np.prod(spread) / max(wanted, 1.0)) ** (1 / dimensions))
    return size if cutoff is None else max(size, cutoff)


def _checked_distance(cutoff: float) -> None:
    if not (np.isfinite(cutoff) and cutoff > 0):
        raise InputError(f"{cutoff} is not a distance to search", "cutoff", "give a distance in µm, > 0")
