"""The nearest cell of a type, anew at every time point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.motion.steps import units
from coculture.interactions.motion.tracks import Tracks
from coculture.interactions.neighbours.cell_list import CellList


@dataclass(frozen=True)
class TowardNearest:
    """The nearest *other* cell of type ``cell_type`` in the same field at the same time, no further than ``within_um``.

    The tracks themselves are searched, so give tracks of all types; cells seen only once count as goals too.
    """

    cell_type: str
    within_um: float | None = None

    def __post_init__(self) -> None:
        if self.within_um is not None and not (np.isfinite(self.within_um) and self.within_um > 0):
            raise InputError(f"a reach of {self.within_um} µm", "within_um", "give a distance > 0, or leave it out")

    def __str__(self) -> str:
        return f"toward the nearest {self.cell_type}" + ("" if self.within_um is None else f" within {self.within_um:g} µm")

    def directions(self, tracks: Tracks, points: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the directions to the nearest such cell; zero where there is none in reach.

        Raises
        ------
        DataError : if no track is of the type.
        InputError : if the tracks have one dimension.
        """
        goal = (tracks.keys["cell_type"] == self.cell_type).to_numpy(bool)
        if not goal.any():
            raise DataError(
                f"no track is of type '{self.cell_type}'", "target", "types: " + ", ".join(sorted(set(tracks.keys["cell_type"])))
            )
        if tracks.dimensions == 1:
            raise InputError("the nearest cell is searched in two or three dimensions", "target", "give y_um too")
        towards = np.zeros((len(points), tracks.dimensions))
        spots = np.flatnonzero(goal[tracks.track])
        goals = _by_frame(tracks.frame[spots], spots)
        for frame, asking in _by_frame(tracks.frame[points], np.arange(len(points))).items():
            if frame in goals:
                towards[asking] = self._nearest(tracks, points[asking], goals[frame])
        return towards

    def _nearest(self, tracks: Tracks, asking: NDArray[np.int64], goals: NDArray[np.int64]) -> NDArray[np.float64]:
        """Ask for two: the nearest may be the cell itself."""
        where, spots = tracks.positions[asking], tracks.positions[goals]
        found, far = CellList.build(spots).nearest(2, where)
        itself = np.where(found[:, 0] >= 0, goals[found[:, 0]], -1) == asking
        chosen = np.where(itself, found[:, 1], found[:, 0])
        away = np.where(itself, far[:, 1], far[:, 0])
        held = (chosen >= 0) & (away <= (np.inf if self.within_um is None else self.within_um))
        return units(np.where(held[:, None], spots[np.where(held, chosen, 0)] - where, 0.0))


def _by_frame(labels: NDArray[np.int64], members: NDArray[np.int64]) -> dict[int, NDArray[np.int64]]:
    """Return the members of each frame; ``labels`` holds the frame of each."""
    order = np.argsort(labels, kind="stable")
    names, begin = np.unique(labels[order], return_index=True)
    return dict(zip(names.tolist(), np.split(members[order], begin[1:]), strict=True))
