"""What every release law answers: how much is out at a time, between two times, and up to when it may be believed."""

from __future__ import annotations

import math
import warnings
from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.errors import InputError

Floats = NDArray[np.float64]

EARLY_PART = 0.6
"""The square-root and power laws describe the first 60 % of the release (Peppas 1985; Ritger & Peppas 1987)."""


class ReleaseWarning(UserWarning):
    """A release law is used beyond the part of the release it describes."""


class ReleaseLaw(ABC):
    """The released fraction of a carrier's load over time.

    Times are minutes since the carrier met the medium. Fractions lie between 0 and 1.
    """

    name: ClassVar[str]
    valid_fraction: ClassVar[float] = 1.0
    """The law is trusted up to this released fraction."""

    @abstractmethod
    def _fraction(self, minutes: Floats) -> Floats:
        """Return the law's own value at times that were checked; it may pass 1."""

    @abstractmethod
    def minutes_until(self, fraction: float) -> float:
        """Return the time at which the fraction is reached, min; infinite where it never is."""

    def released(self, minutes: ArrayLike) -> Floats:
        """Return the released fraction at each time.

        A law without plateau (Higuchi, Korsmeyer-Peppas) ends when it reaches 1: the carrier is empty and the fraction stays 1.
        Beyond the part of the release that the law describes a :class:`ReleaseWarning` says so, once a call.

        Parameters
        ----------
        minutes : times, any shape.

        Raises
        ------
        InputError : if a time is negative or not a number.
        """
        times = np.asarray(minutes, np.float64)
        if not bool((times >= 0).all()):
            raise InputError("a time is negative or not a number", "minutes", "give minutes since the carrier met the medium")
        fraction = self._fraction(times)
        beyond = float(fraction.max(initial=0.0))
        if beyond > self.valid_fraction * (1 + 1e-12):
            until = self.minutes_until(self.valid_fraction)
            warnings.warn(
                f"{self.name} describes the first {100 * self.valid_fraction:g} % of the release, here up to {until:.4g} min; "
                f"it was asked for {100 * min(1.0, beyond):.3g} %",
                ReleaseWarning,
                stacklevel=2,
            )
        return np.asarray(np.minimum(fraction, 1.0))

    def released_between(self, start_min: float, end_min: float) -> float:
        """Return the fraction released from ``start_min`` to ``end_min``; InputError if the end lies before the start."""
        if end_min < start_min:
            raise InputError(f"the end {end_min:g} min lies before the start {start_min:g} min", "end_min", "swap them")
        first, last = self.released([start_min, end_min])
        return float(last - first)

    def valid_until_min(self) -> float:
        """Return the time up to which the law may be believed, min; infinite where always."""
        return math.inf if self.valid_fraction >= 1 else self.minutes_until(self.valid_fraction)
