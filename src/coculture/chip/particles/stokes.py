"""How a small sphere diffuses and settles: Stokes-Einstein and Stokes.

Both hold for a lone sphere in a quiet liquid, far from walls, with a particle Reynolds number well below 1.
"""

from __future__ import annotations

import math

from coculture.chip.particles.particle import Medium, Particle

BOLTZMANN_J_PER_K = 1.380649e-23
GRAVITY_M_PER_S2 = 9.80665

_PA_UM3_PER_J = 1e18
_PA_PER_UM = 1e-6
STOKES_REYNOLDS = 0.1
"""Up to this particle Reynolds number Stokes' drag is right to about 2 % (Oseen's correction is 3/16 Re)."""


def stokes_einstein(particle: Particle, medium: Medium) -> float:
    """Return the diffusion coefficient ``kT / (3 π µ d)``, µm²/min (Einstein 1905, Ann Phys 322:549)."""
    thermal = BOLTZMANN_J_PER_K * medium.temperature_k * _PA_UM3_PER_J
    return thermal / (3 * math.pi * medium.viscosity_pa_min * particle.drag_diameter_um)


def settling_velocity(particle: Particle, medium: Medium) -> float:
    """Return the settling velocity, µm/min, positive downward and negative for a particle that floats.

    Buoyant weight over drag, ``g (ρp − ρf) d³ / (18 µ d_h)``; with ``d_h = d`` Stokes' ``g Δρ d²/(18 µ)``.
    """
    excess = particle.density_kg_per_m3 - medium.density_kg_per_m3
    push = GRAVITY_M_PER_S2 * excess * _PA_PER_UM
    return push * particle.diameter_um**3 / (18 * medium.viscosity_pa_min * particle.drag_diameter_um)


def particle_reynolds(particle: Particle, medium: Medium) -> float:
    """Return ``ρf |v| d / µ`` of the settling particle."""
    speed_m_per_s = abs(settling_velocity(particle, medium)) * 1e-6 / 60
    return medium.density_kg_per_m3 * speed_m_per_s * particle.drag_diameter_um * 1e-6 / (medium.viscosity_mpa_s * 1e-3)


def stokes_notes(particle: Particle, medium: Medium) -> tuple[str, ...]:
    """Return, in words, where the particle leaves what these laws cover."""
    notes = []
    reynolds = particle_reynolds(particle, medium)
    if reynolds > STOKES_REYNOLDS:
        notes.append(f"the particle's Reynolds number is {reynolds:.2g}: Stokes' law overestimates how fast it settles")
    if settling_velocity(particle, medium) < 0:
        notes.append("the particle is lighter than the medium and rises: the floor is reached by diffusion alone")
    return tuple(notes)
