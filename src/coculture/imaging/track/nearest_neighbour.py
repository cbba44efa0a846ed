"""The plain linker: the closest pairs of consecutive frames first, no gaps, no divisions."""

from __future__ import annotations

import numpy as np

from coculture.imaging.track.base import Links
from coculture.imaging.track.consecutive import expected_positions, find_pairs
from coculture.imaging.track.film import Film
from coculture.imaging.track.kernels import choose
from coculture.imaging.track.likelihood import learn
from coculture.imaging.track.settings import TrackSettings


def link_nearest(film: Film, settings: TrackSettings) -> Links:
    """Link the closest pairs first, up to the search radius given or learned as :mod:`.likelihood` does.

    The probability of a link is 1 - distance / radius.

    Raises
    ------
    DataError : if there are too few detections to learn a radius from and none is given.
    """
    radius = settings.search_radius_um
    if radius is None:
        radius = learn(film, settings).link.radius()
    pairs = find_pairs(film, expected_positions(film, None, 0.0), 1, radius)
    order = np.lexsort((pairs.second, pairs.first, pairs.distance))
    first, second, distance = pairs.first[order], pairs.second[order], pairs.distance[order]
    chosen = np.zeros(len(order), np.bool_)
    used = np.zeros(len(film), np.bool_), np.zeros(len(film), np.bool_)
    choose(first, second, np.full(len(order), -1, np.int64), *used, chosen)
    later, probability = np.full(len(film), -1, np.int64), np.zeros(len(film))
    later[first[chosen]] = second[chosen]
    reach = radius * film.stretch[film.frame[first[chosen]]]
    probability[first[chosen]] = 1 - distance[chosen] / reach
    return Links(later, np.full(len(film), -1, np.int64), probability)
