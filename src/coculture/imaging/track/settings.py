"""How detections are linked."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coculture.errors import InputError, Problem


@dataclass(frozen=True)
class TrackSettings:
    """Settings of a linking; the defaults are the one preset every benchmark uses.

    Attributes
    ----------
    method : name of the linker, a key of :data:`coculture.imaging.track.methods.METHODS`.
    maximum_gap : a track may go on this many frames after its last detection; 1 closes no gap.
    divisions : whether a track may end in two daughters.
    drift : whether the shift of the whole field from frame to frame is estimated and taken out before linking.
    features : columns of positive numbers that a cell keeps from frame to frame (area, intensity). None: ``area_um2`` where the
        table has it.
    feature_weight : weight of the features' evidence beside the positions', 0 to 1; below 1 because they are not independent.
    search_radius_um : no link is longer, µm. None: from the data.
    persistence : fraction of its last step that a cell is expected to repeat, 0 to 1. None: from the data.

    Raises
    ------
    InputError : with every setting that cannot be used.
    """

    method: str = "likelihood"
    maximum_gap: int = 12
    divisions: bool = True
    drift: bool = True
    features: tuple[str, ...] | None = None
    feature_weight: float = 0.5
    search_radius_um: float | None = None
    persistence: float | None = None

    def __post_init__(self) -> None:
        problems = []
        if self.maximum_gap < 1:
            problems.append(Problem(f"a gap of {self.maximum_gap} frames", "maximum_gap", "give 1 or more; 1 closes no gap"))
        if not 0 <= self.feature_weight <= 1:
            problems.append(Problem(f"{self.feature_weight} is not a weight", "feature_weight", "give a number from 0 to 1"))
        radius = self.search_radius_um
        if radius is not None and not (math.isfinite(radius) and radius > 0):
            problems.append(Problem(f"{radius} is not a distance", "search_radius_um", "give µm > 0, or None to learn it"))
        if self.persistence is not None and not 0 <= self.persistence <= 1:
            problems.append(
                Problem(f"{self.persistence} is not a fraction", "persistence", "give a number from 0 to 1, or None to learn it")
            )
        if problems:
            raise InputError(problems)
