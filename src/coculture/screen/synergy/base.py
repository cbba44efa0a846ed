"""What a reference model is: from prepared responses to what was expected and what was seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coculture.screen.group_statistics import Floats
from coculture.screen.synergy.combination_data import DoseTable
from coculture.screen.synergy.curve_fits import FittedCurve, least_squares_curve, published_curve
from coculture.screen.synergy.settings import Convention


@dataclass(frozen=True)
class Prepared:
    """Responses with every single agent present, and the drugs' own curves (fitted once, when first asked for).

    Attributes
    ----------
    table : the points; singles that were not measured stand in it with a count of 0.
    response : (points,) the responses that are scored: the table's, or those of a bootstrap.
    convention : which fits are used.
    """

    table: DoseTable
    response: Floats
    convention: Convention

    @property
    def exact(self) -> bool:
        """Whether curves are those of least squares."""
        return self.convention == "exact"

    @cached_property
    def curves(self) -> tuple[FittedCurve, ...]:
        """The curve of each drug alone."""
        fit = least_squares_curve if self.exact else published_curve
        data = self.table
        rows = [data.alone(drug) for drug in range(data.doses.shape[1])]
        return tuple(fit(data.doses[row, drug], self.response[row]) for drug, row in enumerate(rows))

    @cached_property
    def fitted_single(self) -> Floats:
        """(points, drugs) response of each drug alone at the point's dose, from its curve."""
        return np.column_stack([curve.at(self.table.doses[:, drug]) for drug, curve in enumerate(self.curves)])

    @property
    def observed_single(self) -> Floats:
        """(points, drugs) response of each drug alone at the point's dose, as measured."""
        return np.asarray(self.response[self.table.single])


@dataclass(frozen=True)
class Surface:
    """What a model expects and what it compares with, both (points,) in percent; the synergy is their difference.

    Attributes
    ----------
    expected : response without interaction.
    effect : the measured response, or the model's own smoothing of it (ZIP).
    note : what the model had to do without, '' for nothing.
    """

    expected: Floats
    effect: Floats
    note: str = ""

    @property
    def synergy(self) -> Floats:
        """(points,) effect beyond the expected one; below 0 is antagonism."""
        return self.effect - self.expected


@dataclass(frozen=True)
class SynergyModel:
    """One reference model: ``name`` as settings give it, ``apply`` from prepared responses to a surface."""

    name: str
    apply: Callable[[Prepared], Surface]
