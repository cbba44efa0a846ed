"""The liquid: viscosity and density, and how viscosity falls with shear where it does."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coculture.errors import InputError

SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True)
class PowerLaw:
    """Viscosity K γ^(n-1), held constant below ``lowest_rate_per_s``.

    Attributes
    ----------
    consistency_pa_s_n : K, Pa·sⁿ.
    exponent : n; 1 is a Newtonian liquid, below 1 shear-thinning.
    lowest_rate_per_s : shear rate below which viscosity stays what it is there, 1/s.
    """

    consistency_pa_s_n: float
    exponent: float
    lowest_rate_per_s: float = 1e-6

    def viscosity_pa_s(self, rate_per_s: float) -> float:
        """Return the viscosity (Pa·s) at a shear rate (1/s)."""
        return self.consistency_pa_s_n * math.pow(max(rate_per_s, self.lowest_rate_per_s), self.exponent - 1)


@dataclass(frozen=True)
class Carreau:
    """Viscosity μ∞ + (μ0 - μ∞) (1 + (λγ)²)^((n-1)/2).

    Attributes
    ----------
    rest_viscosity_pa_s, fast_viscosity_pa_s : μ0 at rest and μ∞ at very high shear rate, Pa·s.
    time_s : λ, s.
    exponent : n.
    """

    rest_viscosity_pa_s: float
    fast_viscosity_pa_s: float
    time_s: float
    exponent: float

    def viscosity_pa_s(self, rate_per_s: float) -> float:
        """Return the viscosity (Pa·s) at a shear rate (1/s)."""
        thinning = math.pow(1 + (self.time_s * rate_per_s) ** 2, 0.5 * (self.exponent - 1))
        return self.fast_viscosity_pa_s + (self.rest_viscosity_pa_s - self.fast_viscosity_pa_s) * thinning


@dataclass(frozen=True)
class Medium:
    """A liquid.

    Attributes
    ----------
    viscosity_pa_s : dynamic viscosity, Pa·s; 0.00069 is water at 37 °C. Of a shear-thinning liquid: where Picard starts.
    density_kg_per_m3 : density.
    thinning : how viscosity depends on the shear rate; None for a Newtonian liquid.

    Raises
    ------
    InputError : if a number is not positive and finite, or an exponent is outside 0.1 to 1.
    """

    viscosity_pa_s: float
    density_kg_per_m3: float = 1000.0
    thinning: PowerLaw | Carreau | None = None

    def __post_init__(self) -> None:
        _positive("viscosity_pa_s", self.viscosity_pa_s)
        _positive("density_kg_per_m3", self.density_kg_per_m3)
        law = self.thinning
        if law is None:
            return
        for name, value in vars(law).items():
            _positive(f"thinning.{name}", value)
        if not 0.1 <= law.exponent <= 1:
            raise InputError(
                f"a shear-thinning exponent of {law.exponent:g} cannot be used",
                where="medium.thinning.exponent",
                remedy="give one from 0.1 to 1; 1 is Newtonian",
            )

    @property
    def viscosity_pa_min(self) -> float:
        """Dynamic viscosity in base units, Pa·min."""
        return self.viscosity_pa_s / SECONDS_PER_MINUTE


def _positive(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise InputError(f"{name} is {value!r}", where=f"medium.{name}", remedy="give a positive number")
