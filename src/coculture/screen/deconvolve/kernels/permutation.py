"""Permutation of fractions: how often chance correlates as strongly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

SLACK = 1e-12
"""Correlations closer than this are equal: the sum's order must not decide whether a permutation counts."""


@compiled
def count_exceedances(
    features: NDArray[np.float64], activity: NDArray[np.float64], permutations: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the permutations whose correlation is at least the observed one, per feature and as maximum over features.

    Parameters
    ----------
    features : (features, fractions) rows centred and of length 1; a constant feature is a row of zeros.
    activity : (fractions,) centred and of length 1.
    permutations : (permutations, fractions) orders of the fractions.

    Returns
    -------
    own : (features,) permutations in which ``|r|`` of this feature reaches its observed value.
    largest : (features,) permutations in which the largest ``|r|`` of all features reaches it (Westfall & Young 1993).
    """
    count, fractions = features.shape
    observed = np.zeros(count)
    for j in range(count):
        total = 0.0
        for i in range(fractions):
            total += features[j, i] * activity[i]
        observed[j] = abs(total) - SLACK
    own = np.zeros(count, np.int64)
    largest = np.zeros(count, np.int64)
    shuffled = np.zeros(fractions)
    for one in range(permutations.shape[0]):
        for i in range(fractions):
            shuffled[i] = activity[permutations[one, i]]
        top = 0.0
        for j in range(count):
            total = 0.0
            for i in range(fractions):
                total += features[j, i] * shuffled[i]
            total = abs(total)
            if total >= observed[j]:
                own[j] += 1
            if total > top:
                top = total
        for j in range(count):
            if top >= observed[j]:
                largest[j] += 1
    return own, largest
