"""A solute of the medium: how it spreads and decays, and what holds it at the borders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError

Floats = NDArray[np.float64]

SIDES = ("left", "right", "front", "back", "bottom", "top")
"""Low and high side along x, y and z."""


@dataclass(frozen=True, eq=False)
class Solute:
    """One solute.

    Attributes
    ----------
    name : as in the model.
    diffusion_um2_per_min, decay_per_min : of the solute in medium.
    start_um : concentration at the beginning, one number or an array (z, y, x) of voxels (without z in two dimensions), µM.
    border_um : concentration held at sides by name (:data:`SIDES`), µM; nothing passes a side that is not named.
    fixed_um : (z, y, x) concentration held in voxels, NaN where it is free; None where all are free.
    """

    name: str
    diffusion_um2_per_min: float
    decay_per_min: float = 0.0
    start_um: float | Floats = 0.0
    border_um: Mapping[str, float] = field(default_factory=dict)
    fixed_um: Floats | None = None

    def __post_init__(self) -> None:
        for name, value in (("diffusion_um2_per_min", self.diffusion_um2_per_min), ("decay_per_min", self.decay_per_min)):
            if not 0.0 <= value < np.inf:
                raise InputError(f"{self.name}: {name} is {value}", name, "give a number of 0 or more")
        for side, value in self.border_um.items():
            if side not in SIDES:
                raise InputError(f"{self.name}: a box has no side '{side}'", "border_um", "use " + ", ".join(SIDES))
            if not 0.0 <= value < np.inf:
                raise InputError(f"{self.name}: {value} µM at side {side}", "border_um", "give a number of 0 or more")
        held = np.zeros(0) if self.fixed_um is None else self.fixed_um[~np.isnan(self.fixed_um)]
        for where, values in (("start_um", np.asarray(self.start_um)), ("fixed_um", held)):
            if not np.all((values >= 0.0) & np.isfinite(values)):
                raise InputError(f"{self.name}: {where} has a concentration below 0 or none", where, "give numbers of 0 or more")
