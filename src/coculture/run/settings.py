"""From the recipe's sections to the frozen settings of each room."""

from __future__ import annotations

from coculture.run.plan import Plan
from coculture.run.recipe.recipe import Recipe
from coculture.screen.settings import AnalysisSettings, ConditionContrast, Readout
from coculture.sources.source import Source
from coculture.sources.summary import ReadoutRule


def readout_rules(recipe: Recipe) -> tuple[ReadoutRule, ...]:
    """Return how each readout of a well is made from its cells."""
    return tuple(
        ReadoutRule(asked.name, asked.feature or asked.column or "", asked.aggregate, asked.threshold, asked.cell_type)
        for asked in recipe.readout
    )


def analysis_settings(recipe: Recipe) -> AnalysisSettings:
    """Return what the screening engine is asked to do."""
    asked, curves, contrast = recipe.analysis, recipe.dose_response, recipe.analysis.contrast
    return AnalysisSettings(
        readouts=tuple(
            Readout(readout.name, readout.name, readout.direction, readout.primary, readout.label) for readout in recipe.readout
        ),
        normalise=asked.normalise,
        hit_method=asked.hit_method,
        fdr=asked.fdr,
        minimum_effect=asked.minimum_effect,
        confidence=asked.confidence,
        cell_count_minimum_percent=asked.cell_count_minimum_percent,
        dose_response=curves.model,
        flat_level=curves.flat_level,
        controls_in_curves=curves.controls_in_curves,
        contrast=None if contrast is None else ConditionContrast(**contrast.model_dump()),
    )


def microscope_source(plan: Plan) -> Source:
    """Return the microscope that observes the wells of a plan."""
    raise NotImplementedError("the microscope is being built")
