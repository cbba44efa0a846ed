"""The dose that was put into the medium beside the dose that reached the cells: by mass, number and surface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coculture.chip.particles.floor import PERFECT_SINK, Floor
from coculture.chip.particles.particle import Medium, Particle
from coculture.chip.particles.perfused.slice import Perfusion, perfused_deposition
from coculture.chip.particles.sizes import LogNormalSizes
from coculture.chip.particles.static.column import SettlingColumn
from coculture.chip.particles.static.deposition import deposited_fraction
from coculture.chip.particles.stokes import settling_velocity, stokes_einstein, stokes_notes
from coculture.sound_numbers import require_number

NOT_MODELLED = "aggregation, hindered settling and interaction between particles are not modelled"


@dataclass(frozen=True)
class AreaDose:
    """Particles per area of floor.

    Attributes
    ----------
    mass_ug_per_cm2, number_per_cm2, surface_cm2_per_cm2 : mass, number, and the particles' own surface.
    """

    mass_ug_per_cm2: float
    number_per_cm2: float
    surface_cm2_per_cm2: float

    def per_cell(self, cells_per_cm2: float) -> tuple[float, float]:
        """Return mass in pg and number of particles per cell; InputError if the density of cells is not above 0."""
        require_number(cells_per_cm2, "cells_per_cm2", above=0)
        return 1e6 * self.mass_ug_per_cm2 / cells_per_cm2, self.number_per_cm2 / cells_per_cm2


@dataclass(frozen=True)
class ParticleDose:
    """Administered and delivered dose.

    Attributes
    ----------
    administered : all that was above (or, under flow, was sent over) the floor.
    delivered : what reached it.
    fraction : delivered mass over administered mass.
    method : how the transport was computed.
    notes : what the numbers do not cover, in words.
    """

    administered: AreaDose
    delivered: AreaDose
    fraction: float
    method: str
    notes: tuple[str, ...]


def static_dose(
    particle: Particle,
    medium: Medium,
    *,
    concentration_ug_per_ml: float,
    height_um: float,
    minutes: float,
    floor: Floor = PERFECT_SINK,
    sizes: LogNormalSizes | None = None,
) -> ParticleDose:
    """Return the dose in a still well.

    Parameters
    ----------
    particle : the particle; where ``sizes`` is given, its diameters are scaled to each class, the shell kept as thick.
    medium : the liquid.
    concentration_ug_per_ml : mass concentration at the start.
    height_um : height of the medium above the cells.
    minutes : time of exposure.
    floor : what the particles meet.
    sizes : a distribution of diameters; None for one size.

    Raises
    ------
    InputError : if a number is out of its range.
    """
    require_number(concentration_ug_per_ml, "concentration_ug_per_ml", above=0)
    require_number(minutes, "minutes", least=0)
    methods: list[str] = []

    def fraction(one: Particle) -> float:
        found = deposited_fraction(SettlingColumn.of(one, medium, height_um), minutes, floor=floor)
        methods.append(found.method)
        return float(found.fraction[0])

    mass = concentration_ug_per_ml * height_um * 1e-4
    return _dose(particle, medium, mass, fraction, methods, sizes)


def perfused_dose(
    particle: Particle,
    medium: Medium,
    *,
    concentration_ug_per_ml: float,
    chamber: Perfusion,
    minutes: float,
    floor: Floor = PERFECT_SINK,
    sizes: LogNormalSizes | None = None,
) -> ParticleDose:
    """Return the mean dose over the floor of a chamber that is fed at constant concentration.

    The administered dose is what flowed in per area of floor. Steady deposition is taken from the first minute: filling and
    washing out are left out.

    Parameters
    ----------
    chamber : length, depth and mean velocity of the chamber.
    particle, medium, concentration_ug_per_ml, minutes, floor, sizes : as in :func:`static_dose`; the floor has no limited room.

    Raises
    ------
    InputError : if a number is out of its range.
    """
    require_number(concentration_ug_per_ml, "concentration_ug_per_ml", above=0)
    require_number(minutes, "minutes", least=0)

    def fraction(one: Particle) -> float:
        diffusion, settling = stokes_einstein(one, medium), settling_velocity(one, medium)
        return perfused_deposition(chamber, diffusion, settling, floor=floor).delivered_fraction

    sent_um = chamber.mean_velocity_um_per_min * minutes * chamber.depth_um / chamber.length_um
    notes = perfused_deposition(
        chamber, stokes_einstein(particle, medium), settling_velocity(particle, medium), floor=floor
    ).notes
    dose = _dose(particle, medium, concentration_ug_per_ml * sent_um * 1e-4, fraction, ["vertical slice"], sizes)
    return replace(dose, notes=dose.notes + notes)


def _dose(
    particle: Particle,
    medium: Medium,
    mass_ug_per_cm2: float,
    fraction: Callable[[Particle], float],
    methods: list[str],
    sizes: LogNormalSizes | None,
) -> ParticleDose:
    """Return the dose for a mass above each cm², with the share of each size that arrives."""
    if sizes is None:
        share = fraction(particle)
        whole = _area_dose(particle, mass_ug_per_cm2, np.ones(1), np.array([particle.diameter_nm]))
        reached = _area_dose(particle, mass_ug_per_cm2, np.array([share]), np.array([particle.diameter_nm]))
        return ParticleDose(whole, reached, share, methods[0], (*stokes_notes(particle, medium), NOT_MODELLED))
    diameters, weights = sizes.classes_by("mass")
    shares = np.array([fraction(_resized(particle, float(diameter))) for diameter in diameters])
    method = " and ".join(dict.fromkeys(methods))
    notes = tuple(
        dict.fromkeys(note for diameter in diameters for note in stokes_notes(_resized(particle, float(diameter)), medium))
    )
    whole = _area_dose(particle, mass_ug_per_cm2, weights, diameters)
    reached = _area_dose(particle, mass_ug_per_cm2, weights * shares, diameters)
    return ParticleDose(whole, reached, float((weights * shares).sum()), method, (*notes, NOT_MODELLED))


def _area_dose(
    particle: Particle, mass_ug_per_cm2: float, parts: NDArray[np.float64], diameters: NDArray[np.float64]
) -> AreaDose:
    """Turn mass per area, split over sizes, into number and surface."""
    sizes = [_resized(particle, float(diameter)) for diameter in diameters]
    masses = mass_ug_per_cm2 * parts
    numbers = np.array([mass / one.mass_ug for mass, one in zip(masses, sizes, strict=True)])
    surface = sum(number * one.surface_um2 for number, one in zip(numbers, sizes, strict=True)) * 1e-8
    return AreaDose(float(masses.sum()), float(numbers.sum()), float(surface))


def _resized(particle: Particle, diameter_nm: float) -> Particle:
    """Return the particle with another core and the same shell."""
    shell = 0.0 if particle.hydrodynamic_diameter_nm is None else particle.hydrodynamic_diameter_nm - particle.diameter_nm
    return Particle(diameter_nm, particle.density_kg_per_m3, diameter_nm + shell)
