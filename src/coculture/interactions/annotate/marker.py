"""Two cell types told apart by one marker: a threshold, given or learnt from wells whose cells show both.

The logarithm of a marker's intensity is taken as a mixture of two normal distributions (Fraley & Raftery 2002, J Am Stat
Assoc 97:611). The threshold lies where both components are equally likely, and every cell carries the probability
of the brighter component. A marker that does not separate the cells is refused rather than cut in half.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.annotate.base import Learnt, different_names, need_features, with_probabilities

MINIMUM_CELLS = 50
MINIMUM_SEPARATION = 2.0
"""Least distance of the two means, in pooled standard deviations (Ashman's D), at which two types are believed."""


@dataclass(frozen=True)
class MarkerRule:
    """Cells whose ``feature`` is high are of type ``above``, the others of type ``below``.

    Attributes
    ----------
    feature : a positive feature of the cell table, as ``nucleus_intensity_mean_red``.
    above, below : names of the two types.
    threshold : where to cut, in the feature's own unit; learnt from the plate where None.
    """

    feature: str
    above: str
    below: str
    threshold: float | None = None

    def __post_init__(self) -> None:
        different_names((self.above, self.below))

    @property
    def types(self) -> tuple[str, ...]:
        """The two types, the one with the high marker first."""
        return (self.above, self.below)

    @property
    def learns_from(self) -> str:
        """It learns from each plate's negative controls, unless the threshold was given."""
        return "controls" if self.threshold is None else "nothing"

    def learn(self, cells: pd.DataFrame) -> Learnt:
        """Return the mixture; see :func:`fit_two_components`."""
        need_features(cells, (self.feature,), "cell_types.feature")
        values = cells[self.feature].to_numpy(dtype=np.float64)
        components = fit_two_components(values)
        kept = {key: list(value) for key, value in asdict(components).items()}
        return {"n_cells": int(values.size), **kept, "separation": components.separation}

    def annotate(self, cells: pd.DataFrame, learnt: Learnt | None) -> pd.DataFrame:
        """Return the cells with their type; see :func:`annotate_by_marker`."""
        mean, sd, weight = (tuple((learnt or {}).get(key, ())) for key in ("mean", "sd", "weight"))
        return annotate_by_marker(cells, self, TwoComponents(mean, sd, weight) if learnt else None)


@dataclass(frozen=True)
class TwoComponents:
    """A two-component normal mixture on the natural logarithm of a marker.

    Attributes
    ----------
    mean, sd, weight : of the dimmer component, then the brighter.
    """

    mean: tuple[float, float]
    sd: tuple[float, float]
    weight: tuple[float, float]

    @property
    def separation(self) -> float:
        """Ashman's D: √2·|m₁−m₂| / √(s₁²+s₂²) (Ashman, Bird & Zepf 1994, Astron J 108:2348)."""
        gap = self.mean[1] - self.mean[0]
        return float(np.sqrt(2.0) * gap / np.hypot(*self.sd))

    def probability_bright(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability, cell by cell, of the brighter component; monotone in the marker."""
        logs = np.log(np.maximum(values, np.finfo(float).tiny))
        # beyond either mean the nearer component is certain: unequal widths must not turn the order round
        logs = np.clip(logs, self.mean[0], self.mean[1])
        dim, bright = (
            np.log(w) - np.log(s) - 0.5 * ((logs - m) / s) ** 2 for m, s, w in zip(self.mean, self.sd, self.weight, strict=True)
        )
        probability: NDArray[np.float64] = 1.0 / (1.0 + np.exp(np.clip(dim - bright, -700, 700)))
        return probability


def fit_two_components(values: NDArray[np.float64], *, iterations: int = 200) -> TwoComponents:
    """Fit the mixture by expectation-maximisation, started from the split that Otsu's criterion chooses.

    Parameters
    ----------
    values : the marker of every cell, shape (n,), positive.

    Raises
    ------
    DataError : if there are too few cells or the marker does not separate two types.
    """
    logs = np.log(values[np.isfinite(values) & (values > 0)])
    if logs.size < MINIMUM_CELLS:
        raise DataError(
            f"{logs.size} cells with a positive marker are too few to learn a threshold from",
            "cell_types",
            f"at least {MINIMUM_CELLS} are needed; give a threshold instead",
        )
    bright = (logs > _otsu(logs)).astype(np.float64)
    floor = 1e-3 * max(float(logs.std()), 1e-12)
    components = _maximise(logs, bright, floor)
    for _ in range(iterations):
        updated = _maximise(logs, components.probability_bright(np.exp(logs)), floor)
        done = np.allclose(updated.mean, components.mean, rtol=0, atol=1e-9)
        components = updated
        if done:
            break
    if components.separation < MINIMUM_SEPARATION or min(components.weight) < 0.01:
        raise DataError(
            f"the marker does not separate two types (Ashman's D {components.separation:.2f}, "
            f"needs {MINIMUM_SEPARATION}; smaller share {min(components.weight):.1%})",
            "cell_types",
            "choose another marker feature, or give a threshold",
        )
    return components


def annotate_by_marker(cells: pd.DataFrame, rule: MarkerRule, components: TwoComponents | None) -> pd.DataFrame:
    """Return ``cells`` with ``cell_type`` set and, where it was learnt, ``cell_type_probability`` beside it.

    Raises
    ------
    InputError : if the marker was not measured.
    """
    need_features(cells, (rule.feature,), "cell_types.feature")
    values = cells[rule.feature].to_numpy(dtype=np.float64)
    if rule.threshold is not None:
        return cells.assign(cell_type=np.where(values > rule.threshold, rule.above, rule.below))
    if components is None:
        raise InputError("neither a threshold nor a learnt mixture was given", "cell_types", "prepare the plate first")
    bright = components.probability_bright(values)
    return with_probabilities(cells, rule.types, np.column_stack([bright, 1.0 - bright]))


def _otsu(logs: NDArray[np.float64]) -> float:
    """Return the cut that maximises the variance between the two sides."""
    ordered = np.sort(logs)
    count = np.arange(1, ordered.size)
    below = np.cumsum(ordered)[:-1]
    total = ordered.sum()
    between = (below / count - (total - below) / (ordered.size - count)) ** 2 * count * (ordered.size - count)
    cut = int(np.argmax(between))
    return float(0.5 * (ordered[cut] + ordered[cut + 1]))


def _maximise(logs: NDArray[np.float64], bright: NDArray[np.float64], floor: float) -> TwoComponents:
    """Return the mixture whose components carry the given responsibilities."""
    mean, sd, weight = [], [], []
    for share in (1.0 - bright, bright):
        total = max(float(share.sum()), 1e-12)
        centre = float((share * logs).sum() / total)
        mean.append(centre)
        sd.append(max(float(np.sqrt((share * (logs - centre) ** 2).sum() / total)), floor))
        weight.append(max(total / logs.size, 1e-12))
    return TwoComponents((mean[0], mean[1]), (sd[0], sd[1]), (weight[0], weight[1]))
