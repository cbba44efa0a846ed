"""Do the wells hold what ``[mixture]`` asks about, and can the table of contents be read?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from coculture.compounds.naming import folded
from coculture.errors import CocultureError
from coculture.run.check.finding import Finding, named
from coculture.run.composition_file import read_composition
from coculture.run.mixture_settings import mixture_settings
from coculture.run.recipe.recipe import LoadedRecipe, Recipe
from coculture.screen.deconvolve.composition import Composition
from coculture.screen.deconvolve.designed.analysis import suitable
from coculture.screen.deconvolve.fractions import FEWEST_FRACTIONS
from coculture.screen.deconvolve.mixtures import Mixture, designed_groups, find_mixtures
from coculture.screen.deconvolve.what_is_dosed import IngredientNames

FRACTION_ROLES = ("treatment", "reference")


def check_mixtures(loaded: LoadedRecipe, wells: pd.DataFrame) -> list[Finding]:
    """Check the section and its table against the wells."""
    recipe, where = loaded.settings, f"{loaded.path}, mixture"
    asked = recipe.mixture
    if asked is None:
        return []
    names = [readout.name for readout in recipe.readout]
    unknown = [name for name in asked.readouts if name not in names]
    found = [
        Finding.error(f"there is no readout '{name}'", f"{where}.readouts", f"the readouts are: {named(names, 12)}")
        for name in unknown
    ]
    try:
        composition = read_composition(loaded)
    except CocultureError as error:
        return [*found, *(Finding("error", problem) for problem in error.problems)]
    if composition is not None:
        found += _fractions(composition, wells, where)
    return found + (_designs(recipe, wells, where) if asked.design != "none" else [])


def _fractions(composition: Composition, wells: pd.DataFrame, where: str) -> list[Finding]:
    tested = wells.loc[wells["role"].isin(FRACTION_ROLES), "compound"].astype(str)
    if composition.from_library:
        return []
    both = sorted(set(tested.map(folded)) & {folded(name) for name in composition.fractions})
    untold = sorted({name for name in tested if folded(name) not in set(both)})
    findings = []
    if len(both) < FEWEST_FRACTIONS:
        what = (
            f"{len(both)} of the table's {len(composition.fractions)} fractions were tested; a ranking needs {FEWEST_FRACTIONS}"
        )
        remedy = f"the table names {named(composition.fractions)}, the plate map {named(untold) or 'none else'}: see 'strip'"
        findings.append(Finding.warning(what, f"{where}.composition", remedy))
    elif untold:
        what = f"{len(untold)} tested compounds are not in the table of contents: {named(untold)}"
        findings.append(Finding.warning(what, f"{where}.composition", "they are left out of the ranking"))
    return findings


def _designs(recipe: Recipe, wells: pd.DataFrame, where: str) -> list[Finding]:
    settings = mixture_settings(recipe, None)
    assert settings is not None
    assert recipe.mixture is not None
    try:
        found = find_mixtures(wells["treatment"].tolist(), wells["role"].tolist(), settings, IngredientNames())
        return [finding for mixture in found for finding in _replicates(mixture, where)]
    except CocultureError as error:
        if recipe.mixture.composition is not None and not (settings.formula or settings.ingredients):
            return []  # fractions tested one by one are no design
        remedy = 'or say design = "none"'
        return [Finding.warning(one.what, where, f"{one.remedy}; {remedy}" if one.remedy else remedy) for one in error.problems]


def _replicates(mixture: Mixture, where: str) -> Iterator[Finding]:
    for group in designed_groups(mixture):
        if suitable(group.design) == "leave-one-out" and len(set(group.run.tolist())) == len(group.run):
            what = f"no mixture of {mixture.name} has a second well: nothing tells the noise"
            yield Finding.warning(what, where, "give at least two wells to some mixtures, or negative controls")
