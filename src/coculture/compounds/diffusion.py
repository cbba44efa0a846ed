"""Diffusion in water, estimated where it was not measured. Every estimate is named, so that nobody takes it for a measurement."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coculture.sound_numbers import require_number

BOLTZMANN_J_PER_K = 1.380649e-23
AVOGADRO_PER_MOL = 6.02214076e23
WATER_ASSOCIATION = 2.6
WATER_MOLAR_MASS_G_PER_MOL = 18.015
PROTEIN_ML_PER_G = 0.73
COMPACT_ML_PER_G = 0.77
"""Volume a gram of a small drug takes in solution; drug crystals have about 1.3 g/mL."""
_UM2_PER_M2 = 1e12
_SECONDS = 60.0


@dataclass(frozen=True)
class Diffusion:
    """A diffusion coefficient in water.

    Attributes
    ----------
    um2_per_min : D at ``temperature_k`` and ``viscosity_pa_min``.
    method : how it is known: ``measured`` or the name of an estimate.
    """

    um2_per_min: float
    method: str


def wilke_chang(molar_volume_cm3_per_mol: float, temperature_k: float, viscosity_pa_min: float) -> float:
    """Return D in water, µm²/min: ``D = 7.4e-8 (φM)^½ T/(η V^0.6)`` in cm²/s, cP, cm³/mol (Wilke & Chang 1955, AIChE J 1:264).

    Parameters
    ----------
    molar_volume_cm3_per_mol : V at the normal boiling point (Le Bas).
    temperature_k, viscosity_pa_min : of the medium; water at 37 °C has 0.69 mPa·s = 1.15e-5 Pa·min.

    Raises
    ------
    InputError : if a number is not above 0.
    """
    volume = require_number(molar_volume_cm3_per_mol, "molar_volume_cm3_per_mol", above=0)
    kelvin, viscosity = _medium(temperature_k, viscosity_pa_min)
    centipoise = viscosity * _SECONDS * 1e3
    root = math.sqrt(WATER_ASSOCIATION * WATER_MOLAR_MASS_G_PER_MOL)
    cm2_per_s = 7.4e-8 * root * kelvin / (centipoise * volume**0.6)
    return float(cm2_per_s * 1e8 * _SECONDS)


def stokes_einstein(radius_nm: float, temperature_k: float, viscosity_pa_min: float) -> float:
    """Return D of a sphere, µm²/min: ``D = kT/(6πηr)`` (Einstein 1905, Ann Phys 17:549).

    Raises
    ------
    InputError : if a number is not above 0.
    """
    radius = require_number(radius_nm, "radius_nm", above=0)
    kelvin, viscosity = _medium(temperature_k, viscosity_pa_min)
    m2_per_min = BOLTZMANN_J_PER_K * kelvin / (6 * math.pi * viscosity * radius * 1e-9)
    return m2_per_min * _UM2_PER_M2


def compact_radius_nm(molar_mass_g_per_mol: float, ml_per_g: float) -> float:
    """Return the radius of the sphere that holds the molecule's mass, nm: ``(3 M v/(4 π N_A))^⅓``.

    For proteins (v = 0.73 mL/g) it is ``0.066 M^⅓`` nm (Erickson 2009, Biol Proced Online 11:32).

    Raises
    ------
    InputError : if a number is not above 0.
    """
    mass = require_number(molar_mass_g_per_mol, "molar_mass_g_per_mol", above=0)
    volume = require_number(ml_per_g, "ml_per_g", above=0)
    return float((3 * mass * volume * 1e21 / (4 * math.pi * AVOGADRO_PER_MOL)) ** (1 / 3))


def _medium(temperature_k: float, viscosity_pa_min: float) -> tuple[float, float]:
    kelvin = require_number(temperature_k, "temperature_k", above=0)
    return kelvin, require_number(viscosity_pa_min, "viscosity_pa_min", above=0)


def small_molecule(molar_mass_g_per_mol: float, temperature_k: float, viscosity_pa_min: float) -> Diffusion:
    """Return Stokes-Einstein's D of a compact sphere of 0.77 mL/g. Molecules under 300 g/mol diffuse up to a quarter faster."""
    radius = compact_radius_nm(molar_mass_g_per_mol, COMPACT_ML_PER_G)
    value = stokes_einstein(radius, temperature_k, viscosity_pa_min)
    return Diffusion(value, f"Stokes-Einstein, compact sphere of {COMPACT_ML_PER_G} mL/g from the molar mass")


def protein(molar_mass_g_per_mol: float, temperature_k: float, viscosity_pa_min: float, friction_ratio: float) -> Diffusion:
    """Return Stokes-Einstein's D of a protein whose Stokes radius is ``friction_ratio`` times its compact radius.

    Erickson 2009 gives 1.2 to 1.3 for globular proteins and 1.5 to 1.9 for moderately elongated ones.
    """
    ratio = require_number(friction_ratio, "friction_ratio", least=1)
    radius = ratio * compact_radius_nm(molar_mass_g_per_mol, PROTEIN_ML_PER_G)
    value = stokes_einstein(radius, temperature_k, viscosity_pa_min)
    return Diffusion(value, f"Stokes-Einstein, protein of {PROTEIN_ML_PER_G} mL/g with friction ratio {ratio:g}")
