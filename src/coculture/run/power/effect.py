"""The effect whose detection is asked about, as it is written on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from coculture.errors import InputError
from coculture.plate.treatment import Treatment

_NUMBER = r"\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+"
_BEHAVIOUR = re.compile(rf"(?:(?P<cell_type>[^:]+):\s*)?(?P<behaviour>[A-Za-z][\w{{}}]*)\s*[x×*]\s*(?P<factor>{_NUMBER})")
_SHIFT = re.compile(rf"(?P<readout>[A-Za-z]\w*)\s*(?P<sign>[+-])\s*(?P<shift>{_NUMBER})")

WAYS = (
    'a treatment ("AMD3100 1 uM"), a behaviour times a factor ("effector: migration_speed_um_per_min x 0.5"), '
    'or a read-out\'s shift ("mixing -0.8")'
)


@dataclass(frozen=True)
class TreatmentEffect:
    """What a treatment does; sizes are multiples of its doses."""

    treatment: Treatment

    @property
    def text(self) -> str:
        """The effect in words."""
        return self.treatment.text

    def scaled(self, size: float) -> Treatment:
        """Return the treatment with its doses times ``size``."""
        return Treatment(tuple(replace(part, dose=part.dose * size) for part in self.treatment.parts))


@dataclass(frozen=True)
class FactorEffect:
    """A behaviour of cells is multiplied; sizes are shares of the way from 1 to the factor.

    Attributes
    ----------
    behaviour : its name.
    factor : what it is multiplied by at size 1.
    cell_type : the type it acts on, '' for all.
    """

    behaviour: str
    factor: float
    cell_type: str = ""

    @property
    def text(self) -> str:
        """The effect in words."""
        return f"{self.cell_type + ': ' if self.cell_type else ''}{self.behaviour} × {self.factor:g}"

    def scaled(self, size: float) -> float:
        """Return the factor at a size.

        Raises
        ------
        InputError : if it would be negative.
        """
        factor = 1.0 + (self.factor - 1.0) * size
        if factor < -1e-12:
            raise InputError(
                f"at effect size {size:g} '{self.text}' would be a factor of {factor:g}",
                "--sizes",
                "give sizes up to 1, or a factor nearer to 1",
            )
        return max(factor, 0.0)


@dataclass(frozen=True)
class ShiftEffect:
    """A read-out is shifted; sizes are multiples of the shift.

    Attributes
    ----------
    readout : its name.
    shift : in its own unit, as it stands in the well table.
    """

    readout: str
    shift: float

    @property
    def text(self) -> str:
        """The effect in words."""
        return f"{self.readout} {self.shift:+g}"


Effect = TreatmentEffect | FactorEffect | ShiftEffect


def parse_effect(text: str) -> Effect:
    """Return the effect that a text names.

    Raises
    ------
    InputError : if it names none.
    """
    words = text.strip()
    if found := _BEHAVIOUR.fullmatch(words):
        return FactorEffect(found["behaviour"], float(found["factor"]), (found["cell_type"] or "").strip())
    if found := _SHIFT.fullmatch(words):
        return ShiftEffect(found["readout"], float(found["sign"] + found["shift"]))
    try:
        treatment = Treatment.parse(words)
    except InputError as error:
        raise InputError(f"'{text}' names no effect: {error.problems[0].what}", "--effect", f"give {WAYS}") from None
    if not treatment.parts:
        raise InputError("the effect is empty", "--effect", f"give {WAYS}")
    return TreatmentEffect(treatment)
