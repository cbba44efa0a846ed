"""Settings of the motion read-outs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from coculture.errors import InputError


@dataclass(frozen=True)
class MotionSettings:
    """How tracks are read and summed up. Times in min, lengths in µm.

    Attributes
    ----------
    dimensions : 1, 2 or 3; None: 3 where z_um varies, else 2.
    step_min : the time step; None: the median interval.
    step_tolerance : fraction of the time step an interval may be off and still count as regular.
    gaps : "bridge": across a gap the path is a straight line. "longest piece": of each track its longest piece without a gap;
        the rest is gone, also as a goal that others may move toward.
    living_only : leave out rows of dead cells.
    fewest_points : tracks with fewer points do not enter a well's numbers.
    arrest_speed_um_per_min : threshold of the arrest coefficient; None: no such column.
    direction : (x, y[, z]) of a flow, field or gradient; None: no forward-migration index. y points down.
    longest_lag_min : longest lag of the Fürth fit; None: a quarter of the longest track, and four time steps at least.
    correlation_reach_um, correlation_bin_um : distances of the velocity correlation; None: none is computed.
    toward_each_type : chemotactic index of every type toward the nearest cell of every other type.
    """

    dimensions: int | None = None
    step_min: float | None = None
    step_tolerance: float = 0.25
    gaps: Literal["bridge", "longest piece"] = "bridge"
    living_only: bool = True
    fewest_points: int = 3
    arrest_speed_um_per_min: float | None = None
    direction: tuple[float, ...] | None = None
    longest_lag_min: float | None = None
    correlation_reach_um: float | None = None
    correlation_bin_um: float = 20.0
    toward_each_type: bool = True

    def __post_init__(self) -> None:
        if self.gaps not in ("bridge", "longest piece"):
            raise InputError(f"unknown policy '{self.gaps}'", "gaps", "use 'bridge' or 'longest piece'")
        if self.fewest_points < 2:
            raise InputError(f"tracks of {self.fewest_points} points", "fewest_points", "motion needs at least 2")
        for name in ("arrest_speed_um_per_min", "longest_lag_min", "correlation_reach_um", "correlation_bin_um"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value > 0):
                raise InputError(f"{name} = {value}", name, "give a number > 0")
        if self.correlation_reach_um is not None and self.correlation_reach_um < self.correlation_bin_um:
            raise InputError("the bins are wider than the reach", "correlation_bin_um", "give narrower bins")
