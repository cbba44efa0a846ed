"""What may be alike: the clusters a standard error allows for, and the groups a comparison stays within."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.dynamics.timeline import Timeline

Cluster = Literal["well", "site", "track", "cell"]
Within = Literal["well", "site", "frame"]


def cluster_codes(timeline: Timeline, sighting: NDArray[np.int64], by: str) -> NDArray[np.int64]:
    """Return a number for the plate and well, site, frame (of a site) or track of each sighting, or its own (``"cell"``).

    Raises
    ------
    InputError : if ``by`` is unknown.
    """
    track = timeline.track[sighting]
    if by == "cell":
        return np.asarray(sighting, np.int64)
    if by == "track":
        return track
    if by == "frame":
        return timeline.frame[sighting]
    if by not in ("well", "site"):
        raise InputError(f"'{by}' is no grouping", "cluster", "use well, site, track or cell; within: well, site or frame")
    columns = ["plate", "well"] if by == "well" else ["plate", "well", "site"]
    of_track = np.asarray(timeline.tracks.groupby(columns, sort=True).ngroup(), np.int64)
    return of_track[track]
