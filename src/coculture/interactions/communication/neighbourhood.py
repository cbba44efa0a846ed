"""What surrounds each cell: neighbours of every type, the border shared with them, and signals weighted by it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from coculture.interactions.dynamics.timeline import Timeline

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """The contacts of a timeline seen from each cell.

    Attributes
    ----------
    timeline : cells and contacts; its sightings number the rows here.
    border : (n, n) sparse, shared border of sightings i and j at their frame, µm.
    touching : (n, n) sparse, 1 where they touch.
    """

    timeline: Timeline
    border: sparse.csr_array
    touching: sparse.csr_array

    @classmethod
    def of(cls, timeline: Timeline) -> Neighbourhood:
        """Read the contacts of a timeline."""
        first, second, many = timeline.first, timeline.second, len(timeline.track)
        rows, columns = np.r_[first, second], np.r_[second, first]
        length = np.r_[timeline.length_um, timeline.length_um]
        shape = (many, many)
        ones = np.ones(len(rows))
        return cls(timeline, sparse.csr_array((length, (rows, columns)), shape), sparse.csr_array((ones, (rows, columns)), shape))

    def of_type(self) -> Reals:
        """Return (n, kinds), 1 where the sighting is of the type."""
        kinds = len(self.timeline.types)
        return np.eye(kinds)[self.timeline.track_type[self.timeline.track]].reshape(-1, kinds)

    def counts(self) -> Reals:
        """Return (n, kinds): how many neighbours of each type a sighting has."""
        return np.asarray(self.touching @ self.of_type())

    def lengths(self) -> Reals:
        """Return (n, kinds): border shared with neighbours of each type, µm."""
        return np.asarray(self.border @ self.of_type())
