"""Deposition on an absorbing floor under shear, while the layer that is emptied stays thin (Lévêque 1928).

With the shear rate γ at the floor and x the way from where the floor begins to absorb, the mass transfer velocity is
``k(x) = (D² γ / x)^{1/3} / (9^{1/3} Γ(4/3))`` and its mean over a length L is ``3/2 k(L)``. The layer is about
``δ = (D x/γ)^{1/3}`` thick; the law holds while δ is small beside the depth, without settling, and without diffusion along x
(``x`` well above ``√(D/γ)``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gamma

from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]

CONSTANT = float(1 / (9 ** (1 / 3) * gamma(4 / 3)))
"""9^(-1/3)/Γ(4/3) = 0.538366."""

CELLS_PER_LAYER = 6
"""Cells the layer must have on a grid for the law to come out."""


def leveque_velocity(diffusion_um2_per_min: float, shear_per_min: float, way_um: ArrayLike) -> Floats:
    """Return the mass transfer velocity k(x), µm/min.

    Parameters
    ----------
    diffusion_um2_per_min : D.
    shear_per_min : shear rate at the floor, 1/min (100/s is 6000/min); ``6 U/h`` between plates.
    way_um : x, above 0, any shape.

    Raises
    ------
    InputError : if a number is not above 0.
    """
    _require(diffusion_um2_per_min, shear_per_min)
    way = np.asarray(way_um, np.float64)
    if not bool((way > 0).all()):
        raise InputError(f"the way from the edge must be above 0, found {way.min():g}", "way_um", "k is infinite at the edge")
    return np.asarray(CONSTANT * np.cbrt(diffusion_um2_per_min**2 * shear_per_min / way))


def leveque_mean_velocity(diffusion_um2_per_min: float, shear_per_min: float, length_um: float) -> float:
    """Return the mean mass transfer velocity over a length, µm/min; InputError if a number is not above 0."""
    return 1.5 * float(leveque_velocity(diffusion_um2_per_min, shear_per_min, length_um))


def layer_thickness(diffusion_um2_per_min: float, shear_per_min: float, way_um: ArrayLike) -> Floats:
    """Return ``δ = (D x/γ)^{1/3}``, µm; InputError if D or γ is not above 0."""
    _require(diffusion_um2_per_min, shear_per_min)
    return np.asarray(np.cbrt(diffusion_um2_per_min * np.asarray(way_um, np.float64) / shear_per_min))


def resolved_from(diffusion_um2_per_min: float, shear_per_min: float, cell_um: float) -> float:
    """Return the way x from which on the layer has six cells of height ``cell_um``, µm."""
    _require(diffusion_um2_per_min, shear_per_min)
    require_number(cell_um, "cell_um", above=0)
    return (CELLS_PER_LAYER * cell_um) ** 3 * shear_per_min / diffusion_um2_per_min


def _require(diffusion: float, shear: float) -> None:
    require_number(diffusion, "diffusion_um2_per_min", above=0)
    require_number(shear, "shear_per_min", above=0, remedy="without flow use the still well")
