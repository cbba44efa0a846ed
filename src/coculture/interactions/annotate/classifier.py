"""Cell types by a small classifier trained on a few labelled cells.

Multinomial logistic regression with an L2 penalty on standardised features (Hastie, Tibshirani & Friedman 2009, The Elements of
Statistical Learning, section 4.4), its strength chosen by cross-validated log-loss; classes weigh alike however often they were
clicked. It gives probabilities, is trained from tens of cells, and is kept as plain coefficients. The accuracy that is told is
cross-validated, over wells where the labels lie in enough of them: a classifier that does not reach the accuracy asked for is
refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.annotate.base import Learnt, different_names, need_features, with_probabilities
from coculture.interactions.annotate.labels import LabelledCells, labelled_rows
from coculture.plate.columns import is_feature

Floats = NDArray[np.float64]

FEWEST_PER_TYPE = 5
FOLDS = 5
STRENGTHS = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)
"""Inverse penalties tried."""

WHERE_NOT_WHAT = re.compile(r"_(x|y|left|top|right|bottom)_um(_|$)|orientation|^cell_type_")
"""Features that say where a cell lies, not what it is like; they are not used unless named."""

_WHERE = "cell_types"


@dataclass(frozen=True, eq=False)
class ClassifierRule:
    """Cells are given types by a classifier trained on labelled ones.

    Attributes
    ----------
    types : names of the types, in the screen's order.
    labels : cells whose type is known.
    features : what it looks at; empty: every feature that was measured but those of place.
    minimum_accuracy : balanced accuracy, cross-validated, below which it is refused.
    """

    types: tuple[str, ...]
    labels: LabelledCells
    features: tuple[str, ...] = ()
    minimum_accuracy: float = 0.8

    def __post_init__(self) -> None:
        different_names(self.types)
        found = set(self.labels.table["cell_type"])
        unknown, absent = sorted(found - set(self.types)), [name for name in self.types if name not in found]
        if unknown:
            raise InputError(f"the labels name a type '{unknown[0]}'", _WHERE, f"the types are: {', '.join(self.types)}")
        if absent:
            raise InputError(f"no cell is labelled '{absent[0]}'", _WHERE, "label cells of every type")

    @property
    def learns_from(self) -> str:
        """It learns from the labelled cells, for the whole screen."""
        return "labels"

    def learn(self, cells: pd.DataFrame) -> Learnt:
        """Train on the labelled ones among ``cells``.

        Raises
        ------
        InputError : if a named feature was not measured.
        DataError : if a type has too few labelled cells, or the types cannot be told apart well enough.
        """
        named = labelled_rows(cells, self.labels)
        counts = named["cell_type"].value_counts()
        for name in self.types:
            if counts.get(name, 0) < FEWEST_PER_TYPE:
                what = f"{counts.get(name, 0)} labelled cells of type '{name}' were found"
                raise DataError(what, "cell_types.labels", f"label at least {FEWEST_PER_TYPE} of each type")
        features, values = self._usable(named)
        centre, scale = values.mean(axis=0), values.std(axis=0)
        code = np.asarray([self.types.index(name) for name in named["cell_type"]], dtype=np.int64)
        points = (values - centre) / scale
        well = np.asarray(named.groupby(["plate", "well"], sort=True).ngroup(), dtype=np.int64)
        strength, chosen = _validated(points, code, well, len(self.types))
        self._believe(strength, chosen)
        model = _regression(strength["inverse_penalty"]).fit(points, code)
        weights, offset = _one_row_a_type(model.coef_, model.intercept_)
        return {
            "n_cells": len(named),
            "labelled": {name: int(counts[name]) for name in self.types},
            "features": features,
            "centre": centre.tolist(),
            "scale": scale.tolist(),
            "coefficients": weights.tolist(),
            "intercept": offset.tolist(),
            **strength,
        }

    def annotate(self, cells: pd.DataFrame, learnt: Learnt | None) -> pd.DataFrame:
        """Return the cells with their type and its probability; see :class:`~coculture.interactions.annotate.base.TypeRule`.

        A feature that could not be measured in a cell counts as average there.
        """
        if learnt is None:
            raise InputError("the classifier has not been trained", _WHERE, "prepare the screen first")
        need_features(cells, learnt["features"], f"{_WHERE}.features")
        values = cells[learnt["features"]].to_numpy(np.float64)
        points = (values - np.asarray(learnt["centre"])) / np.asarray(learnt["scale"])
        points = np.where(np.isfinite(points), points, 0.0)
        logits = points @ np.asarray(learnt["coefficients"]).T + np.asarray(learnt["intercept"])
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        return with_probabilities(cells, self.types, chances / chances.sum(axis=1, keepdims=True))

    def _usable(self, named: pd.DataFrame) -> tuple[list[str], Floats]:
        """Return the features that vary and were measured in every labelled cell, and their values."""
        if self.features:
            need_features(named, self.features, f"{_WHERE}.features")
            asked = list(self.features)
        else:
            asked = [name for name in named.columns if is_feature(name) and not WHERE_NOT_WHAT.search(name)]
        values = named[asked].to_numpy(np.float64)
        usable = np.isfinite(values).all(axis=0)
        usable[usable] = np.ptp(values[:, usable], axis=0) > 0
        if not usable.any():
            raise DataError("no feature varies among the labelled cells", f"{_WHERE}.features", "measure more families")
        return [name for name, kept in zip(asked, usable, strict=True) if kept], values[:, usable]

    def _believe(self, told: Learnt, right: Floats) -> None:
        if told["balanced_accuracy"] >= self.minimum_accuracy:
            return
        each = ", ".join(f"{name} {share:.0%}" for name, share in zip(self.types, right, strict=True))
        raise DataError(
            f"the classifier is right for {told['balanced_accuracy']:.0%} of cells it has not seen ({each}), "
            f"{self.minimum_accuracy:.0%} are asked for",
            "cell_types",
            "label more cells, measure more families, or lower cell_types.minimum_accuracy",
        )


def _regression(inverse_penalty: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=inverse_penalty, class_weight="balanced", max_iter=5000, tol=1e-6)


def _validated(points: Floats, code: NDArray[np.int64], well: NDArray[np.int64], k: int) -> tuple[Learnt, Floats]:
    """Return the best penalty with its cross-validated accuracy, and the share of each type that was right."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    fewest = int(np.bincount(code, minlength=k).min())
    wells_of_rarest = min(len(np.unique(well[code == one])) for one in range(k))
    by_well = wells_of_rarest >= 2
    folds = min(FOLDS, wells_of_rarest if by_well else fewest)
    splits = []
    if by_well:
        found = StratifiedGroupKFold(folds, shuffle=True, random_state=0).split(points, code, well)
        splits = [(train, test) for train, test in found if len(np.unique(code[train])) == k]
    if not splits:
        by_well = False
        splits = list(StratifiedKFold(min(FOLDS, fewest), shuffle=True, random_state=0).split(points, code))
    best: tuple[float, float, Floats] | None = None
    for strength in STRENGTHS:
        chances = np.full((len(code), k), np.nan)
        for train, test in splits:
            chances[test] = _regression(strength).fit(points[train], code[train]).predict_proba(points[test])
        seen = np.isfinite(chances[:, 0])
        loss = -float(np.mean(np.log(np.maximum(chances[seen, code[seen]], 1e-12))))
        right = np.array([np.mean(chances[seen & (code == one)].argmax(axis=1) == one) for one in range(k)])
        if best is None or loss < best[0]:
            best = (loss, strength, right)
    assert best is not None
    told: Learnt = {
        "inverse_penalty": best[1],
        "log_loss": best[0],
        "balanced_accuracy": float(best[2].mean()),
        "validated_over": "wells" if by_well else "cells",
        "right": [float(share) for share in best[2]],
    }
    return told, best[2]


def _one_row_a_type(coefficients: Floats, intercept: Floats) -> tuple[Floats, Floats]:
    """Return one row of coefficients a type; of two types the library keeps one row."""
    if len(coefficients) > 1:
        return coefficients, intercept
    return np.vstack([np.zeros_like(coefficients), coefficients]), np.concatenate([np.zeros(1), intercept])
