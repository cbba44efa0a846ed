"""A nano-carrier as a run uses it."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.chip.particles.particle import Medium, Particle
from coculture.compounds.release.base import ReleaseLaw, ReleaseWarning

Floats = NDArray[np.float64]

CULTURE_MEDIUM = Medium(310.15, 0.692, 993.3)
"""Water at 37 °C (Kestin et al. 1978, J Phys Chem Ref Data 7:941; density of the IAPWS tables)."""


@dataclass(frozen=True)
class DosedCarrier:
    """A nano-carrier of a run. Amounts of drug are µM·µm³ (1e-21 mol); a dose is the µM of drug its carriers bring.

    Attributes
    ----------
    name : what is dosed.
    drug : name of the drug it carries.
    diameter_nm, density_g_per_cm3 : of the sphere that moves in the medium.
    drug_per_carrier : amount of drug in one fresh carrier.
    release : its release law, by age since it met the medium.
    uptake_per_min : rate at which a carrier at a cell's surface is taken in; 0: it stays outside.
    lost_per_min : rate at which a carrier inside is broken down with its load.
    most_per_cell : carriers a cell can hold.
    drug_leaves_per_min : rate at which drug that was set free inside a cell leaves it for the medium.
    """

    name: str
    drug: str
    diameter_nm: float
    density_g_per_cm3: float
    drug_per_carrier: float
    release: ReleaseLaw
    uptake_per_min: float = 0.0
    lost_per_min: float = 0.0
    most_per_cell: float = math.inf
    drug_leaves_per_min: float = 0.0

    @property
    def particle(self) -> Particle:
        """The sphere."""
        return Particle(self.diameter_nm, 1e3 * self.density_g_per_cm3)

    @property
    def most_inside(self) -> float:
        """The largest first load a cell can hold in carriers, µM·µm³."""
        return self.most_per_cell * self.drug_per_carrier

    def released(self, minutes: ArrayLike) -> Floats:
        """Return the released fraction at each age; how long the law may be believed is told once, before the run."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReleaseWarning)
            return self.release.released(np.maximum(np.asarray(minutes, np.float64), 0.0))
