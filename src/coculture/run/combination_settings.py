"""From the recipe's section on combinations to what the screening engine is asked."""

from __future__ import annotations

from coculture.run.recipe.recipe import Recipe
from coculture.screen.synergy.question import CombinationQuestion
from coculture.screen.synergy.settings import SynergySettings

MODEL_NAMES = {"zip": "ZIP", "bliss": "Bliss", "hsa": "HSA", "loewe": "Loewe"}


def combination_question(recipe: Recipe) -> CombinationQuestion | None:
    """Return what is asked about combinations, None where the recipe asks nothing."""
    asked = recipe.combination
    if asked is None:
        return None
    scoring = SynergySettings(
        group_by=("condition", "plate") if asked.by_plate else ("condition",),
        response="inhibition",
        models=tuple(MODEL_NAMES[name] for name in asked.models if name in MODEL_NAMES),
        convention=asked.convention,
        bootstraps=asked.bootstraps,
        confidence=recipe.analysis.confidence if asked.confidence is None else asked.confidence,
        seed=recipe.screen.seed,
    )
    return CombinationQuestion(
        readout=asked.readout or "",
        inhibition=asked.response,
        scoring=scoring,
        musyc="musyc" in asked.models,
        minimum_score=asked.minimum_score,
        fdr=recipe.analysis.fdr if asked.fdr is None else asked.fdr,
    )
