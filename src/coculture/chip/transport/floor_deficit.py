"""How much lower a solute is at the floor that takes it up than in the mean over the depth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError

Floats = NDArray[np.float64]


def floor_deficit_um(flux: Floats | float, depth_um: Floats | float, diffusion_um2_per_min: float, flowing: bool) -> Floats:
    """Return mean concentration less that at the floor, µM; transport gives the mean.

    Developed profiles between plates, uptake at one of them: (26/70) q h / D of the mean carried by the flow, q h / (3 D) of the
    mean over the depth at rest.

    Parameters
    ----------
    flux : uptake per area of floor, µM·µm/min (1 mol/m²/s is 6e10 of them).
    depth_um : depth, µm.
    diffusion_um2_per_min : diffusion coefficient, µm²/min.
    flowing : whether medium flows.

    Raises
    ------
    InputError : if the diffusion coefficient is not above 0.
    """
    if not np.isfinite(diffusion_um2_per_min) or diffusion_um2_per_min <= 0:
        raise InputError(f"diffusion_um2_per_min is {diffusion_um2_per_min}", "floor deficit", "give a finite number above 0")
    share = 26.0 / 70.0 if flowing else 1.0 / 3.0
    return np.asarray(share * np.asarray(flux, float) * depth_um / diffusion_um2_per_min)
