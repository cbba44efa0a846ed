"""An effect on something a cell does: its speed, its adhesion, its rate of division, what it secretes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.compounds.citation import Cited, Source
from coculture.compounds.effects.curve import EffectCurve

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BehaviourEffect:
    """A behaviour is multiplied by a factor that runs from 1 without the compound to ``largest_factor`` at high dose.

    ``f(d) = 1 + (largest − 1) d^n/(d^n + EC50^n)``.

    Attributes
    ----------
    behaviour : name of a behaviour of the cells (``migration_speed_um_per_min``); ``{solute}``, ``{type}`` and ``{phase}``
        stand for every one. It is text here; the virtual chip checks that its cells have it.
    cells : cell types it acts on, none for all.
    curve : dose of half effect and slope.
    largest_factor : factor at high dose; 0 stops the behaviour, 2 doubles it.
    """

    behaviour: str
    cells: tuple[str, ...]
    curve: EffectCurve
    largest_factor: Cited

    def factor(self, dose: ArrayLike) -> Floats:
        """Return by what the behaviour is multiplied at each dose, in the unit of the curve."""
        return np.asarray(1 + (self.largest_factor.value - 1) * self.curve.share(dose))

    @property
    def direction(self) -> str:
        """``decrease``, ``increase`` or ``none``."""
        largest = self.largest_factor.value
        return "none" if largest == 1 else "decrease" if largest < 1 else "increase"

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its numbers come from."""
        return (*self.curve.sources, self.largest_factor.source)

    @property
    def text(self) -> str:
        """The effect in one line."""
        cells = f" of {', '.join(self.cells)}" if self.cells else ""
        return f"{self.direction} {self.behaviour}{cells} ×{self.largest_factor.value:g} at most, {self.curve.text}"
