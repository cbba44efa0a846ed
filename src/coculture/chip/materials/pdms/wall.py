"""A PDMS wall, for one solute."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coculture.sound_numbers import require_number


@dataclass(frozen=True)
class PdmsWall:
    """A wall that takes up a solute.

    Attributes
    ----------
    partition : K, concentration in PDMS over concentration in medium in balance.
    diffusion_um2_per_min : diffusion coefficient in PDMS; 1e-11 m²/s is 600 µm²/min.
    thickness_um : thickness, closed behind; infinite for a wall that is never filled.

    Raises
    ------
    InputError : if the partition coefficient is negative, or another number is not above 0.
    """

    partition: float
    diffusion_um2_per_min: float
    thickness_um: float = math.inf

    def __post_init__(self) -> None:
        require_number(self.partition, "partition", least=0, remedy="it is a ratio of concentrations, not its logarithm")
        require_number(self.diffusion_um2_per_min, "diffusion_um2_per_min", above=0, remedy="1e-11 m²/s is 600 µm²/min")
        if self.thickness_um != math.inf:
            require_number(self.thickness_um, "thickness_um", above=0)
