"""An effect on life: the share of cells alive after a time of exposure, and the rate of death that gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.compounds.citation import Cited, Source
from coculture.compounds.effects.curve import EffectCurve

Floats = NDArray[np.float64]
Way = Literal["apoptosis", "necrosis"]


@dataclass(frozen=True)
class ViabilityEffect:
    """Cells die: after ``exposure_h`` hours ``V(d) = v + (1 − v)/(1 + (d/IC50)^n)`` are alive.

    Attributes
    ----------
    way : ``apoptosis`` or ``necrosis``.
    cells : cell types it acts on, none for all.
    curve : IC50 and slope.
    alive_fraction : v, alive after the exposure at high dose.
    exposure_h : how long the measurement lasted.
    """

    way: Way
    cells: tuple[str, ...]
    curve: EffectCurve
    alive_fraction: Cited
    exposure_h: Cited

    def viability(self, dose: ArrayLike) -> Floats:
        """Return the share of cells alive after the exposure, without births."""
        return np.asarray(1 - (1 - self.alive_fraction.value) * self.curve.share(dose))

    def death_per_min(self, dose: ArrayLike) -> Floats:
        """Return the constant rate of death that leaves :meth:`viability` after the exposure: ``−ln V/T``, 1/min.

        A viability that counts births not made as deaths (growth assays do) overstates it.
        """
        with np.errstate(divide="ignore"):
            return np.asarray(-np.log(self.viability(dose)) / (60 * self.exposure_h.value))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its numbers come from."""
        return (*self.curve.sources, self.alive_fraction.source, self.exposure_h.source)

    @property
    def text(self) -> str:
        """The effect in one line."""
        cells = f" of {', '.join(self.cells)}" if self.cells else ""
        return (
            f"{self.way}{cells}, {self.curve.text}, {self.alive_fraction.value:g} alive after {self.exposure_h.value:g} h at most"
        )
