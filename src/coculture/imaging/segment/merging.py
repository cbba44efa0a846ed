"""Put fragments of one nucleus together again, by what the pair would look like as one.

A watershed that misses no border cuts some nuclei in pieces. Whether two neighbouring fragments are one nucleus is
judged from five numbers that add up when fragments are joined, so that a pass over the pairs costs next to nothing:

- *roundness*: area / (4 π √det C), C being the covariance of the pixels' positions. It is 1 for an ellipse of any axes,
  0.89 for two touching discs;
- *neck*: length of the shared border over the diameter of the smaller fragment;
- *valley*: brightness on the border over the mean of the dimmer fragment, both above background;
- *size*: area of the smaller fragment and of the pair over the typical nucleus;
- *step*: ratio of the fragments' brightness.

Their weighted sum is the log-odds of the pair being one nucleus.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.segment.base import Image, Labels
from coculture.imaging.segment.kernels import label_moments

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@dataclass(frozen=True)
class MergeRule:
    """Weights of the log-odds that two fragments are one nucleus.

    The defaults were fitted by logistic regression on hand-made masks; ``benchmarks/nuclei_segmentation.py`` names the
    images, refits the weights, and reports the half that took no part.
    """

    constant: float = -12.24
    pair_roundness: float = 10.16
    own_roundness: float = -4.36
    neck: float = 2.07
    valley: float = 5.23
    log_smaller_area: float = -0.15
    log_pair_area: float = -2.61
    brightness_step: float = -5.49

    def weights(self) -> F64:
        """Return the weights in the order of :func:`pair_features`, after the constant."""
        return np.array(
            [
                self.pair_roundness,
                self.own_roundness,
                self.neck,
                self.valley,
                self.log_smaller_area,
                self.log_pair_area,
                self.brightness_step,
            ]
        )


@dataclass(frozen=True)
class Pairs:
    """Neighbouring fragments: their numbers (first < second), shared border in pixel edges, summed brightness on it."""

    first: I64
    second: I64
    length: F64
    brightness: F64


def neighbouring_pairs(labels: Labels, image: Image) -> Pairs:
    """List the pairs of labels that share pixel edges."""
    firsts, seconds, values = [], [], []
    for one, other, here, there in (
        (labels[:, :-1], labels[:, 1:], image[:, :-1], image[:, 1:]),
        (labels[:-1], labels[1:], image[:-1], image[1:]),
    ):
        meet = (one != other) & (one > 0) & (other > 0)
        firsts.append(np.minimum(one[meet], other[meet]).astype(np.int64))
        seconds.append(np.maximum(one[meet], other[meet]).astype(np.int64))
        values.append((here[meet].astype(np.float64) + there[meet]) / 2)
    brightness = np.concatenate(values)
    return _summed(np.concatenate(firsts), np.concatenate(seconds), np.ones(brightness.size), brightness)


def pair_features(sums: F64, pairs: Pairs, background: float, typical_area: float) -> F64:
    """Return (n_pairs, 7) features in the order of :meth:`MergeRule.weights`. ``typical_area`` in pixels."""
    one, other = sums[pairs.first], sums[pairs.second]
    joined = one + other
    smaller = np.minimum(one[:, 0], other[:, 0])
    own = (one[:, 0] * roundness(one) + other[:, 0] * roundness(other)) / joined[:, 0]
    bright_one = np.maximum(one[:, 6] / one[:, 0] - background, 0.5)
    bright_other = np.maximum(other[:, 6] / other[:, 0] - background, 0.5)
    return np.column_stack(
        [
            roundness(joined),
            own,
            pairs.length / (2 * np.sqrt(smaller / np.pi)),
            (pairs.brightness / pairs.length - background) / np.minimum(bright_one, bright_other),
            np.log(smaller / typical_area),
            np.log(joined[:, 0] / typical_area),
            np.abs(np.log(bright_one / bright_other)),
        ]
    )


def roundness(sums: F64) -> F64:
    """Area over the area of the ellipse with the same second moments, 1 for an ellipse. ``sums`` of ``label_moments``."""
    area = sums[:, 0]
    y, x = sums[:, 1] / area, sums[:, 2] / area
    yy = sums[:, 3] / area - y * y + 1 / 12
    xx = sums[:, 4] / area - x * x + 1 / 12
    yx = sums[:, 5] / area - y * x
    round_: F64 = area / (4 * np.pi * np.sqrt(np.maximum(yy * xx - yx * yx, 1e-9)))
    return round_


def merge_fragments(
    labels: Labels, image: Image, background: float, typical_area: float, rule: MergeRule, threshold: float
) -> Labels:
    """Join fragments until no pair's log-odds exceed ``threshold``.

    In every round each fragment names its best partner; pairs that name each other are joined. The result does not
    depend on the order of the labels, but for exact ties.
    """
    highest = int(labels.max(initial=0))
    sums = label_moments(labels, image, highest)
    pairs = neighbouring_pairs(labels, image)
    root = np.arange(highest + 1, dtype=np.int64)
    while pairs.first.size:
        odds = rule.constant + pair_features(sums, pairs, background, typical_area) @ rule.weights()
        chosen = _mutual_best(pairs, odds, threshold, highest)
        if not chosen.any():
            break
        kept, gone = pairs.first[chosen], pairs.second[chosen]
        sums[kept] += sums[gone]
        moved = np.arange(highest + 1, dtype=np.int64)
        moved[gone] = kept
        root = moved[root]
        pairs = _summed(moved[pairs.first], moved[pairs.second], pairs.length, pairs.brightness)
    merged: Labels = root.astype(np.int32)[labels]
    return merged


def _mutual_best(pairs: Pairs, odds: F64, threshold: float, highest: int) -> NDArray[np.bool_]:
    rank = np.empty(odds.size, dtype=np.int64)
    rank[np.argsort(odds, kind="stable")] = np.arange(odds.size)
    top = np.full(highest + 1, -1, dtype=np.int64)
    np.maximum.at(top, pairs.first, rank)
    np.maximum.at(top, pairs.second, rank)
    chosen: NDArray[np.bool_] = (rank == top[pairs.first]) & (rank == top[pairs.second]) & (odds > threshold)
    return chosen


def _summed(first: I64, second: I64, length: F64, brightness: F64) -> Pairs:
    """Order each pair, drop pairs of a label with itself, and add up what belongs to the same pair."""
    apart = first != second
    low, high = np.minimum(first, second)[apart], np.maximum(first, second)[apart]
    span = int(high.max(initial=0)) + 1
    keys, where = np.unique(low * span + high, return_inverse=True)
    return Pairs(
        keys // span,
        keys % span,
        np.bincount(where, weights=length[apart], minlength=keys.size).astype(np.float64),
        np.bincount(where, weights=brightness[apart], minlength=keys.size).astype(np.float64),
    )
