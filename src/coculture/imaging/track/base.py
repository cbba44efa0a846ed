"""What a linker must offer, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.track.film import Film
from coculture.imaging.track.settings import TrackSettings


@dataclass(frozen=True, eq=False)
class Links:
    """Who follows whom, in rows of a film.

    Attributes
    ----------
    later : (n,) row of the same cell's next detection, -1 where the track ends.
    mother : (n,) row of the mother's last detection for the first detection of a daughter, else -1.
    probability : (n,) how sure the link to ``later`` is, 0 to 1; 0 where there is none.
    """

    later: NDArray[np.int64]
    mother: NDArray[np.int64]
    probability: NDArray[np.float64]


class Linker(Protocol):
    """A method that links the detections of a film. ``DataError`` says what the film cannot support."""

    def __call__(self, film: Film, settings: TrackSettings) -> Links:
        """Return the links."""
        ...
