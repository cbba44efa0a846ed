r"""What a change of area or brightness says about two detections being one cell.

The change is the difference d of the natural logarithms. For one cell it follows :math:`0.9\,L(b) + 0.1\,L(1)`, for two
strangers :math:`0.9\,L(c) + 0.1\,L(1)`, with :math:`L(s) = e^{-|d|/s} / 2s`; both scales are learned from the film (their upper
quartile). A feature whose changes are no smaller in a cell than between strangers says nothing and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_WIDE, _WIDE_PART = 1.0, 0.1
_LEAST_SCALE = 0.02
_LEAST_CONTRAST = 1.5
_HALVED, _HALVED_SPREAD = -0.7, 0.5


@dataclass(frozen=True)
class FeatureLaw:
    """One feature's law.

    Attributes
    ----------
    column : its place among the film's features.
    own : scale of the change within a cell.
    other : scale of the change between strangers.
    halves : whether a daughter is expected to have half of it (areas).
    weight : weight of its evidence.
    """

    column: int
    own: float
    other: float
    halves: bool
    weight: float

    def same(self, change: Floats) -> Floats:
        """Return the weighted log-odds that two detections are one cell rather than strangers."""
        return np.asarray(self.weight * (_log_mixture(change, self.own) - _log_mixture(change, self.other)))

    def daughter(self, change: Floats) -> Floats:
        """Return the weighted log-odds that the later detection is a daughter of the earlier rather than a stranger.

        An even mixture of "unchanged" (markers that carry no mass) and, for areas, "halved, give or take".
        """
        unchanged = _log_mixture(change, self.own) - _log_mixture(change, self.other)
        if not self.halves:
            return np.asarray(self.weight * (np.logaddexp(unchanged, 0.0) - np.log(2)))
        miss = (change - _HALVED) / _HALVED_SPREAD
        halved = -0.5 * miss**2 - np.log(_HALVED_SPREAD * np.sqrt(2 * np.pi)) - _log_mixture(change, self.other)
        return np.asarray(self.weight * (np.logaddexp(unchanged, halved) - np.log(2)))


def fit_features(own: Floats, other: Floats, names: tuple[str, ...], weight: float) -> tuple[FeatureLaw, ...]:
    """Learn the laws of the features that tell cells apart.

    Parameters
    ----------
    own : (n, k) changes of pairs taken for one cell.
    other : (m, k) changes of pairs of strangers.
    names : k names; those with ``area`` in them halve at a division.
    weight : weight of the evidence; 0 leaves every feature out.
    """
    laws = []
    for column, name in enumerate(names):
        if weight == 0 or not len(own) or not len(other):
            continue
        scale, stranger = (
            max(float(np.quantile(np.abs(change[:, column]), 0.75)) / np.log(4), _LEAST_SCALE) for change in (own, other)
        )
        if stranger >= _LEAST_CONTRAST * scale:
            laws.append(FeatureLaw(column, scale, stranger, "area" in name, weight))
    return tuple(laws)


def same_cell(laws: tuple[FeatureLaw, ...], earlier: Floats, later: Floats) -> Floats:
    """Return the summed log-odds of "one cell" for rows of features (n, k)."""
    total = np.zeros(len(earlier))
    for law in laws:
        total += law.same(later[:, law.column] - earlier[:, law.column])
    return total


def daughter_of(laws: tuple[FeatureLaw, ...], earlier: Floats, later: Floats) -> Floats:
    """Return the summed log-odds of "daughter" for rows of features (n, k)."""
    total = np.zeros(len(earlier))
    for law in laws:
        total += law.daughter(later[:, law.column] - earlier[:, law.column])
    return total


def _log_mixture(change: Floats, scale: float) -> Floats:
    size = np.abs(change)
    narrow = (1 - _WIDE_PART) * np.exp(-size / scale) / (2 * scale)
    return np.asarray(np.log(narrow + _WIDE_PART * np.exp(-size / _WIDE) / (2 * _WIDE)))
