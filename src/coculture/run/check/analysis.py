"""Can the engine do what the recipe asks of it, with the wells there are?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from coculture.errors import CocultureError
from coculture.run.analysis_settings import analysis_settings
from coculture.run.check.combinations import check_combinations
from coculture.run.check.finding import Finding, named
from coculture.run.recipe.recipe import Recipe
from coculture.screen.contrast_check import toxic_dose_problems
from coculture.screen.contrast_settings import EVERY_OTHER, ConditionContrast
from coculture.screen.settings import AnalysisSettings

SCALE_OF_POSITIVES = "normalised-percent-effect"
"""The scale that reaches from the negative to the positive controls."""
UNPAIRED = "linear-model"
"""The contrast that takes every well for independent and needs no donors that saw both conditions."""


def check_analysis(recipe: Recipe, wells: pd.DataFrame, *, file: str) -> list[Finding]:
    """Check the sections ``analysis``, ``dose_response`` and ``readout`` against the wells that will be analysed.

    Parameters
    ----------
    recipe : the recipe.
    wells : one row a well with the columns of a plate map.
    file : the recipe's file, for messages.
    """
    try:
        settings = analysis_settings(recipe)
    except CocultureError as error:
        return [Finding.error(problem.what, f"{file}, {problem.where}", problem.remedy) for problem in error.problems]
    findings = [*_scale(settings, wells, file), *check_combinations(recipe, wells, file)]
    if settings.contrast is not None:
        findings += _contrast(settings.contrast, wells, file)
    return findings


def _scale(settings: AnalysisSettings, wells: pd.DataFrame, file: str) -> Iterator[Finding]:
    primary = settings.primary
    scale = primary.normalise or settings.normalise
    if scale == SCALE_OF_POSITIVES and not (wells["role"] == "positive").any():
        what = f"the scale '{scale}' of readout '{primary.name}' needs positive controls, and there are none"
        yield Finding.error(what, f"{file}, normalise", "give wells the role positive, or choose percent-of-control or robust-z")


def _contrast(contrast: ConditionContrast, wells: pd.DataFrame, file: str) -> Iterator[Finding]:
    where = f"{file}, analysis.contrast"
    known = sorted({str(condition) for condition in wells["condition"] if condition})
    for name in (contrast.reference, *contrast.named):
        if name not in known and name != EVERY_OTHER:
            remedy = f"the conditions are: {named(known, 12)}" if known else "name the column 'condition' in the plate map"
            yield Finding.error(f"there is no condition '{name}'", where, remedy)
    for problem in toxic_dose_problems(wells, contrast):
        yield Finding.error(problem.what, f"{file}, {problem.where}", problem.remedy)
    if contrast.pair_by in wells and contrast.method != UNPAIRED:
        both = wells[wells["condition"].isin((contrast.reference, *contrast.arms(known)))]
        units = both[both[contrast.pair_by] != ""].groupby(contrast.pair_by)["condition"].agg(set)
        paired = int(sum(contrast.reference in seen and len(seen) > 1 for seen in units))
        if paired < 2:
            what = f"{paired} {contrast.pair_by}s saw both conditions; a contrast needs at least 2"
            yield Finding.error(what, f"{where}.pair_by", "pair by what holds both conditions: donor, batch or plate")
