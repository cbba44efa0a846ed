"""Grey relational analysis (Deng 1982): how alike the courses of feature and activity are over the fractions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.errors import InputError
from coculture.screen.deconvolve.fractions import Fractions
from coculture.screen.deconvolve.ranking import Ranking, ranks
from coculture.screen.group_statistics import Floats

NAME = "grey-relation"
RESOLUTION = 0.5


def score(contents: Floats, activity: Floats, resolution: float = RESOLUTION) -> Floats:
    """Return the grey relational grade of each feature.

    ``γ = mean over k of (Δmin + ρ Δmax) / (Δ(k) + ρ Δmax)`` with ``Δ(k) = |y(k) − x(k)|`` of series scaled to 0…1 and the
    extremes taken over all features and fractions (Deng 1982, Systems & Control Letters 1:288). The grade is 1 for
    the same course and never below ``ρ / (1 + ρ)``; a constant feature counts as 0 throughout.
    """
    distance = np.abs(_scaled(contents) - _scaled(activity[:, None]))
    smallest, largest = distance.min(), distance.max()
    if largest == 0:
        return np.ones(contents.shape[1])
    return np.asarray(((smallest + resolution * largest) / (distance + resolution * largest)).mean(axis=0))


def grey_relation(fractions: Fractions, assay: str, resolution: float = RESOLUTION) -> Ranking:
    """Rank features by their grey relational grade.

    Parameters
    ----------
    resolution : Deng's ρ, above 0, at most 1; 0.5 is usual. It changes the spread of grades, seldom their order.

    Raises
    ------
    InputError : if ``resolution`` is outside (0, 1].
    """
    if not 0 < resolution <= 1:
        raise InputError(f"resolution is {resolution:g}", "grey relation", "give a number above 0, at most 1")
    grade = score(fractions.contents, fractions.activity(assay), resolution)
    table = pd.DataFrame({"feature": fractions.features, "score": grade, "rank": ranks(grade)})
    note = "a grade is relative to the other features and no evidence of its own: unrelated series reach 0.5 and more"
    return Ranking(assay, NAME, table, {"resolution": resolution}, (note,))


def _scaled(table: Floats) -> Floats:
    low, span = table.min(axis=0), np.ptp(table, axis=0)
    return np.asarray((table - low) / np.where(span > 0, span, 1.0))
