"""Cell types told apart by the shape of their nuclei: a normal mixture over a few features, without any marker.

The logarithms of positive features (others as they are) are standardised and taken as a mixture of as many normal
distributions as there are types, each with its own covariance (McLachlan & Peel 2000, Finite Mixture Models), fitted with
scikit-learn from several starts. Types are named in ascending order of the first feature. Every cell carries the
probability of each type. Types whose distributions overlap too far are refused rather than guessed: along the line on which two
of them lie farthest apart (Fisher's discriminant) their means must be ``MINIMUM_SEPARATION`` pooled standard deviations apart.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.annotate.base import Learnt, different_names, need_features, with_probabilities

Floats = NDArray[np.float64]

USUAL_FEATURES = ("nucleus_shape_area_um2", "nucleus_shape_eccentricity")
MINIMUM_SEPARATION = 2.0
MINIMUM_SHARE = 0.01
CELLS_PER_TYPE = 25
_WHERE = "cell_types"


@dataclass(frozen=True)
class NuclearShapeRule:
    """Cells are parted by the shape of their nuclei.

    Attributes
    ----------
    types : names of two or more types, in ascending order of the first feature.
    features : features of the cell table, the first of which orders the types.
    """

    types: tuple[str, ...]
    features: tuple[str, ...] = USUAL_FEATURES

    def __post_init__(self) -> None:
        different_names(self.types)
        if len(self.types) < 2:
            raise InputError("one type needs no rule", _WHERE, "name two types or more, or leave the section out")
        if not self.features:
            raise InputError("no feature is named", f"{_WHERE}.features", "name at least one feature of the nuclei")

    @property
    def learns_from(self) -> str:
        """It learns from each plate's negative controls."""
        return "controls"

    def learn(self, cells: pd.DataFrame) -> Learnt:
        """Return the mixture: ``weight`` (k,), ``mean`` (k, f), ``covariance`` (k, f, f) of standardised features.

        Raises
        ------
        InputError : if a feature was not measured.
        DataError : if there are too few cells, or their nuclei do not fall into so many types.
        """
        need_features(cells, self.features, f"{_WHERE}.features")
        values = cells[list(self.features)].to_numpy(np.float64)
        values = values[np.isfinite(values).all(axis=1)]
        if len(values) < CELLS_PER_TYPE * len(self.types):
            what = f"{len(values)} cells are too few to learn {len(self.types)} types of nuclei from"
            raise DataError(what, _WHERE, f"at least {CELLS_PER_TYPE} a type are needed; use a marker or a classifier instead")
        in_logs = (values > 0).all(axis=0)
        turned = _turned(values, in_logs)
        centre, scale = turned.mean(axis=0), turned.std(axis=0)
        if (same := np.ptp(values, axis=0) == 0).any():
            name = self.features[int(np.argmax(same))]
            raise DataError(f"'{name}' is the same in every cell", f"{_WHERE}.features", "leave it out")
        weight, mean, covariance = _mixture((turned - centre) / scale, len(self.types))
        separation = [_separation(mean[i], mean[i + 1], covariance[i], covariance[i + 1]) for i in range(len(mean) - 1)]
        self._believe(weight, separation)
        return {
            "n_cells": len(values),
            "in_logs": in_logs.tolist(),
            "centre": centre.tolist(),
            "scale": scale.tolist(),
            "weight": weight.tolist(),
            "mean": mean.tolist(),
            "covariance": covariance.tolist(),
            "separation": min(separation),
        }

    def annotate(self, cells: pd.DataFrame, learnt: Learnt | None) -> pd.DataFrame:
        """Return the cells with their type and its probability; see :class:`~coculture.interactions.annotate.base.TypeRule`."""
        if learnt is None:
            raise InputError("the shapes of the types have not been learnt", _WHERE, "prepare the plate first")
        need_features(cells, self.features, f"{_WHERE}.features")
        values = cells[list(self.features)].to_numpy(np.float64)
        centre, scale = np.asarray(learnt["centre"]), np.asarray(learnt["scale"])
        turned = (_turned(values, np.asarray(learnt["in_logs"])) - centre) / scale
        turned = np.where(np.isfinite(turned), turned, 0.0)  # a feature that could not be measured says nothing
        return with_probabilities(cells, self.types, _responsibilities(turned, learnt))

    def _believe(self, weight: Floats, separation: list[float]) -> None:
        worst = int(np.argmin(separation))
        if separation[worst] >= MINIMUM_SEPARATION and weight.min() >= MINIMUM_SHARE:
            return
        pair = list(pairwise(self.types))[worst]
        raise DataError(
            f"the nuclei do not fall into {len(self.types)} types: {pair[0]} and {pair[1]} lie {separation[worst]:.2f} standard "
            f"deviations apart (needs {MINIMUM_SEPARATION}), the rarest type has {weight.min():.1%} of the cells",
            _WHERE,
            "name other features, fewer types, or use a marker or a classifier",
        )


def _turned(values: Floats, in_logs: NDArray[np.bool_]) -> Floats:
    """Return positive features as logarithms."""
    tiny = np.finfo(float).tiny
    return np.asarray(np.where(in_logs, np.log(np.maximum(values, tiny)), values), dtype=np.float64)


def _mixture(points: Floats, n_types: int) -> tuple[Floats, Floats, Floats]:
    """Fit the mixture; components in ascending order of the first feature's mean."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(n_types, n_init=5, random_state=0, reg_covar=1e-4, max_iter=500)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            model.fit(points)
        except ConvergenceWarning as warning:
            what = "the shapes of the nuclei fit no mixture"
            raise DataError(what, _WHERE, "name other features, or use a marker") from warning
    order = np.argsort(model.means_[:, 0], kind="stable")
    return model.weights_[order], model.means_[order], model.covariances_[order]


def _separation(first: Floats, second: Floats, first_covariance: Floats, second_covariance: Floats) -> float:
    """Return how many pooled standard deviations two types lie apart along Fisher's discriminant."""
    pooled = 0.5 * (first_covariance + second_covariance)
    gap = second - first
    return float(np.sqrt(gap @ np.linalg.solve(pooled, gap)))


def _responsibilities(points: Floats, learnt: Learnt) -> Floats:
    """Return (n, k) the probability of each component."""
    logs = []
    for weight, mean, covariance in zip(learnt["weight"], learnt["mean"], learnt["covariance"], strict=True):
        factor = np.linalg.cholesky(np.asarray(covariance))
        away = np.linalg.solve(factor, (points - np.asarray(mean)).T)
        logs.append(np.log(weight) - np.log(np.diag(factor)).sum() - 0.5 * (away**2).sum(axis=0))
    stacked = np.column_stack(logs)
    stacked -= stacked.max(axis=1, keepdims=True)
    chances: Floats = np.exp(stacked)
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))
