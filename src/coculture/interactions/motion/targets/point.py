"""A point: a bead, a pipette tip, a wound's middle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.motion.steps import units
from coculture.interactions.motion.tracks import Tracks


@dataclass(frozen=True)
class TowardPoint:
    """The point ``point_um`` (x, y[, z]), in the coordinates of the cells."""

    point_um: tuple[float, ...]

    def __str__(self) -> str:
        return "toward (" + ", ".join(f"{part:g}" for part in self.point_um) + ") µm"

    def directions(self, tracks: Tracks, points: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the directions to the point; zero for a cell that lies on it.

        Raises
        ------
        InputError : if the point has not as many finite coordinates as the tracks.
        """
        goal = np.asarray(self.point_um, np.float64)
        if goal.shape != (tracks.dimensions,) or not np.isfinite(goal).all():
            raise InputError(
                f"{self.point_um} is no point in {tracks.dimensions} dimensions", "point_um", "give x, y (and z) in µm"
            )
        return units(goal - tracks.positions[points])
