"""Which mixtures a screen holds: ingredients that are dosed together, their full doses, and what is in each well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coculture.compounds.formula import Formula
from coculture.compounds.library import WITHOUT
from coculture.errors import DataError, InputError
from coculture.plate.designs_of_mixtures.base import MixtureDesign
from coculture.screen.deconvolve.settings import MixtureSettings
from coculture.screen.deconvolve.what_is_dosed import Dosed, IngredientNames
from coculture.screen.group_statistics import Floats, Integers

MOST_NAMED = 4
MOST_LEVELS = 200
JUDGED = frozenset({"treatment", "reference", "positive"})
ROUNDING = 1e-6
LADDER_ROUNDING = 1.5e-4
"""How far from a rung a dose may lie, in rungs: shares are kept to six decimals."""


@dataclass(frozen=True)
class Mixture:
    """Ingredients that are dosed together, and the wells that hold them and nothing else.

    Attributes
    ----------
    name : of the formula, or the ingredients' names.
    formula : the library's formula, None where it is none.
    ingredients : library names, in the formula's order or that of their first well.
    full : (ingredients,) full dose of each.
    unit : of each, by ingredient.
    wells : (n,) numbers of the wells in the order they came in, negative controls included.
    doses : (n, ingredients) dose in each of them.
    """

    name: str
    formula: Formula | None
    ingredients: tuple[str, ...]
    full: Floats
    unit: Mapping[str, str]
    wells: Integers
    doses: Floats

    def role(self, ingredient: str) -> str:
        """Return 君, 臣, 佐 or 使, '' where there is none."""
        members = self.formula.members if self.formula else ()
        return next((one.role or "" for one in members if one.herb == ingredient), "")

    @property
    def shares(self) -> Floats:
        """The (n, ingredients) share of the full dose."""
        return np.asarray(np.round(self.doses / self.full, 6))


@dataclass(frozen=True)
class DesignedGroup:
    """The wells of a mixture that make one design.

    Attributes
    ----------
    level : percent of the full dose the ingredients have where they are in.
    design : its different mixtures.
    wells : (m,) rows of the mixture's wells.
    run : (m,) row of the design in each of them.
    """

    level: float
    design: MixtureDesign
    wells: Integers
    run: Integers


def find_mixtures(
    treatments: Sequence[str], roles: Sequence[str], settings: MixtureSettings, names: IngredientNames
) -> list[Mixture]:
    """Return the mixtures of a screen.

    With a formula or a list of ingredients in the settings there is one. Otherwise ingredients that share a well belong
    together, and every such group of two or more is a mixture. What the negative controls hold too is background.

    Parameters
    ----------
    treatments : text of each well's treatment.
    roles : role of each well.

    Raises
    ------
    DataError : if no well holds the ingredients asked for, or no two compounds share a well.
    InputError : if a treatment cannot be read.
    """
    negative = np.array([role == "negative" for role in roles])
    judged = np.array([role in JUDGED for role in roles])
    dosed = [names.dosed(text) for text in treatments]
    background = {name for one, control in zip(dosed, negative, strict=True) if control for name in one.doses}
    found = []
    for ingredients, formula in _ingredients(dosed, roles, background, settings, names):
        wanted = frozenset(ingredients)
        held = np.array([bool(one.doses.keys() - background) and one.doses.keys() - background <= wanted for one in dosed])
        if held[judged].any():
            found.append(_mixture(ingredients, formula, dosed, np.flatnonzero((judged & held) | negative)))
    if not found:
        asked = settings.formula or ", ".join(settings.ingredients)
        what = f"no well holds only ingredients of {asked}" if asked else "no two ingredients share a well"
        raise DataError(what, "mixture", "write treatments as 'herb A 10 ug/mL + herb B 5 ug/mL', or name a formula")
    return found


def _ingredients(
    dosed: Sequence[Dosed], roles: Sequence[str], background: set[str], settings: MixtureSettings, names: IngredientNames
) -> Iterator[tuple[tuple[str, ...], Formula | None]]:
    """Yield the ingredients of each mixture with the formula they are."""
    if settings.formula:
        formula = names.formula(settings.formula)
        yield tuple(member.herb for member in formula.members), formula
    elif settings.ingredients:
        listed = tuple(dict.fromkeys(map(names.name_of, settings.ingredients)))
        yield listed, names.formula_of(listed)
    else:
        asked = [one for one, role in zip(dosed, roles, strict=True) if role in ("treatment", "reference")]
        for together in _together(asked, background):
            named = {name for one in asked if set(one.doses) & set(together) for name in one.formulas}
            known = names.formula(named.pop()) if len(named) == 1 else names.formula_of(together)
            members = tuple(member.herb for member in known.members) if known else ()
            yield (members, known) if set(members) == set(together) else (together, None)


def _together(dosed: Sequence[Dosed], background: set[str]) -> list[tuple[str, ...]]:
    """Return the groups of two or more ingredients that are linked by wells they share, in the order of first wells."""
    group: dict[str, list[str]] = {}
    for one in dosed:
        held = [name for name in one.doses if name not in background]
        joined = list(dict.fromkeys(name for member in held for name in group.get(member, [member])))
        for name in joined:
            group[name] = joined
    return list(dict.fromkeys(tuple(members) for members in group.values() if len(members) > 1))


def _mixture(ingredients: tuple[str, ...], formula: Formula | None, dosed: Sequence[Dosed], wells: Integers) -> Mixture:
    doses = np.array([[dosed[well].doses.get(name, 0.0) for name in ingredients] for well in wells], dtype=np.float64)
    units: dict[str, str] = {}
    for well in wells:
        for name in set(dosed[well].units) & set(ingredients):
            if units.setdefault(name, dosed[well].units[name]) != dosed[well].units[name]:
                what = f"'{name}' is dosed in {units[name]} in some wells and in {dosed[well].units[name]} in others"
                raise InputError(what, "mixture", "give it in one unit")
    kept = np.asarray((doses > 0).any(axis=0))
    held = tuple(name for name, yes in zip(ingredients, kept, strict=True) if yes)
    doses = doses[:, kept]
    return Mixture(_name(held, formula), formula, held, _full_doses(doses), units, wells, doses)


def _name(ingredients: tuple[str, ...], formula: Formula | None) -> str:
    if formula is not None:
        return formula.name.partition(WITHOUT)[0]
    more = len(ingredients) - MOST_NAMED
    return " + ".join(ingredients[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _full_doses(doses: Floats) -> Floats:
    """Return the doses of the strongest whole, where there is one in whose proportions all mixtures are; else the largest."""
    whole = doses[(doses > 0).all(axis=1)]
    if len(whole):
        strongest = whole[np.argmax(whole.sum(axis=1))]
        mixed = doses[(doses > 0).sum(axis=1) > 1] / strongest
        if all(_even(row) for row in mixed):
            return np.asarray(strongest)
    return np.asarray(doses.max(axis=0))


def _even(shares: Floats) -> bool:
    inside = shares[shares > 0]
    return bool(np.ptp(inside) <= ROUNDING * inside.max()) if inside.size else True


def designed_groups(mixture: Mixture) -> list[DesignedGroup]:
    """Return the designs in the wells of a mixture.

    Where what is in a well always has the full doses' proportions, the wells of each strength make a design of two levels: in
    or out. Otherwise all wells make one design of several levels, which must be evenly spaced.

    Raises
    ------
    DataError : if doses are not on an even ladder of at most 200 levels.
    """
    shares = mixture.shares
    if not all(_even(row) for row in shares):
        return [_several_levels(mixture, shares)]
    strength = np.round(shares.max(axis=1), 4)
    groups = []
    for level in sorted({float(one) for one in strength if one > 0}, reverse=True):
        rows = np.flatnonzero((strength == level) | (strength == 0))
        levels, run = np.unique((shares[rows] > 0).astype(np.int64), axis=0, return_inverse=True)
        if len(levels) > 1:
            design = MixtureDesign("found in the wells", mixture.ingredients, levels)
            groups.append(DesignedGroup(100.0 * level, design, rows, run.reshape(-1)))
    return groups


def _several_levels(mixture: Mixture, shares: Floats) -> DesignedGroup:
    for steps in range(1, MOST_LEVELS):
        if np.abs(shares * steps - np.round(shares * steps)).max() < LADDER_ROUNDING:
            levels, run = np.unique(np.round(shares * steps).astype(np.int64), axis=0, return_inverse=True)
            design = MixtureDesign("found in the wells", mixture.ingredients, levels, steps + 1)
            return DesignedGroup(100.0, design, np.arange(len(shares)), run.reshape(-1))
    raise DataError(
        f"the doses of {mixture.name} are on no even ladder", "mixture", "give each ingredient evenly spaced doses, 0 included"
    )
