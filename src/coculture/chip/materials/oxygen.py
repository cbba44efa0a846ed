"""Oxygen (or any nutrient) above a lawn of cells that consumes it: estimates in closed form.

Base units: consumption in µM·µm/min (amount per area and time), D in µm²/min, concentrations in µM.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import wrightomega

from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


def lawn_consumption(amol_per_cell_per_s: float, cells_per_cm2: float) -> float:
    """Return the consumption of a lawn, µM·µm/min; InputError if a number is negative.

    50 amol per cell and second at 1e5 cells/cm² are 5e-8 mol/m²/s or 3000 µM·µm/min.
    """
    require_number(amol_per_cell_per_s, "amol_per_cell_per_s", least=0)
    require_number(cells_per_cm2, "cells_per_cm2", least=0)
    return amol_per_cell_per_s * cells_per_cm2 * 6e-4


def damkoehler(consumption: float, depth_um: float, diffusion_um2_per_min: float, supply_um: float) -> float:
    """Return ``q h/(D c0)``: consumption against diffusion over the depth; InputError if a number is out of range."""
    require_number(consumption, "consumption", least=0)
    require_number(depth_um, "depth_um", above=0)
    require_number(diffusion_um2_per_min, "diffusion_um2_per_min", above=0)
    require_number(supply_um, "supply_um", above=0)
    return consumption * depth_um / (diffusion_um2_per_min * supply_um)


def still_floor_fraction(consumption: float, depth_um: float, diffusion_um2_per_min: float, supply_um: float) -> float:
    """Return c/c0 at the cells under still medium whose surface is kept at c0: ``1 − q H/(D c0)``.

    Raises
    ------
    InputError : if a number is out of range, or consumption outruns supply (the fraction would be negative).
    """
    fraction = 1 - damkoehler(consumption, depth_um, diffusion_um2_per_min, supply_um)
    return _require_left(fraction, "cells under still medium", "use less medium or fewer cells")


def perfused_outlet_fraction(
    consumption: float, length_um: float, width_um: float, flow_um3_per_min: float, supply_um: float
) -> float:
    """Return the mean c/c0 at the outlet of a perfused chamber, ``1 − q L w/(Q c0)``.

    Raises
    ------
    InputError : if a number is out of range, or consumption outruns supply.
    """
    require_number(consumption, "consumption", least=0)
    for where, value in (
        ("length_um", length_um),
        ("width_um", width_um),
        ("flow_um3_per_min", flow_um3_per_min),
        ("supply_um", supply_um),
    ):
        require_number(value, where, above=0)
    fraction = 1 - consumption * length_um * width_um / (flow_um3_per_min * supply_um)
    return _require_left(fraction, "the chamber", "perfuse faster")


def floor_deficit_fraction(consumption: float, depth_um: float, diffusion_um2_per_min: float, supply_um: float) -> float:
    """Return how far c at the floor lies below the mean over the depth, in units of c0: ``(26/70) q h/(D c0)``.

    Fully developed, parabolic flow between plates, uptake at the floor only (26/70 is one over the Sherwood number of 2.69
    there).
    """
    return 26 / 70 * damkoehler(consumption, depth_um, diffusion_um2_per_min, supply_um)


def least_flow_um3_per_min(
    consumption: float, length_um: float, width_um: float, supply_um: float, least_fraction: float
) -> float:
    """Return the flow that keeps the outlet's mean at ``least_fraction`` of c0, ``q L w/(c0 (1 − f))``.

    Raises
    ------
    InputError : if a number is out of range or the fraction is not from 0 to below 1.
    """
    require_number(consumption, "consumption", least=0)
    for where, value in (("length_um", length_um), ("width_um", width_um), ("supply_um", supply_um)):
        require_number(value, where, above=0)
    share = require_number(least_fraction, "least_fraction", least=0, most=1)
    if share == 1:
        raise InputError("no flow keeps all of what is consumed", "least_fraction", "give a fraction below 1")
    return consumption * length_um * width_um / (supply_um * (1 - share))


def saturable_profile(
    way_um: ArrayLike, *, consumption: float, half_um: float, supply_um: float, velocity_um_per_min: float, depth_um: float
) -> Floats:
    """Return c along a chamber whose cells consume ``q c/(K + c)``.

    ``U h dc/dx = −q c/(K + c)`` gives ``K ln(c0/c) + c0 − c = q x/(U h)``, solved by Lambert's function.

    Parameters
    ----------
    way_um : x, any shape.
    consumption : q at saturation, µM·µm/min.
    half_um : K, µM.
    supply_um : c0, µM.
    velocity_um_per_min, depth_um : U and h.

    Raises
    ------
    InputError : if a number is out of range.
    """
    require_number(consumption, "consumption", least=0)
    named = (("half_um", half_um), ("supply_um", supply_um), ("velocity_um_per_min", velocity_um_per_min), ("depth_um", depth_um))
    for where, value in named:
        require_number(value, where, above=0)
    way = np.asarray(way_um, np.float64)
    if not bool((way >= 0).all()):
        raise InputError("a place lies before the inlet", "way_um", "give distances from the inlet, 0 or more")
    used = consumption * way / (velocity_um_per_min * depth_um)
    exponent = np.log(supply_um / half_um) + (supply_um - used) / half_um
    return np.asarray(half_um * np.real(wrightomega(exponent)))


def _require_left(fraction: float, where: str, remedy: str) -> float:
    if fraction < 0:
        raise InputError(
            f"consumption outruns supply {1 - fraction:.3g}-fold at {where}: with constant consumption c would be negative",
            "consumption",
            remedy + ", or use a saturable consumption",
        )
    return fraction
