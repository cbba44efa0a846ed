"""The box: a regular grid of cubic voxels in two or three dimensions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.medium.kernels.looking import nearest_side
from coculture.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Box:
    """A box of voxels; the first voxel's corner is the origin.

    Attributes
    ----------
    size_um : lengths along x and y, and z in three dimensions; a whole number of voxels each.
    voxel_um : edge of a voxel.
    thickness_um : depth of a voxel in two dimensions, ``voxel_um`` where None; without meaning in three.
    """

    size_um: tuple[float, ...]
    voxel_um: float
    thickness_um: float | None = None

    def __post_init__(self) -> None:
        if len(self.size_um) not in (2, 3):
            raise InputError(f"a box has 2 or 3 lengths, not {len(self.size_um)}", "size_um", "give (x, y) or (x, y, z)")
        if not self.voxel_um > 0 or not (self.thickness_um is None or self.thickness_um > 0):
            raise InputError("a voxel of the medium has no size", "voxel_um", "give lengths above 0 µm")
        for length in self.size_um:
            if round(length / self.voxel_um) < 1 or abs(length / self.voxel_um - round(length / self.voxel_um)) > 1e-9:
                raise InputError(
                    f"a length of {length:g} µm is no whole number of voxels of {self.voxel_um:g} µm",
                    "size_um",
                    "change the box or the voxel",
                )

    @property
    def dimensions(self) -> int:
        """2 or 3."""
        return len(self.size_um)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of voxels along z, y and x; z has one in two dimensions."""
        numbers = [round(length / self.voxel_um) for length in self.size_um]
        return (numbers[2] if len(numbers) == 3 else 1, numbers[1], numbers[0])

    @property
    def voxel_um3(self) -> float:
        """Volume of a voxel."""
        depth = self.thickness_um if self.dimensions == 2 and self.thickness_um is not None else self.voxel_um
        return self.voxel_um**2 * depth

    def centres(self, axis: int) -> Floats:
        """Return the voxels' centres along x (0), y (1) or z (2), µm."""
        return np.asarray((np.arange(self.shape[2 - axis]) + 0.5) * self.voxel_um)

    def inside(self, position: Floats) -> Floats:
        """Return (n, 3) the positions moved into the box; z stays in two dimensions."""
        moved = position.copy()
        for axis, length in enumerate(self.size_um):
            along = moved[:, axis]
            np.minimum(np.maximum(along, 0.0, out=along), length, out=along)
        return moved

    def walls(self, position: Floats) -> tuple[Floats, Floats]:
        """Return (n,) the distance to the nearest side, µm, and (n, 3) the unit vector away from it; the first of equals."""
        far, away = np.empty(len(position)), np.empty((len(position), 3))
        nearest_side(position, np.array(self.size_um), far, away)
        return far, away
