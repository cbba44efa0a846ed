"""A particle and the medium it is suspended in."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coculture.sound_numbers import require_number


@dataclass(frozen=True)
class Particle:
    """A sphere of one size.

    Attributes
    ----------
    diameter_nm : diameter of the dense core: it sets mass, surface and buoyancy.
    density_kg_per_m3 : density of the core. Below the medium's the particle rises.
    hydrodynamic_diameter_nm : diameter that drags (core with its corona or shell, as dynamic light scattering gives it);
        None where it is the core's. The shell is taken to have the density of the medium.

    Raises
    ------
    InputError : if a diameter or density is not above 0, a diameter is above 0.1 mm, or the hydrodynamic diameter is smaller
        than the core.
    """

    diameter_nm: float
    density_kg_per_m3: float
    hydrodynamic_diameter_nm: float | None = None

    def __post_init__(self) -> None:
        require_number(self.diameter_nm, "diameter_nm", above=0, most=1e5, remedy="give the diameter of a particle in nm")
        require_number(
            self.density_kg_per_m3,
            "density_kg_per_m3",
            above=0,
            remedy="give the particle's density in kg/m³ (polystyrene 1050, silica 2000, gold 19300); it cannot be guessed",
        )
        if self.hydrodynamic_diameter_nm is not None:
            require_number(
                self.hydrodynamic_diameter_nm,
                "hydrodynamic_diameter_nm",
                least=self.diameter_nm,
                most=1e5,
                remedy="a shell cannot be thinner than nothing; leave it out where drag acts on the core itself",
            )

    @property
    def diameter_um(self) -> float:
        """Diameter of the core, µm."""
        return self.diameter_nm * 1e-3

    @property
    def drag_diameter_um(self) -> float:
        """Diameter that drags, µm."""
        return (self.hydrodynamic_diameter_nm or self.diameter_nm) * 1e-3

    @property
    def mass_ug(self) -> float:
        """Mass of one core, µg: ρ π d³/6 (1 kg/m³ is 1e-9 µg/µm³)."""
        return self.density_kg_per_m3 * 1e-9 * math.pi / 6 * self.diameter_um**3

    @property
    def surface_um2(self) -> float:
        """Surface of one core, µm²."""
        return math.pi * self.diameter_um**2


@dataclass(frozen=True)
class Medium:
    """The liquid.

    Attributes
    ----------
    temperature_k : temperature; 37 °C is 310.15 K.
    viscosity_mpa_s : dynamic viscosity. Water has 0.69 mPa s at 37 °C; serum raises it.
    density_kg_per_m3 : density.

    Raises
    ------
    InputError : if a value is not above 0, or the temperature is not one at which water is liquid.
    """

    temperature_k: float
    viscosity_mpa_s: float
    density_kg_per_m3: float

    def __post_init__(self) -> None:
        require_number(self.temperature_k, "temperature_k", least=273.15, most=373.15, remedy="37 °C is 310.15 K")
        require_number(self.viscosity_mpa_s, "viscosity_mpa_s", above=0, remedy="water at 37 °C has 0.69 mPa s")
        require_number(self.density_kg_per_m3, "density_kg_per_m3", above=0, remedy="culture medium has about 1000 kg/m³")

    @property
    def viscosity_pa_min(self) -> float:
        """Dynamic viscosity in base units, Pa min."""
        return self.viscosity_mpa_s * 1e-3 / 60
