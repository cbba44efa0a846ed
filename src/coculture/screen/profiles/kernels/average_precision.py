"""Average precision of many queries: how far up their like come among all they are compared with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@compiled
def precision_of(ranks: Integers) -> float:
    """Return the mean over the positives, in order of their 1-based ranks, of k / rank."""
    total = 0.0
    for k in range(ranks.shape[0]):
        total += (k + 1) / ranks[k]
    return float(total / ranks.shape[0])


@compiled
def average_precisions(
    similarity: Floats, place: Integers, group: Integers, differ: Integers, within: Integers, comparison: NDArray[np.bool_]
) -> tuple[Floats, Integers, Integers]:
    """Return average precision, number of positives and number of comparisons of each query.

    Parameters
    ----------
    similarity : (queries, n) of each query with n profiles, itself among them.
    place : (queries,) which of the n profiles the query is.
    group : (n,) positives have the query's group; -1 has none.
    differ : (n,) and another code here (their own number where any other profile of the group will do).
    within : (n,) profiles of another code here are not compared at all.
    comparison : (n,) profiles of other groups that count as negatives.

    Notes
    -----
    A positive is placed before negatives of the same similarity.
    """
    queries, n = similarity.shape
    precision = np.full(queries, np.nan)
    n_positive, n_total = np.zeros(queries, np.int64), np.zeros(queries, np.int64)
    for q in range(queries):
        i = place[q]
        if group[i] < 0:
            continue
        row = similarity[q]
        count = 0
        for j in range(n):
            if j != i and group[j] == group[i] and differ[j] != differ[i] and within[j] == within[i]:
                count += 1
        if count == 0:
            continue
        positives = np.empty(count)
        k = 0
        for j in range(n):
            if j != i and group[j] == group[i] and differ[j] != differ[i] and within[j] == within[i]:
                positives[k] = row[j]
                k += 1
        positives = np.sort(positives)  # ascending
        above = np.zeros(count + 1, np.int64)
        negatives = 0
        for j in range(n):
            if comparison[j] and group[j] != group[i] and within[j] == within[i]:
                negatives += 1
                value = row[j]
                if value > positives[0]:
                    above[np.searchsorted(positives, value)] += 1
        ranks = np.empty(count, np.int64)
        before = 0
        for k in range(count):  # from the most similar positive down
            before += above[count - k]
            ranks[k] = before + k + 1
        precision[q], n_positive[q], n_total[q] = precision_of(ranks), count, count + negatives
    return precision, n_positive, n_total


@compiled
def random_precisions(uniform: Floats, n_total: int) -> Floats:
    """Return the average precision of positives placed at random among ``n_total``.

    Parameters
    ----------
    uniform : (draws, positives) numbers in [0, 1).

    Notes
    -----
    Places are drawn without replacement by Floyd's method (Bentley & Floyd 1987, Commun ACM 30:754).
    """
    draws, count = uniform.shape
    result = np.empty(draws)
    places = np.empty(count, np.int64)
    for d in range(draws):
        for k in range(count):
            limit = n_total - count + k + 1
            place = int(uniform[d, k] * limit) + 1
            for earlier in range(k):
                if places[earlier] == place:
                    place = limit
                    break
            places[k] = place
        result[d] = precision_of(np.sort(places))
    return result
