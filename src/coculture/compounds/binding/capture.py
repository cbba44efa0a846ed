"""How much of a ligand the cells themselves catch: one cell's own receptors, and a lawn of cells.

Receptors on a sphere of radius a catch at ``kon R`` (per concentration) what diffusion brings at ``4 π D a``: the chance that a
molecule released at the cell is caught by it is ``kon R/(kon R + 4 π D a)`` (Berg & Purcell 1977, Biophys J 20:193;
Shvartsman et al. 2001 for autocrine loops). Base units: µm, min, µM; ``kon`` in 1/(µM min).
"""

from __future__ import annotations

import math

from coculture.sound_numbers import require_number

MOLECULES_PER_UM3_UM = 602.214076
"""Molecules in 1 µm³ at 1 µM."""


def receptor_capture_um3_per_min(on_rate_per_um_min: float, receptors: float) -> float:
    """Return the volume that receptors clear per time when diffusion does not limit, ``kon R``, µm³/min.

    Parameters
    ----------
    on_rate_per_um_min : kon, 1/(µM min); 1e6 /M/s is 60.
    receptors : free receptors on the cell.

    Raises
    ------
    InputError : if a number is negative.
    """
    require_number(on_rate_per_um_min, "on_rate_per_um_min", least=0)
    require_number(receptors, "receptors", least=0)
    return on_rate_per_um_min * receptors / MOLECULES_PER_UM3_UM


def diffusive_capture_um3_per_min(diffusion_um2_per_min: float, radius_um: float) -> float:
    """Return Smoluchowski's rate of a perfectly absorbing sphere, ``4 π D a``, µm³/min; InputError if a number is not above 0."""
    require_number(diffusion_um2_per_min, "diffusion_um2_per_min", above=0)
    require_number(radius_um, "radius_um", above=0)
    return 4 * math.pi * diffusion_um2_per_min * radius_um


def self_capture_probability(
    diffusion_um2_per_min: float, radius_um: float, on_rate_per_um_min: float, receptors: float
) -> float:
    """Return the chance that a molecule released at a lone cell's surface is caught by that cell.

    Raises
    ------
    InputError : if D or the radius is not above 0, or another number is negative.
    """
    caught = receptor_capture_um3_per_min(on_rate_per_um_min, receptors)
    return caught / (caught + diffusive_capture_um3_per_min(diffusion_um2_per_min, radius_um))


def lawn_capture_um_per_min(on_rate_per_um_min: float, receptors: float, cells_per_cm2: float) -> float:
    """Return the capture velocity of a lawn of cells, ``kon R × cells per area``, µm/min; InputError if a number is negative."""
    require_number(cells_per_cm2, "cells_per_cm2", least=0)
    return receptor_capture_um3_per_min(on_rate_per_um_min, receptors) * cells_per_cm2 * 1e-8


def trapping_length_um(diffusion_um2_per_min: float, capture_um_per_min: float) -> float:
    """Return how far a ligand spreads above a lawn before it is caught, ``D/kc``, µm; InputError if a number is not above 0."""
    require_number(diffusion_um2_per_min, "diffusion_um2_per_min", above=0)
    require_number(capture_um_per_min, "capture_um_per_min", above=0, remedy="a lawn that catches nothing has no trapping length")
    return diffusion_um2_per_min / capture_um_per_min
