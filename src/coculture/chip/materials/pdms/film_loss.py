"""What a PDMS wall leaves of a solute in a well-mixed film of medium, in closed form.

Thick wall: ``c/c0 = e^T erfc(√T)`` with ``T = K² Dp t/h²`` (Carslaw & Jaeger, Conduction of Heat in Solids, 2nd ed. 1959,
§12.4: a stirred fluid on a half space). Wall of thickness L: diffusion from a stirred solution of limited volume (Crank, The
Mathematics of Diffusion, 2nd ed. 1975, §4.3.5), which ends at ``1/(1 + K L/h)``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfcx

from coculture.chip.materials.pdms.wall import PdmsWall
from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


def remaining_fraction(minutes: ArrayLike, depth_um: float, wall: PdmsWall) -> Floats:
    """Return c/c0 of the medium.

    Parameters
    ----------
    minutes : times since the medium met the wall, any shape.
    depth_um : h, volume of medium per area of PDMS.
    wall : the wall, thick or thin.

    Raises
    ------
    InputError : if a time is negative or the depth not above 0.
    """
    times = np.asarray(minutes, np.float64)
    if not bool((times >= 0).all()) or not bool(np.isfinite(times).all()):
        raise InputError("times must be finite and not negative", "minutes", "give minutes since the medium met the wall")
    require_number(depth_um, "depth_um", above=0)
    thick = _thick(times, depth_um, wall)
    if math.isinf(wall.thickness_um) or wall.partition == 0:
        return thick
    tau = wall.diffusion_um2_per_min * times / wall.thickness_um**2
    # until the front has crossed the wall it does not know how thick it is
    return np.asarray(np.where(tau < 0.01, thick, _limited(np.maximum(tau, 0.01), depth_um, wall)))


def final_fraction(depth_um: float, wall: PdmsWall) -> float:
    """Return c/c0 at the end, ``1/(1 + K L/h)``: 0 for a thick wall that takes anything up.

    Raises
    ------
    InputError : if the depth is not above 0.
    """
    require_number(depth_um, "depth_um", above=0)
    return 1.0 if wall.partition == 0 else 1 / (1 + wall.partition * wall.thickness_um / depth_um)


def loss_time_min(depth_um: float, wall: PdmsWall) -> float:
    """Return the time ``h²/(K² Dp)`` at which 57 % is lost to a thick wall (T = 1); infinite where nothing is taken up.

    Raises
    ------
    InputError : if the depth is not above 0.
    """
    require_number(depth_um, "depth_um", above=0)
    return math.inf if wall.partition == 0 else (depth_um / wall.partition) ** 2 / wall.diffusion_um2_per_min


def _thick(times: Floats, depth: float, wall: PdmsWall) -> Floats:
    return np.asarray(erfcx(wall.partition * np.sqrt(wall.diffusion_um2_per_min * times) / depth))


def _limited(tau: Floats, depth: float, wall: PdmsWall) -> Floats:
    """Return Crank's sum, for ``Dp t/L²`` of at least 0.01."""
    ratio = depth / (wall.partition * wall.thickness_um)
    roots = _roots(ratio, int(np.sqrt(40 / 0.01) / np.pi) + 3)
    weight = 2 * ratio * (1 + ratio) / (1 + ratio + (ratio * roots) ** 2)
    decay = np.exp(-np.multiply.outer(tau, roots**2))
    taken = (1 - decay @ weight) / (1 + ratio)
    return np.asarray(1 - taken)


def _roots(ratio: float, modes: int) -> Floats:
    """Return the roots of ``sin q + α q cos q = 0`` above 0."""
    number = np.arange(modes)
    low, high = (number + 0.5) * np.pi, (number + 1) * np.pi
    before = np.where(number % 2 == 0, 1.0, -1.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        below = before * (np.sin(middle) + ratio * middle * np.cos(middle)) > 0
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(0.5 * (low + high))
