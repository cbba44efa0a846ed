"""Higuchi's law: ``f = kH √t``, diffusion out of a slab that holds far more drug than dissolves.

T. Higuchi 1961, J Pharm Sci 50:874. Its assumptions (load well above solubility, flat geometry, perfect sink outside) hold
for the early part; it has no plateau.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.compounds.release.base import EARLY_PART, ReleaseLaw
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HiguchiRelease(ReleaseLaw):
    """Square-root release.

    Attributes
    ----------
    rate_per_root_h : kH, fraction per √h.

    Raises
    ------
    InputError : if kH is not above 0.
    """

    name = "Higuchi's law"
    valid_fraction = EARLY_PART
    rate_per_root_h: float

    def __post_init__(self) -> None:
        require_number(self.rate_per_root_h, "rate_per_root_h", above=0)

    def _fraction(self, minutes: Floats) -> Floats:
        return np.asarray(self.rate_per_root_h * np.sqrt(minutes / 60))

    def minutes_until(self, fraction: float) -> float:
        """Return ``(f/kH)²``, min."""
        share = require_number(fraction, "fraction", least=0, most=1)
        return 60 * (share / self.rate_per_root_h) ** 2


def higuchi_rate_per_root_h(
    diffusion_cm2_per_s: float, load_mg_per_cm3: float, solubility_mg_per_cm3: float, thickness_cm: float
) -> float:
    """Return kH of a slab open on one side: ``√(D (2A − Cs) Cs) / (A L)``, per √h.

    Parameters
    ----------
    diffusion_cm2_per_s : D in the matrix.
    load_mg_per_cm3 : A, drug per volume of matrix.
    solubility_mg_per_cm3 : Cs in the matrix, at most A.
    thickness_cm : L.

    Raises
    ------
    InputError : if a number is not above 0 or the solubility is above the load (the law then does not hold).
    """
    require_number(diffusion_cm2_per_s, "diffusion_cm2_per_s", above=0)
    require_number(load_mg_per_cm3, "load_mg_per_cm3", above=0)
    require_number(thickness_cm, "thickness_cm", above=0)
    require_number(
        solubility_mg_per_cm3,
        "solubility_mg_per_cm3",
        above=0,
        most=load_mg_per_cm3,
        remedy="Higuchi's law needs more drug than dissolves; use the Fickian sphere for dissolved drug",
    )
    per_area = np.sqrt(diffusion_cm2_per_s * 3600 * (2 * load_mg_per_cm3 - solubility_mg_per_cm3) * solubility_mg_per_cm3)
    return float(per_area / (load_mg_per_cm3 * thickness_cm))
