"""One direction everywhere: a flow, a field, a gradient across the whole well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.interactions.motion.direction.forward_migration import unit_direction
from coculture.interactions.motion.tracks import Tracks


@dataclass(frozen=True)
class Along:
    """The direction ``vector`` (x, y[, z]; y points down); its length does not matter."""

    vector: tuple[float, ...]

    def __str__(self) -> str:
        return "along (" + ", ".join(f"{part:g}" for part in self.vector) + ")"

    def directions(self, tracks: Tracks, points: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the same direction for all."""
        return np.tile(unit_direction(self.vector, tracks.dimensions), (len(points), 1))
