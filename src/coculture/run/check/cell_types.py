"""Can the rule of cell types be made: is the table of labelled cells there, and does it fit the screen?"""

from __future__ import annotations

from coculture.errors import CocultureError
from coculture.run.cell_type_rule import cell_type_rule
from coculture.run.check.finding import Finding
from coculture.run.plan import Plan


def check_cell_types(plan: Plan) -> list[Finding]:
    """Make the rule of cell types, and tell what is wrong with it."""
    try:
        cell_type_rule(plan)
    except CocultureError as error:
        return [Finding("error", problem) for problem in error.problems]
    return []
