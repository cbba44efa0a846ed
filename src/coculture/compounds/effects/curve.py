"""The dose curve every effect has: where it is half-way, how steep, how far it goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.compounds.citation import Cited, Source
from coculture.compounds.dose_curve.hill import hill

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EffectCurve:
    """A Hill curve of a dose.

    Attributes
    ----------
    half : dose of half effect (EC50, IC50), in ``unit``.
    slope : Hill slope.
    unit : ``uM`` or ``ug/mL``.
    """

    half: Cited
    slope: Cited
    unit: str

    def share(self, dose: ArrayLike) -> Floats:
        """Return the share of the whole effect, ``d^n/(d^n + EC50^n)``, 0 to 1; InputError for a negative dose."""
        return hill(dose, 1.0, self.half.value, self.slope.value)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the curve's numbers come from."""
        return (self.half.source, self.slope.source)

    @property
    def text(self) -> str:
        """The curve in a few words."""
        unit = {"uM": "µM", "ug/mL": "µg/mL"}[self.unit]
        return f"half at {self.half.value:g} {unit}, slope {self.slope.value:g}"
