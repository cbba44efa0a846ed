"""What a target must offer."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from coculture.interactions.motion.tracks import Tracks


class Target(Protocol):
    """A goal. ``str(target)`` names it."""

    def directions(self, tracks: Tracks, points: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return, for the given points of the tracks, (k, d) unit vectors toward the target; zeros where there is no
        direction."""
        ...
