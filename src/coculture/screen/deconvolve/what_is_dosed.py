"""From the text of a treatment to ingredients and their doses: formulas become their herbs, every name its library name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coculture.compounds.formula import Formula
from coculture.compounds.library import WITHOUT, Library, standard_library
from coculture.compounds.naming import folded
from coculture.errors import InputError
from coculture.plate.treatment import Treatment

MASS = "ug/mL"


@dataclass(frozen=True)
class Dosed:
    """What one treatment brings.

    Attributes
    ----------
    doses : by ingredient; a herb dosed twice counts with both doses.
    units : by ingredient.
    formulas : library names of the formulas that were named, without what was left out.
    """

    doses: Mapping[str, float]
    units: Mapping[str, str]
    formulas: tuple[str, ...] = ()


class IngredientNames:
    """Looks names up: Chinese, pinyin and Latin names of a herb are one ingredient; a name nobody knows stays as it is.

    Parameters
    ----------
    library : where names are looked up; None: the program's.
    """

    def __init__(self, library: Library | None = None) -> None:
        self.library = library or standard_library()
        self._names: dict[str, str] = {}
        self._unknown: dict[str, str] = {}
        self._seen: dict[str, Dosed] = {}

    def name_of(self, name: str) -> str:
        """Return the ingredient a name means."""
        if name not in self._names:
            try:
                self._names[name] = self.library.find(name).name
            except InputError:
                self._names[name] = self._unknown.setdefault(folded(name) or name, name)
        return self._names[name]

    def shown(self, name: str) -> str:
        """Return the ingredient's name with its first Chinese one, as a person reads it."""
        try:
            return self.library.find(name).names.shown
        except InputError:
            return name

    def formula(self, name: str) -> Formula:
        """Return the whole formula of that name; InputError where there is none."""
        return self.library.get(name.partition(WITHOUT)[0], Formula)

    def formula_of(self, ingredients: Iterable[str]) -> Formula | None:
        """Return the formula of exactly these herbs, None where no formula or several have them."""
        wanted = set(ingredients)
        found = [one for one in self.library.of_kind(Formula) if {member.herb for member in one.members} == wanted]
        return found[0] if len(found) == 1 else None

    def dosed(self, text: str) -> Dosed:
        """Return what a treatment brings.

        Raises
        ------
        InputError : if the text cannot be read, or one ingredient comes in two units.
        """
        if text not in self._seen:
            self._seen[text] = self._dosed(text)
        return self._seen[text]

    def _dosed(self, text: str) -> Dosed:
        doses: dict[str, float] = {}
        units: dict[str, str] = {}
        formulas = []
        for part in Treatment.parse(text).parts:
            formula = self._as_formula(part.compound) if part.unit == MASS else None
            if formula is None:
                shares = {self.name_of(part.compound): 1.0}
            else:
                formulas.append(self.formula(part.compound).name)
                shares = {member.herb: formula.weight_share(member.herb) for member in formula.members}
            for name, share in shares.items():
                if units.setdefault(name, part.unit) != part.unit:
                    raise InputError(f"'{name}' is dosed in {units[name]} and in {part.unit}", text, "give it in one unit")
                doses[name] = doses.get(name, 0.0) + part.dose * share
        return Dosed(doses, units, tuple(formulas))

    def _as_formula(self, name: str) -> Formula | None:
        try:
            entry = self.library.find(name)
        except InputError:
            return None
        return entry if isinstance(entry, Formula) else None
