"""How far every place of a chip is from its walls, and the way back into the open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from coculture.chip.grid import ChipGrid
from coculture.sources.virtual_chip.kernels import read_between

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Walls:
    """The walls of a chip, its frame included.

    Attributes
    ----------
    is_open : (Y, X) cells of the grid a living cell can be in.
    pitch_um : width of a cell of the grid.
    distance_um : (Y, X) from the centre of each cell of the grid to the nearest wall's face, negative inside walls.
    away_x, away_y : (Y, X) unit vector away from the nearest wall.
    nearest : (2, Y, X) row and column of the nearest open cell.
    """

    is_open: NDArray[np.bool_]
    pitch_um: float
    distance_um: Floats
    away_x: Floats
    away_y: Floats
    nearest: NDArray[np.int64]

    @classmethod
    def of(cls, grid: ChipGrid, allowed: NDArray[np.bool_] | None = None) -> Walls:
        """Return the walls of a grid; cells may be in its open cells, or in those ``allowed`` (Y, X)."""
        is_open = grid.open if allowed is None else grid.open & allowed
        framed = np.pad(is_open, 1)
        within = ndimage.distance_transform_edt(framed)[1:-1, 1:-1]
        beyond, nearest = ndimage.distance_transform_edt(~is_open, return_indices=True)
        distance = np.where(is_open, within - 0.5, 0.5 - beyond) * grid.pitch_um
        slope_y, slope_x = np.gradient(ndimage.gaussian_filter(distance, 1.0)) if min(distance.shape) > 1 else (0 * distance,) * 2
        length = np.hypot(slope_x, slope_y)
        unit_x, unit_y = (np.divide(s, length, out=np.zeros_like(s), where=length > 0) for s in (slope_x, slope_y))
        return cls(is_open, grid.pitch_um, distance, unit_x, unit_y, nearest.astype(np.int64))

    def at(self, position: Floats) -> tuple[Floats, Floats]:
        """Return (n,) the distance to the nearest wall, µm, and (n, 3) the unit vector away from it."""
        everywhere = np.ones_like(self.is_open)
        x, y = np.ascontiguousarray(position[:, 0]), np.ascontiguousarray(position[:, 1])
        far, along_x, along_y = (np.empty(len(position)) for _ in range(3))
        for field, out in ((self.distance_um, far), (self.away_x, along_x), (self.away_y, along_y)):
            read_between(field, everywhere, x, y, self.pitch_um, out)
        length = np.hypot(along_x, along_y)
        away = np.zeros((len(position), 3))
        np.divide(along_x, length, out=away[:, 0], where=length > 0)
        np.divide(along_y, length, out=away[:, 1], where=length > 0)
        return far, away

    def inside(self, position: Floats) -> Floats:
        """Return (n, 3) the places, those in walls or off the chip moved to the rim of the nearest open cell of the grid."""
        rows, columns = self.is_open.shape
        row, column = self.cell_of(position)
        beyond = (position[:, :2] < 0).any(axis=1)
        beyond |= (position[:, 0] >= columns * self.pitch_um) | (position[:, 1] >= rows * self.pitch_um)
        out = beyond | ~self.is_open[row, column]
        if not out.any():
            return position
        moved = position.copy()
        to_row, to_column = self.nearest[0, row[out], column[out]], self.nearest[1, row[out], column[out]]
        low, high = 1e-6 * self.pitch_um, (1 - 1e-6) * self.pitch_um
        moved[out, 0] = np.clip(position[out, 0], to_column * self.pitch_um + low, to_column * self.pitch_um + high)
        moved[out, 1] = np.clip(position[out, 1], to_row * self.pitch_um + low, to_row * self.pitch_um + high)
        return moved

    def cell_of(self, position: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (n,) row and column of the grid each place lies in; places off the chip count to its rim."""
        rows, columns = self.is_open.shape
        row = np.clip(np.floor(position[:, 1] / self.pitch_um), 0, rows - 1).astype(np.int64)
        column = np.clip(np.floor(position[:, 0] / self.pitch_um), 0, columns - 1).astype(np.int64)
        return row, column
