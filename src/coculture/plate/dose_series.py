"""The doses a compound is given in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coculture.errors import InputError
from coculture.plate.treatment import Part


@dataclass(frozen=True)
class DoseSeries:
    """One compound at several doses.

    Attributes
    ----------
    compound : its name.
    doses : the doses, all above 0 and different; turned into the base unit, rounded to 12 digits, and sorted.
    unit : ``uM``, ``ug/mL`` or ``step``.

    Raises
    ------
    InputError : if there is no dose, one is 0, negative or not finite, two are equal, or the unit is not one of a dose.
    """

    compound: str
    doses: tuple[float, ...]
    unit: str

    def __post_init__(self) -> None:
        if not self.doses:
            raise InputError(f"'{self.compound}' has no doses", remedy="give at least one dose")
        parts = sorted((Part(self.compound, dose, self.unit) for dose in self.doses), key=lambda part: part.dose)
        doses = tuple(part.dose for part in parts)
        if doses[0] == 0:
            raise InputError(
                f"the series of '{self.compound}' has the dose 0", remedy="leave it out: the negative controls are dose 0"
            )
        if len(set(doses)) < len(doses):
            raise InputError(f"the series of '{self.compound}' has one dose twice", remedy="use replicates to repeat a dose")
        for field, value in (("compound", parts[0].compound), ("doses", doses), ("unit", parts[0].unit)):
            object.__setattr__(self, field, value)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The series as parts of treatments, from the lowest dose to the highest."""
        return tuple(Part(self.compound, dose, self.unit) for dose in self.doses)

    @classmethod
    def spaced(cls, compound: str, lowest: float, highest: float, number: int, unit: str) -> DoseSeries:
        """Return ``number`` doses from ``lowest`` to ``highest``, evenly spaced on a logarithmic axis.

        Raises
        ------
        InputError : if not 0 < lowest < highest, or there are fewer than two doses.
        """
        if not (0 < lowest < highest and math.isfinite(highest)) or number < 2:
            what = f"the series of '{compound}' goes from {lowest:g} to {highest:g} in {number} doses"
            raise InputError(what, remedy="give 0 < lowest < highest and at least 2 doses")
        return cls(compound, _rounded(np.geomspace(lowest, highest, number).tolist()), unit)

    @classmethod
    def diluted(cls, compound: str, highest: float, factor: float, number: int, unit: str) -> DoseSeries:
        """Return ``number`` doses from ``highest`` down, each ``factor`` times less than the one before.

        Raises
        ------
        InputError : if the highest dose is not above 0, the factor not above 1, or there is no dose.
        """
        if not (highest > 0 and math.isfinite(highest) and factor > 1) or number < 1:
            what = f"the series of '{compound}' is {highest:g}, diluted {factor:g} times, {number} doses"
            raise InputError(what, remedy="give a highest dose above 0, a dilution factor above 1 and at least 1 dose")
        return cls(compound, _rounded([highest / factor**step for step in range(number)]), unit)


def _rounded(doses: Sequence[float]) -> tuple[float, ...]:
    """Round to 4 significant digits: more than any pipette can deliver, and a dose a person can read."""
    return tuple(float(f"{dose:.4g}") for dose in doses)
