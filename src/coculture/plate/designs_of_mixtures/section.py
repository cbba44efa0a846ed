"""``[[mixture]]`` of a design file: which mixtures of which ingredients are made, as treatments of wells.

For instance::

    [[mixture]]
    kind = "leave-one-out"
    formula = "Huanglian Jiedu Tang"
    dose = 300
    unit = "ug/mL"

    [[mixture]]
    kind = "pooled"
    ingredients = ["F1", "F2", "F3", "F4", "F5", "F6"]
    dose = 10
    unit = "ug/mL"
    runs = 12
    share = 0.5
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from coculture.errors import InputError
from coculture.plate.designs_of_mixtures.base import MixtureDesign
from coculture.plate.designs_of_mixtures.confirmation import confirmation_design
from coculture.plate.designs_of_mixtures.leave_one_out import knock_in, knock_out_and_in, leave_one_out
from coculture.plate.designs_of_mixtures.orthogonal import fold_over, orthogonal
from coculture.plate.designs_of_mixtures.pooled import knock_out_groups, pooled
from coculture.plate.designs_of_mixtures.uniform import uniform
from coculture.plate.treatment import Part, Treatment

FormulaParts = Callable[[Part], tuple[Part, ...]]
"""From a dose of a formula to the doses of its herbs; the library knows them, and plates do not know the library."""

Kind = Literal[
    "leave-one-out",
    "knock-in",
    "knock-out-and-in",
    "orthogonal",
    "uniform",
    "pooled",
    "knock-out-groups",
    "confirmation",
]

TAKES: dict[str, tuple[str, ...]] = {
    "leave-one-out": ("pairs",),
    "knock-in": ("pairs",),
    "knock-out-and-in": (),
    "orthogonal": ("levels", "fold_over"),
    "uniform": ("runs",),
    "pooled": ("runs", "share"),
    "knock-out-groups": ("runs", "share"),
    "confirmation": ("candidates", "candidate_pairs"),
}
"""Keys each kind takes beside its ingredients and their doses."""


class DesignSection(BaseModel):
    """What every section of a design file shares: a key that is not known is refused."""

    model_config = ConfigDict(extra="forbid", strict=False, frozen=True)


class IngredientSection(DesignSection):
    """``[[mixture.ingredient]]``: one ingredient with a full dose of its own."""

    name: str
    dose: float
    unit: str


class MixtureSection(DesignSection):
    """One design of mixtures. The ingredients are those of a formula, a list with one dose, or listed one by one."""

    kind: Kind
    formula: str = ""
    ingredients: tuple[str, ...] = ()
    dose: float | None = None
    unit: str | None = None
    ingredient: tuple[IngredientSection, ...] = ()
    pairs: bool | None = None
    levels: int | None = None
    fold_over: bool | None = None
    runs: int | None = None
    share: float | None = None
    candidates: tuple[str, ...] | None = None
    candidate_pairs: tuple[tuple[str, str], ...] | None = None

    def full_doses(self, formula_parts: FormulaParts | None) -> dict[str, Part]:
        """Return each ingredient's full dose, by its name.

        Raises
        ------
        InputError : if the ingredients are given in no way or in several, a dose is missing, or a formula cannot be looked up.
        """
        given = [bool(self.formula), bool(self.ingredients), bool(self.ingredient)]
        if sum(given) != 1:
            what = "the ingredients of a mixture are given in " + ("no way" if not any(given) else "several ways")
            raise InputError(what, remedy="give formula, or ingredients = [...], or [[mixture.ingredient]]")
        if self.ingredient:
            if self.dose is not None or self.unit is not None:
                raise InputError("every ingredient has a dose of its own, and the mixture has one too", remedy="leave out one")
            return {one.name: Part(one.name, one.dose, one.unit) for one in self.ingredient}
        if self.dose is None or self.unit is None or not self.dose > 0:
            of = "the formula's" if self.formula else "each ingredient's"
            raise InputError("the mixture has no dose", remedy=f"give {of} full dose: dose = 100, unit = 'ug/mL'")
        if self.ingredients:
            return {name: Part(name, self.dose, self.unit) for name in self.ingredients}
        if formula_parts is None:
            raise InputError(f"nothing is known of the formula '{self.formula}' here", remedy="list its herbs one by one")
        return {part.compound: part for part in formula_parts(Part(self.formula, self.dose, self.unit))}

    def treatments(self, formula_parts: FormulaParts | None, seed: int) -> tuple[Treatment, ...]:
        """Return what enters the wells, each mixture once. The run with nothing in it is the negative control.

        Raises
        ------
        InputError : if the design cannot be made, or a key is given that its kind does not take.
        """
        foreign = [key for key in sorted({key for keys in TAKES.values() for key in keys} - set(TAKES[self.kind]))]
        if extra := [key for key in foreign if getattr(self, key) is not None]:
            takes = ", ".join(TAKES[self.kind]) or "no further key"
            raise InputError(f"a design of kind '{self.kind}' takes no {', '.join(extra)}", remedy=f"it takes: {takes}")
        doses = self.full_doses(formula_parts)
        made = self.design(tuple(doses), seed).treatments(doses)
        return tuple(dict.fromkeys(treatment for treatment in made if treatment.parts))

    def design(self, names: tuple[str, ...], seed: int) -> MixtureDesign:
        """Return the design over these ingredients."""
        match self.kind:
            case "leave-one-out":
                return leave_one_out(names, pairs=bool(self.pairs))
            case "knock-in":
                return knock_in(names, pairs=bool(self.pairs))
            case "knock-out-and-in":
                return knock_out_and_in(names)
            case "orthogonal":
                made = orthogonal(names, self.levels or 2)
                return fold_over(made) if self.fold_over else made
            case "confirmation":
                return confirmation_design(names, self.candidates or (), self.candidate_pairs or ())
        if self.runs is None:
            raise InputError(f"a design of kind '{self.kind}' needs a number of runs", remedy="give runs, such as runs = 24")
        if self.kind == "uniform":
            return uniform(names, self.runs, seed=seed)
        if self.kind == "pooled":
            return pooled(names, self.runs, 0.5 if self.share is None else self.share, seed=seed)
        return knock_out_groups(names, self.runs, 0.3 if self.share is None else self.share, seed=seed)
