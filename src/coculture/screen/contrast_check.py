"""Does the well table hold what a contrast of conditions asks for?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from coculture.errors import Problem
from coculture.screen.contrast_settings import EVERY_OTHER, ConditionContrast

_WHERE = "analysis.contrast"


def contrast_columns(contrast: ConditionContrast) -> tuple[str, ...]:
    """Return the columns of the well table that a contrast needs."""
    return ("condition", contrast.pair_by, *((contrast.toxicity,) if contrast.toxicity else ()))


def contrast_problems(wells: pd.DataFrame, contrast: ConditionContrast) -> Iterator[Problem]:
    """Return what is wrong: conditions that do not occur, compounds and doses called toxic that were never given."""
    known = sorted({str(name) for name in wells["condition"] if name})
    remedy = "conditions in the well table: " + ", ".join(map(repr, known))
    for name in (contrast.reference, *contrast.named):
        if name not in known and name != EVERY_OTHER:
            yield Problem(f"condition '{name}' does not occur", _WHERE, remedy)
    if contrast.toxicity and not pd.api.types.is_numeric_dtype(wells[contrast.toxicity]):
        yield Problem(f"column '{contrast.toxicity}' does not hold numbers", f"{_WHERE}.toxicity", "choose a numeric column")
    yield from toxic_dose_problems(wells, contrast)


def toxic_dose_problems(wells: pd.DataFrame, contrast: ConditionContrast) -> Iterator[Problem]:
    """Return which compounds and doses of ``toxic_doses`` no well got."""
    for compound, doses in contrast.toxic_doses.items():
        given = np.unique(wells.loc[wells["compound"] == compound, "dose"].to_numpy(dtype=np.float64))
        if given.size == 0:
            yield Problem(f"no well got '{compound}'", f"{_WHERE}.toxic_doses", "use the compound's name in the well table")
            continue
        for dose in doses:
            if not np.isclose(given, dose, rtol=1e-6).any():
                remedy = f"its doses are: {', '.join(f'{one:g}' for one in given)}"
                yield Problem(f"no well got '{compound}' at dose {dose:g}", f"{_WHERE}.toxic_doses", remedy)
