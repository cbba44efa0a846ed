"""What a particle meets at the floor: a perfect sink, a floor that sticks at a finite rate, or one with finite room.

The flux onto the floor is ``J = k c (1 − Γ/Γmax) − r Γ`` with the concentration ``c`` just above it and the load ``Γ`` on it
(Langmuir kinetics). Concentrations are counted in units of the starting one, so that a load has the unit µm: the height of
medium whose particles it holds. In balance ``Γ = Γmax c/(K + c)`` with ``K = r Γmax/k``, the isotherm used by DeLoid et al. 2015
(Part Fibre Toxicol 12:32) for particles that stick to cells with a dissociation constant.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from coculture.errors import InputError
from coculture.sound_numbers import require_number


@dataclass(frozen=True)
class Floor:
    """A floor.

    Attributes
    ----------
    adhesion_um_per_min : k; infinite is a perfect sink, 0 a floor nothing sticks to.
    release_per_min : r, the rate at which stuck particles come off.
    capacity_um : Γmax, in µm of the starting medium; infinite where there is room for all.

    Raises
    ------
    InputError : if a rate is negative, the capacity is not above 0, or a perfect sink is given a release or a capacity.
    """

    adhesion_um_per_min: float = math.inf
    release_per_min: float = 0.0
    capacity_um: float = math.inf

    def __post_init__(self) -> None:
        require_number(self.release_per_min, "release_per_min", least=0)
        if self.capacity_um != math.inf:
            require_number(self.capacity_um, "capacity_um", above=0)
        if self.adhesion_um_per_min != math.inf:
            require_number(self.adhesion_um_per_min, "adhesion_um_per_min", least=0)
        elif self.release_per_min or self.capacity_um != math.inf:
            raise InputError(
                "a perfect sink keeps everything: it has neither release nor capacity",
                "adhesion_um_per_min",
                "give a finite adhesion rate in µm/min",
            )

    @property
    def is_sink(self) -> bool:
        """Whether every particle that arrives stays."""
        return self.adhesion_um_per_min == math.inf

    @property
    def dissociation(self) -> float:
        """Half-saturating concentration ``r Γmax/k`` in units of the starting one; NaN for a sink or unlimited room."""
        if self.is_sink or self.capacity_um == math.inf or self.adhesion_um_per_min == 0:
            return math.nan
        return self.release_per_min * self.capacity_um / self.adhesion_um_per_min


PERFECT_SINK = Floor()


def capacity_height_um(sites_per_cm2: float, particles_per_ml: float) -> float:
    """Return the capacity of a floor with so many sites as a height of medium, µm.

    Raises
    ------
    InputError : if a number is not above 0.
    """
    require_number(sites_per_cm2, "sites_per_cm2", above=0)
    require_number(particles_per_ml, "particles_per_ml", above=0)
    return 1e4 * sites_per_cm2 / particles_per_ml
