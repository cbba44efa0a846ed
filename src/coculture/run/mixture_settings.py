"""From the recipe's section on mixtures to the settings of the screening engine."""

from __future__ import annotations

from coculture.run.recipe.recipe import Recipe
from coculture.screen.deconvolve.composition import Composition
from coculture.screen.deconvolve.settings import MixtureSettings


def mixture_settings(recipe: Recipe, composition: Composition | None) -> MixtureSettings | None:
    """Return what is asked about mixtures, None where the recipe asks nothing.

    Parameters
    ----------
    recipe : the recipe.
    composition : what the file it names says (:mod:`coculture.run.composition_file`).
    """
    asked = recipe.mixture
    if asked is None:
        return None
    return MixtureSettings(
        formula=asked.formula or "",
        ingredients=asked.ingredients,
        readouts=asked.readouts,
        scale=asked.scale,
        design=asked.design,
        pairs=asked.pairs,
        composition=composition,
        direction=asked.direction,
        methods=asked.methods,
        bootstraps=asked.bootstraps,
        permutations=asked.permutations,
        top=asked.top,
        minimum_effect=asked.minimum_effect,
        fdr=asked.fdr,
        confidence=recipe.analysis.confidence,
        seed=recipe.screen.seed,
    )
