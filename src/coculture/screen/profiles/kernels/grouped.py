"""Order statistics of many groups in one column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled


@compiled
def smallest(values: NDArray[np.float64], low: int, high: int, wanted: int) -> float:
    """Partition ``values[low:high + 1]`` so that ``values[wanted]`` is in its sorted place, and return it (Hoare 1961).

    The partitions have no branch that depends on the values: a guess of the processor would be wrong every other time.
    """
    while high > low:
        a, b, c = values[low], values[(low + high) // 2], values[high]
        pivot = max(min(a, b), min(max(a, b), c))
        less = low
        for j in range(low, high + 1):
            value = values[j]
            values[j] = values[less]
            values[less] = value
            less += int(value < pivot)
        if wanted < less:
            high = less - 1
            continue
        equal = less
        for j in range(less, high + 1):
            value = values[j]
            values[j] = values[equal]
            values[equal] = value
            equal += int(value <= pivot)
        if wanted < equal:
            break
        low = equal
    return float(values[wanted])


@compiled
def quantile_of(values: NDArray[np.float64], count: int, probability: float) -> float:
    """Return a quantile of ``values[:count]``, linear between order statistics; the order of the values is changed."""
    place = probability * (count - 1)
    below = int(np.floor(place))
    first = smallest(values, 0, count - 1, below)
    share = place - below
    if share == 0.0:
        return float(first)
    second = values[below + 1]
    for i in range(below + 2, count):
        if values[i] < second:
            second = values[i]
    return float(first + share * (second - first))


@compiled
def grouped_quantiles(
    values: NDArray[np.float64], order: NDArray[np.int64], start: NDArray[np.int64], probability: float, about_median: bool
) -> NDArray[np.float64]:
    """Return one quantile of the finite values of each group.

    Parameters
    ----------
    values : (n,) one column.
    order : (n,) rows sorted by group.
    start : (groups + 1,) where each group begins in ``order``.
    probability : 0 to 1.
    about_median : take the quantile of distances from the group's median instead of values.

    Returns
    -------
    (groups,), NaN for a group without a finite value.
    """
    n_groups = start.shape[0] - 1
    longest = 0
    for g in range(n_groups):
        longest = max(longest, start[g + 1] - start[g])
    buffer = np.empty(max(longest, 1))
    result = np.full(n_groups, np.nan)
    for g in range(n_groups):
        count = 0
        for k in range(start[g], start[g + 1]):
            value = values[order[k]]
            if np.isfinite(value):
                buffer[count] = value
                count += 1
        if count == 0:
            continue
        if about_median:
            middle = quantile_of(buffer, count, 0.5)
            for k in range(count):
                buffer[k] = abs(buffer[k] - middle)
        result[g] = quantile_of(buffer, count, probability)
    return result
