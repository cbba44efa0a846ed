"""Weibull's law: ``f = 1 − exp(−(t/td)^b)``; at td 63.2 % is out.

An empirical law for dissolution (Langenbucher 1972, J Pharm Pharmacol 24:979): it fits curves with a burst (b < 1) and with a
lag (b > 1), and says nothing of the mechanism.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.compounds.release.base import ReleaseLaw
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WeibullRelease(ReleaseLaw):
    """Weibull release.

    Attributes
    ----------
    scale_h : td, hours.
    shape : b.

    Raises
    ------
    InputError : if td or b is not above 0.
    """

    name = "Weibull's law"
    scale_h: float
    shape: float

    def __post_init__(self) -> None:
        require_number(self.scale_h, "scale_h", above=0)
        require_number(self.shape, "shape", above=0)

    def _fraction(self, minutes: Floats) -> Floats:
        return np.asarray(-np.expm1(-((minutes / 60 / self.scale_h) ** self.shape)))

    def minutes_until(self, fraction: float) -> float:
        """Return ``td (−ln(1 − f))^{1/b}``, min."""
        share = require_number(fraction, "fraction", least=0, most=1)
        return math.inf if share == 1 else float(60 * self.scale_h * (-math.log1p(-share)) ** (1 / self.shape))
