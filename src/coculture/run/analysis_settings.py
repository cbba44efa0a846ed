"""From the recipe's sections to the settings of the screening engine."""

from __future__ import annotations

from coculture.run.combination_settings import combination_question
from coculture.run.mixture_settings import mixture_settings
from coculture.run.recipe.analysis import ReadoutSection
from coculture.run.recipe.recipe import Recipe
from coculture.screen.deconvolve.composition import Composition
from coculture.screen.settings import AnalysisSettings, ConditionContrast, Readout


def analysis_settings(recipe: Recipe, composition: Composition | None = None) -> AnalysisSettings:
    """Return what the screening engine is asked to do; ``composition`` is the table that ``[mixture]`` names."""
    asked, curves, contrast = recipe.analysis, recipe.dose_response, recipe.analysis.contrast
    return AnalysisSettings(
        readouts=tuple(map(_readout, recipe.readout)),
        normalise=asked.normalise,
        hit_method=asked.hit_method,
        fdr=asked.fdr,
        minimum_effect=asked.minimum_effect,
        confidence=asked.confidence,
        control_wells=asked.control_wells,
        cell_count_minimum_percent=asked.cell_count_minimum_percent,
        viability_minimum_percent=asked.viability_minimum_percent,
        dose_response=curves.model,
        flat_level=curves.flat_level,
        robust=curves.robust,
        controls_in_curves=curves.controls_in_curves,
        contrast=None if contrast is None else ConditionContrast(**contrast.model_dump()),
        combination=combination_question(recipe),
        mixture=mixture_settings(recipe, composition),
    )


def _readout(asked: ReadoutSection) -> Readout:
    """Return a readout as the engine knows it: its column in the well table is called by its name."""
    return Readout(
        name=asked.name,
        column=asked.name,
        direction=asked.direction,
        primary=asked.primary,
        label=asked.label,
        normalise=asked.normalise or "",
        about=asked.about,
        guard=asked.guard or "",
        measured=asked.column or "",
        minimum_effect=asked.minimum_effect,
    )
