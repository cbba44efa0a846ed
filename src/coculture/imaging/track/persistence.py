"""How much of its last step a cell repeats, learned from linked tracks."""

from __future__ import annotations

import numpy as np

from coculture.imaging.track.consecutive import Consecutive
from coculture.imaging.track.film import Film

_FEWEST = 50
_CANDIDATES = np.linspace(0.0, 1.0, 21)
_WORTH = 0.95


def persistence_of(film: Film, links: Consecutive, given: float | None) -> float:
    """Return the fraction of its last step a cell is expected to repeat.

    The fraction b makes the median length of ``step - b * last step`` smallest; where that is not at least 5 % below the
    median without prediction, or fewer than fifty pairs of steps are known, it is 0.
    """
    if given is not None:
        return given
    middle = np.flatnonzero((links.earlier >= 0) & (links.later >= 0))
    if len(middle) < _FEWEST:
        return 0.0
    here = np.column_stack((film.x, film.y))
    last, following = here[middle] - here[links.earlier[middle]], here[links.later[middle]] - here[middle]
    misses = [float(np.median(np.linalg.norm(following - b * last, axis=1))) for b in _CANDIDATES]
    best = int(np.argmin(misses))
    return float(_CANDIDATES[best]) if misses[best] < _WORTH * misses[0] else 0.0
