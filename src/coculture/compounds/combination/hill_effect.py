"""The effect of one drug as a Hill curve, and its inverse: the dose that alone has a given effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HillEffect:
    """``effect(d) = base + (top - base) * d**slope / (ec50**slope + d**slope)``.

    Attributes
    ----------
    base, top : effect without the drug and at endless dose, in one unit of effect; ``top`` may lie below ``base``.
    slope : Hill slope, above 0.
    ec50 : dose of half of the way, in the unit of the doses, above 0.

    Raises
    ------
    InputError : for a slope or an ec50 that is not above 0.
    """

    base: float
    top: float
    slope: float
    ec50: float

    def __post_init__(self) -> None:
        if not (self.slope > 0 and self.ec50 > 0):
            raise InputError(
                f"a Hill curve with slope {self.slope:g} and EC50 {self.ec50:g} has no shape",
                remedy="give a slope and an EC50 above 0; a falling effect has its top below its base",
            )

    def effect(self, dose: ArrayLike) -> Floats:
        """Return the effect at doses >= 0, any shape."""
        with np.errstate(divide="ignore"):
            argument = self.slope * (np.log(np.asarray(dose, dtype=np.float64)) - np.log(self.ec50))
        return np.asarray(self.base + (self.top - self.base) * rising(argument))

    def dose_share(self, dose: ArrayLike, effect: ArrayLike) -> Floats:
        """Return ``dose / D(effect)``: what part of the effect's own dose is given.

        0 where the drug does not reach the effect at any dose (its dose would be endless), infinite where the effect is
        passed without the drug. A dose of 0 always has the share 0.
        """
        amount, level = np.broadcast_arrays(np.asarray(dose, dtype=np.float64), np.asarray(effect, dtype=np.float64))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            done, left = level - self.base, self.top - level
            if self.top < self.base:
                done, left = -done, -left
            log_dose = np.log(self.ec50) + (np.log(np.maximum(done, 0.0)) - np.log(np.maximum(left, 0.0))) / self.slope
            share = amount * np.exp(-log_dose)
        return np.where((amount <= 0) | (left <= 0), 0.0, np.where(done <= 0, np.inf, share))


def rising(argument: Floats) -> Floats:
    """Return ``1 / (1 + exp(-argument))`` without overflow."""
    small = np.exp(-np.abs(argument))
    return np.where(argument >= 0, 1.0, small) / (1.0 + small)
