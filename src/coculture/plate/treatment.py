"""What enters a well, how much of it, and when.

A treatment is a list of parts. Its text is canonical: two wells were treated alike when their texts are equal.

    wortmannin 0.15 uM + serum 10 ug/mL
    TNF 0.02 ug/mL from 60 min to 240 min

The grammar of a part is ``<compound> <dose> <unit>[ from <time> <unit>][ to <time> <unit>]``; parts are joined by
`` + ``. A name may itself hold a plus (``Vitamin D + Ibrutinib 4.5 uM`` is one part: a fixed mixture dosed as one),
because only what ends in a dose and a unit is a part.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from coculture import units
from coculture.errors import InputError

JOIN = " + "

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_TIME = rf"({_NUMBER})\s*([a-z]+)"
_PART = re.compile(
    rf"(?P<compound>.*?\S)\s+(?P<dose>{_NUMBER})\s*(?P<unit>[^\d\s+.\-]\S*)(?:\s+from\s+{_TIME})?(?:\s+to\s+{_TIME})?"
)


@dataclass(frozen=True)
class Part:
    """One compound in a well.

    Attributes
    ----------
    compound : its name, spaces collapsed.
    dose : how much, in ``unit``; turned into the base unit (µM, µg/mL or step) and rounded to 12 digits, so that 5 nM
        and 0.005 µM are the same dose.
    unit : ``uM``, ``ug/mL`` or ``step``.
    start_min : when it enters, minutes from the start of the observation; negative before it.
    end_min : when it leaves, None if it stays.

    Raises
    ------
    InputError : if the name is empty or reads like a dose, the dose is negative or not finite, the unit is not one of
        a dose, or it leaves before it enters.
    """

    compound: str
    dose: float
    unit: str
    start_min: float = 0.0
    end_min: float | None = None

    def __post_init__(self) -> None:
        name = " ".join(self.compound.split())
        if not name:
            raise InputError("a dose without the name of a compound", remedy="name the compound")
        if not math.isfinite(self.dose) or self.dose < 0:
            raise InputError(f"the dose of '{name}' is {self.dose:g}", remedy="a dose is a finite number, 0 or more")
        dose, unit = _base_dose(self.dose, self.unit)
        if not math.isfinite(dose) or (dose == 0) != (self.dose == 0):
            raise InputError(
                f"the dose of '{name}' is {self.dose:g} {self.unit}, which is no number in {unit}",
                remedy="mend the dose or its unit",
            )
        if self.end_min is not None and not self.end_min > self.start_min:
            raise InputError(
                f"'{name}' leaves at {self.end_min:g} min and enters at {self.start_min:g} min", remedy="let it leave later"
            )
        for field, value in (("compound", name), ("dose", dose), ("unit", unit), ("start_min", float(self.start_min))):
            object.__setattr__(self, field, value)
        if not self._can_be_read_back():
            raise InputError(
                f"the compound's name '{name}' reads like a dose", remedy="move the dose out of the name, or put it in brackets"
            )

    def _can_be_read_back(self) -> bool:
        match = _PART.fullmatch(self.text)
        return match is not None and match["compound"] == self.compound and _split(self.text) == [self.text]

    @property
    def text(self) -> str:
        """The part in one line."""
        text = f"{self.compound} {self.dose:.12g} {self.unit}"
        if self.start_min:
            text += f" from {self.start_min:.12g} min"
        return text if self.end_min is None else f"{text} to {self.end_min:.12g} min"


def base_unit(unit: str) -> str:
    """Return the base unit of a dose given in ``unit`` (``nM`` gives ``uM``).

    Raises
    ------
    InputError : if it is not the unit of a dose.
    """
    try:
        base = units.to_base(1.0, unit)[1]
    except units.UnitError:
        base = ""
    if base not in units.DOSE_UNITS:
        raise InputError(f"'{unit}' is not the unit of a dose", remedy=f"use one of: {', '.join(dose_unit_spellings())}")
    return base


def _base_dose(dose: float, unit: str) -> tuple[float, str]:
    base = base_unit(unit)
    return float(f"{units.convert(dose, unit, base):.12g}"), base


def _minutes(value: str, unit: str, text: str) -> float:
    try:
        return units.convert(float(value), unit, "min")
    except units.UnitError as error:
        raise InputError(f"cannot read the time in '{text}'", remedy="use s, min, h or d: 'from 60 min'") from error


def dose_unit_spellings() -> list[str]:
    """Return every unit a dose may be given in."""
    return [unit for unit, (dimension, _) in units.TO_BASE.items() if units.BASE_UNIT[dimension] in units.DOSE_UNITS]


@dataclass(frozen=True)
class Treatment:
    """Everything dosed into one well. Parts with dose 0 are left out; no parts is no treatment.

    Raises
    ------
    InputError : if one compound enters twice at the same time.
    """

    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        kept = tuple(part for part in self.parts if part.dose > 0)
        entries = [(part.compound, part.start_min) for part in kept]
        twice = next((entry for entry in entries if entries.count(entry) > 1), None)
        if twice:
            raise InputError(f"'{twice[0]}' is dosed twice at {twice[1]:g} min", remedy="add the doses up, or give each its time")
        object.__setattr__(self, "parts", kept)

    @property
    def text(self) -> str:
        """The treatment in one line, '' for nothing. :meth:`parse` reads it back to an equal treatment."""
        return JOIN.join(part.text for part in self.parts)

    @property
    def compound(self) -> str:
        """The names joined with `` + ``, '' for nothing."""
        return JOIN.join(dict.fromkeys(part.compound for part in self.parts))

    @property
    def dose(self) -> float:
        """Dose of the first part in ``dose_unit``, 0 for nothing."""
        return self.parts[0].dose if self.parts else 0.0

    @property
    def dose_unit(self) -> str:
        """Unit of the first part, '' for nothing."""
        return self.parts[0].unit if self.parts else ""

    @classmethod
    def parse(cls, text: str) -> Treatment:
        """Read a treatment from its text; '' is no treatment.

        Raises
        ------
        InputError : if a part has no dose or no unit, or a unit is unknown.
        """
        if not text.strip():
            return cls()
        return cls(tuple(_parse_part(piece) for piece in _split(text)))


def _split(text: str) -> list[str]:
    """Split at each `` + `` that follows a whole part."""
    pieces: list[str] = []
    waiting = ""
    for piece in re.split(r"\s+\+\s+", text.strip()):
        waiting = f"{waiting}{JOIN}{piece}" if waiting else piece
        if _PART.fullmatch(piece):
            pieces.append(waiting)
            waiting = ""
    return [*pieces, waiting] if waiting else pieces


def _parse_part(text: str) -> Part:
    match = _PART.fullmatch(text)
    if match is None:
        raise InputError(f"cannot read the treatment '{text}'", remedy="write compound, dose and unit: 'wortmannin 0.15 uM'")
    start, start_unit, end, end_unit = match.groups()[3:]
    return Part(
        match["compound"],
        float(match["dose"]),
        match["unit"],
        _minutes(start, start_unit, text) if start else 0.0,
        _minutes(end, end_unit, text) if end else None,
    )


def same_order(treatments: Sequence[Treatment]) -> list[Treatment]:
    """Bring the parts of treatments with the same compounds into one order, that of the first one seen."""
    order: dict[frozenset[str], list[str]] = {}
    result = []
    for treatment in treatments:
        compounds = [part.compound for part in treatment.parts]
        first_seen = order.setdefault(frozenset(compounds), list(dict.fromkeys(compounds)))
        parts = sorted(treatment.parts, key=lambda part: (first_seen.index(part.compound), part.start_min))
        result.append(Treatment(tuple(parts)))
    return result
