"""An effect on a link between touching cells: a junction's permeability, a contact signal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.compounds.citation import Cited, Source
from coculture.compounds.effects.curve import EffectCurve

Floats = NDArray[np.float64]
LinkKind = Literal["junction", "notch"]


@dataclass(frozen=True)
class LinkEffect:
    """What passes through a link is multiplied by a factor from 1 to ``largest_factor``, as a behaviour is.

    Attributes
    ----------
    link : ``junction`` (permeability of gap junctions) or ``notch`` (what a cell's Notch hears of its neighbours' Delta).
    channel : which molecules the link is made of.
    curve : dose of half effect and slope.
    largest_factor : factor at high dose.
    """

    link: LinkKind
    channel: str
    curve: EffectCurve
    largest_factor: Cited

    def factor(self, dose: ArrayLike) -> Floats:
        """Return by what the link's strength is multiplied at each dose."""
        return np.asarray(1 + (self.largest_factor.value - 1) * self.curve.share(dose))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its numbers come from."""
        return (*self.curve.sources, self.largest_factor.source)

    @property
    def text(self) -> str:
        """The effect in one line."""
        return f"{self.link} ({self.channel}) ×{self.largest_factor.value:g} at most, {self.curve.text}"
