"""The power law of Korsmeyer and Peppas: ``f = k tⁿ`` for the first 60 % of a release.

Korsmeyer et al. 1983, Int J Pharm 15:25. The exponent tells the mechanism, by the shape of the carrier (Ritger & Peppas 1987, J
Control Release 5:23; Siepmann & Peppas 2001, Adv Drug Deliv Rev 48:139):

==========  ================  ==================  =================
shape       Fickian           between             swelling (case II)
==========  ================  ==================  =================
film        0.5               0.5 < n < 1         1
cylinder    0.45              0.45 < n < 0.89     0.89
sphere      0.43              0.43 < n < 0.85     0.85
==========  ================  ==================  =================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coculture.compounds.release.base import EARLY_PART, ReleaseLaw
from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]
Shape = Literal["sphere", "cylinder", "film"]

EXPONENTS: dict[str, tuple[float, float]] = {"film": (0.5, 1.0), "cylinder": (0.45, 0.89), "sphere": (0.43, 0.85)}
"""Exponent of Fickian diffusion and of case-II transport, by shape."""


@dataclass(frozen=True)
class KorsmeyerPeppasRelease(ReleaseLaw):
    """Power-law release.

    Attributes
    ----------
    rate_per_h_to_n : k, fraction per hⁿ.
    exponent : n.
    shape : of the carrier; it fixes which exponents have a meaning.

    Raises
    ------
    InputError : if k is not above 0, the shape is unknown, or n lies outside what is known for the shape.
    """

    name = "the Korsmeyer-Peppas law"
    valid_fraction = EARLY_PART
    rate_per_h_to_n: float
    exponent: float
    shape: Shape = "sphere"

    def __post_init__(self) -> None:
        require_number(self.rate_per_h_to_n, "rate_per_h_to_n", above=0)
        if self.shape not in EXPONENTS:
            raise InputError(f"there is no shape {self.shape!r}", "shape", "use one of: " + ", ".join(EXPONENTS))
        fickian, swelling = EXPONENTS[self.shape]
        require_number(
            self.exponent,
            "exponent",
            least=fickian,
            most=swelling,
            remedy=f"a {self.shape} has {fickian:g} (diffusion) to {swelling:g} (swelling); below it fit another law, "
            "such as Weibull's: a burst or a spread of sizes is not this law",
        )

    @property
    def mechanism(self) -> str:
        """What the exponent says: "diffusion", "swelling" or "diffusion and swelling"."""
        fickian, swelling = EXPONENTS[self.shape]
        if np.isclose(self.exponent, fickian):
            return "diffusion"
        return "swelling" if np.isclose(self.exponent, swelling) else "diffusion and swelling"

    def _fraction(self, minutes: Floats) -> Floats:
        return np.asarray(self.rate_per_h_to_n * (minutes / 60) ** self.exponent)

    def minutes_until(self, fraction: float) -> float:
        """Return ``(f/k)^{1/n}``, min."""
        share = require_number(fraction, "fraction", least=0, most=1)
        return float(60 * (share / self.rate_per_h_to_n) ** (1 / self.exponent))
