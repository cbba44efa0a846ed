"""First-order release: ``f = 1 − e^{−kt}``, each molecule leaves with the same chance per time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.compounds.release.base import ReleaseLaw
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FirstOrderRelease(ReleaseLaw):
    """First-order release.

    Attributes
    ----------
    rate_per_h : k, 1/h.

    Raises
    ------
    InputError : if k is not above 0.
    """

    name = "first-order release"
    rate_per_h: float

    def __post_init__(self) -> None:
        require_number(self.rate_per_h, "rate_per_h", above=0)

    def _fraction(self, minutes: Floats) -> Floats:
        return np.asarray(-np.expm1(-self.rate_per_h / 60 * minutes))

    def minutes_until(self, fraction: float) -> float:
        """Return ``−ln(1 − f)/k``, min."""
        share = require_number(fraction, "fraction", least=0, most=1)
        return math.inf if share == 1 else -math.log1p(-share) / (self.rate_per_h / 60)
