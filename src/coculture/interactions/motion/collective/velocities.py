"""Velocities of the cells of one field at one time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.errors import DataError
from coculture.interactions.motion.tracks import Tracks


@dataclass(frozen=True, eq=False)
class Velocities:
    """The regular steps, as velocities at the places and times they start from.

    Attributes
    ----------
    frame : (k,) int64, row of ``tracks.frames``.
    position : (k, d) µm.
    velocity : (k, d) µm/min.
    """

    frame: NDArray[np.int64]
    position: NDArray[np.float64]
    velocity: NDArray[np.float64]

    @classmethod
    def of(cls, tracks: Tracks) -> Velocities:
        """Take them from tracks.

        Raises
        ------
        DataError : if there is no regular step.
        """
        tracks.require_steps("velocity")
        steps = tracks.steps
        held = np.flatnonzero(steps.regular)
        if not len(held):
            raise DataError("no step has the usual length in time", "tracks", "give step_min, or a wider step_tolerance")
        first = steps.first[held]
        velocity = steps.vector[held] / steps.duration_min[held][:, None]
        return cls(tracks.frame[first], tracks.positions[first], np.asarray(velocity, np.float64))

    def frames(self) -> list[NDArray[np.int64]]:
        """Return the rows of each frame that has any."""
        order = np.argsort(self.frame, kind="stable")
        begin = np.flatnonzero(np.diff(self.frame[order])) + 1
        return np.split(order, begin)
