"""The model of each curve chosen by AICc."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.compounds.dose_curve.axis import is_ordinal
from coculture.screen.dose_response.base import CurveModel
from coculture.screen.dose_response.curve_data import CurveSet
from coculture.screen.dose_response.flat_test import flat_squares
from coculture.screen.dose_response.information_criterion import aicc
from coculture.screen.group_statistics import Floats, Integers

CONFIDENCE = 0.95
"""Of limits that the choice does not look at."""


@dataclass(frozen=True)
class ModelChoice:
    """A choice among models, curve by curve.

    Attributes
    ----------
    name : as settings name it.
    candidates : the models, the first of which is taken where none can be fitted.
    """

    name: str
    candidates: tuple[CurveModel, ...]

    def criteria(self, curves: CurveSet) -> tuple[Floats, Floats]:
        """Return AICc of the candidates, (curves, candidates), infinite where one cannot be fitted, and of the flat line."""
        table = np.full((len(curves.frame), len(self.candidates)), np.inf)
        for j, model in enumerate(self.candidates):
            able = can_fit(curves, model)
            if able.any():
                chosen = curves.chosen(able)
                squares = model.fit(chosen, CONFIDENCE).squares
                table[able, j] = aicc(squares, chosen.total_weight, model.n_parameters)
        return table, aicc(flat_squares(curves), curves.total_weight, 1)

    def choose(self, curves: CurveSet) -> tuple[Integers, NDArray[np.bool_]]:
        """Return the place of the candidate of least AICc for every curve, and whether a flat line is better still."""
        table, flat = self.criteria(curves)
        best = np.where(np.isfinite(table).any(axis=1), table.argmin(axis=1), 0)
        return best, np.asarray(flat < table.min(axis=1))


def can_fit(curves: CurveSet, model: CurveModel) -> NDArray[np.bool_]:
    """Tell which curves have the doses, the wells and the kind of dose that the model needs."""
    able = (curves.frame["n_doses"] >= model.fewest_doses).to_numpy() & (curves.total_weight >= model.n_parameters + 1)
    if model.concentrations_only:
        able &= ~np.array([is_ordinal(unit) for unit in curves.frame["dose_unit"].astype("str")], dtype=bool)
    return np.asarray(able)
