"""A column of medium above the cells, in which one kind of particle settles and diffuses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.chip.particles.particle import Medium, Particle
from coculture.chip.particles.stokes import settling_velocity, stokes_einstein
from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SettlingColumn:
    """``∂c/∂t = D ∂²c/∂z² − v ∂c/∂z`` below a closed top, ``c = 1`` everywhere at the start.

    Attributes
    ----------
    height_um : height H of the medium.
    diffusion_um2_per_min : D.
    settling_um_per_min : v, positive downward.

    Raises
    ------
    InputError : if the height or the diffusion coefficient is not above 0.
    """

    height_um: float
    diffusion_um2_per_min: float
    settling_um_per_min: float

    def __post_init__(self) -> None:
        require_number(self.height_um, "height_um", above=0, remedy="give the height of the medium above the cells in µm")
        require_number(self.diffusion_um2_per_min, "diffusion_um2_per_min", above=0)
        require_number(self.settling_um_per_min, "settling_um_per_min")

    @classmethod
    def of(cls, particle: Particle, medium: Medium, height_um: float) -> SettlingColumn:
        """Return the column of ``particle`` in ``medium``."""
        return cls(height_um, stokes_einstein(particle, medium), settling_velocity(particle, medium))

    @property
    def peclet(self) -> float:
        """``P = v H / (2 D)``: settling against diffusion over the height."""
        return self.settling_um_per_min * self.height_um / (2 * self.diffusion_um2_per_min)

    def diffusion_times(self, minutes: Floats) -> Floats:
        """Return ``D t / H²``."""
        return np.asarray(self.diffusion_um2_per_min * minutes / self.height_um**2)


def as_minutes(minutes: ArrayLike) -> Floats:
    """Return times as a flat array.

    Raises
    ------
    InputError : if there is none, or one is negative or not finite.
    """
    times = np.atleast_1d(np.asarray(minutes, np.float64)).ravel()
    if not len(times) or not bool(np.isfinite(times).all()) or bool((times < 0).any()):
        raise InputError("times must be finite and not negative", "minutes", "give times in minutes from the start, 0 or later")
    return times
