"""An estimate with its limits, and what a fit rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_NAN = float("nan")


@dataclass(frozen=True)
class Estimate:
    """A number and its confidence limits; NaN where not determined (the fit's status says why)."""

    value: float = _NAN
    low: float = _NAN
    high: float = _NAN

    def scaled(self, by: float) -> Estimate:
        """Return it times a factor > 0."""
        return Estimate(self.value * by, self.low * by, self.high * by)

    def root(self) -> Estimate:
        """Return its square root."""
        return Estimate(*(float(np.sqrt(part)) for part in (self.value, self.low, self.high)))


@dataclass(frozen=True)
class FitScope:
    """What was fitted, and how.

    Attributes
    ----------
    n_lags, longest_lag_min : lags used.
    n_tracks : tracks behind the shortest of them; 0 for a curve without tracks.
    weights : "equal" or "precision".
    confidence : of all limits. They rest on the spread between tracks; with fewer than two tracks they are NaN.
    """

    n_lags: int
    longest_lag_min: float
    n_tracks: int
    weights: str
    confidence: float

    @property
    def degrees(self) -> int:
        """Degrees of freedom of the limits."""
        return max(self.n_tracks - 1, 1)
