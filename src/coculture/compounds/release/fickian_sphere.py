"""Diffusion out of a sphere in which the drug is dissolved, into a perfect sink.

``f = 1 − (6/π²) Σ n⁻² exp(−D n² π² t/R²)`` and, equal to it and quick for short times,
``f = 6 √τ (π^{−1/2} + 2 Σ ierfc(n/√τ)) − 3τ`` with ``τ = D t/R²`` (Crank, The Mathematics of Diffusion, 2nd ed. 1975, eqs
6.20, 6.21).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import erfc

from coculture.compounds.release.base import ReleaseLaw
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]

_SWITCH = 0.05
_LATE = np.arange(1, 13)[:, None]
_EARLY = np.arange(1, 4)[:, None]


@dataclass(frozen=True)
class FickianSphereRelease(ReleaseLaw):
    """Diffusion out of a sphere.

    Attributes
    ----------
    radius_nm : R.
    diffusion_um2_per_min : D inside the sphere; 1e-20 m²/s is 6e-7 µm²/min.

    Raises
    ------
    InputError : if R or D is not above 0.
    """

    name = "the Fickian sphere"
    radius_nm: float
    diffusion_um2_per_min: float

    def __post_init__(self) -> None:
        require_number(self.radius_nm, "radius_nm", above=0)
        require_number(self.diffusion_um2_per_min, "diffusion_um2_per_min", above=0, remedy="1e-20 m²/s is 6e-7 µm²/min")

    @property
    def _per_min(self) -> float:
        return self.diffusion_um2_per_min / (self.radius_nm * 1e-3) ** 2

    def _fraction(self, minutes: Floats) -> Floats:
        tau = np.ravel(self._per_min * minutes)
        late = 1 - 6 / np.pi**2 * (np.exp(-((np.pi * _LATE) ** 2) * np.maximum(tau, _SWITCH)) / _LATE**2).sum(axis=0)
        root = np.sqrt(np.clip(tau, 1e-300, _SWITCH))
        early = 6 * root * (1 / math.sqrt(np.pi) + 2 * _ierfc(_EARLY / root).sum(axis=0)) - 3 * root**2
        return np.asarray(np.where(tau == 0, 0.0, np.where(tau < _SWITCH, early, late))).reshape(np.shape(minutes))

    def minutes_until(self, fraction: float) -> float:
        """Return the time by root finding, min."""
        share = require_number(fraction, "fraction", least=0, most=1)
        if share in (0, 1):
            return math.inf if share else 0.0
        unit = 1 / self._per_min
        late = max(1.0, -math.log1p(-share)) * unit
        return float(brentq(lambda t: float(self._fraction(np.array([t]))[0]) - share, 0.0, late, xtol=1e-40 * unit, rtol=1e-14))


def _ierfc(value: Floats) -> Floats:
    """Return the integral of the complementary error function."""
    return np.asarray(np.exp(-(value**2)) / math.sqrt(np.pi) - value * erfc(value))
