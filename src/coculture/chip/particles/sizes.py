"""Particles of many sizes: a log-normal distribution cut into classes of known weight.

The classes are the nodes of a Gauss-Hermite rule in the logarithm of the diameter, so that sums over them are integrals over the
distribution. Weighting a log-normal distribution of number by mass moves its median to ``d exp(3 ln² σg)`` and keeps its
spread (Hatch & Choate 1929, J Franklin Inst 207:369).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]
Weighting = Literal["number", "surface", "mass"]
_POWER = {"number": 0, "surface": 2, "mass": 3}


@dataclass(frozen=True)
class LogNormalSizes:
    """A log-normal distribution of diameters.

    Attributes
    ----------
    median_diameter_nm : median of the number distribution.
    geometric_sd : geometric standard deviation σg, 1 for one size.
    classes : how many classes it is cut into.

    Raises
    ------
    InputError : if the median is not above 0, σg is below 1 or above 4, or there are fewer than 1 or more than 64 classes.
    """

    median_diameter_nm: float
    geometric_sd: float
    classes: int = 24

    def __post_init__(self) -> None:
        require_number(self.median_diameter_nm, "median_diameter_nm", above=0)
        require_number(self.geometric_sd, "geometric_sd", least=1, most=4, remedy="1 is one size; nanoparticles have 1.05 to 2")
        require_number(self.classes, "classes", least=1, most=64)

    def classes_by(self, weighting: Weighting) -> tuple[Floats, Floats]:
        """Return diameters in nm, and weights that sum to 1.

        Raises
        ------
        InputError : for an unknown weighting.
        """
        if weighting not in _POWER:
            raise InputError(f"there is no weighting by {weighting!r}", "weighting", "use one of: " + ", ".join(_POWER))
        width = math.log(self.geometric_sd)
        if width == 0:
            return np.array([self.median_diameter_nm]), np.ones(1)
        nodes, weights = np.polynomial.hermite_e.hermegauss(self.classes)
        median = self.median_diameter_nm * math.exp(_POWER[weighting] * width**2)
        return np.asarray(median * np.exp(width * nodes)), np.asarray(weights / weights.sum())
