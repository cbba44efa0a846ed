"""Try the whole way on one field: read, segment, measure."""

from __future__ import annotations

import numpy as np

from coculture.errors import CocultureError, Problem
from coculture.run.check.finding import Finding
from coculture.run.microscope_settings import field_settings
from coculture.run.plan import Plan
from coculture.sources.field_analysis import analyse_field


def try_one_field(plan: Plan) -> tuple[list[Finding], str]:
    """Segment and measure the first field of the first negative control, without correcting its light.

    What only shows when it is done is found here: a plug-in or its weights that are not there, an option a method does not
    have, a stain in which no nucleus is found.

    Returns
    -------
    The findings, and in a sentence what was found in the field ('' where nothing could be).
    """
    plate, well = _a_control(plan)
    site = plan.index.sites(plate, well)[0]
    name = f"{plate} {well} site {site}"
    try:
        seen = plan.index.read(plate, well, site, plan.index.times(plate, well, site)[0])
        settings = field_settings(plan.loaded.settings, plan.index.pixel_size_um)
        found = len(analyse_field(seen, seen.pixels.astype(np.float32), settings).cells)
    except CocultureError as error:
        return [Finding("error", _in_recipe(problem, plan, name)) for problem in error.problems], ""
    if found == 0:
        remedy = "look at the image; check nuclei.channel, nuclei.diameter_um and the limits of area"
        return [Finding.warning(f"no nucleus was found in {name}", str(plan.loaded.path), remedy)], ""
    return [], f"tried on {name}: {found} cells"


def _a_control(plan: Plan) -> tuple[str, str]:
    wells = plan.plate_map.wells
    negatives = wells[wells["role"] == "negative"]
    known = set(zip(negatives["plate"], negatives["well"], strict=True))
    return next((key for key in plan.wells if key in known), plan.wells[0])


def _in_recipe(problem: Problem, plan: Plan, name: str) -> Problem:
    """Return a room's problem as one of the recipe, found in a field."""
    where = f"{plan.loaded.path}, {problem.where}" if problem.where else f"{plan.loaded.path}, tried on {name}"
    return Problem(problem.what, where, problem.remedy)
