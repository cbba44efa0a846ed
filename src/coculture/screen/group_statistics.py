"""Count, mean, standard deviation, median and MAD of many groups of wells at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MAD_TO_SD = 1.482602218505602
"""1 / Φ⁻¹(3/4): the factor that makes the MAD estimate the standard deviation of normal data."""


@dataclass(frozen=True)
class GroupStatistics:
    """Statistics of each group, arrays of shape (groups,); NaN where the group is too small.

    Attributes
    ----------
    count : values in the group.
    mean, sd : arithmetic mean; standard deviation with divisor ``count - 1``.
    median, mad : median; 1.4826 times the median absolute deviation from it.
    """

    count: Integers
    mean: Floats
    sd: Floats
    median: Floats
    mad: Floats


def group_sums(values: Floats, codes: Integers, n_groups: int) -> Floats:
    """Return the sum of each group; values (n,), codes (n,) in 0..n_groups-1."""
    return np.asarray(np.bincount(codes, weights=values, minlength=n_groups), dtype=np.float64)


def group_means(values: Floats, codes: Integers, n_groups: int) -> tuple[Integers, Floats]:
    """Return count and mean of each group; values (n,) finite, codes (n,) in 0..n_groups-1."""
    count = np.bincount(codes, minlength=n_groups).astype(np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = group_sums(values, codes, n_groups) / count
    return count, mean


def group_sds(values: Floats, codes: Integers, n_groups: int) -> Floats:
    """Return the standard deviation (divisor n - 1) of each group, NaN below two values."""
    count, mean = group_means(values, codes, n_groups)
    squares = group_sums((values - mean[codes]) ** 2, codes, n_groups)
    return np.sqrt(np.where(count > 1, squares, np.nan) / np.maximum(count - 1, 1))


def group_medians(values: Floats, codes: Integers, n_groups: int) -> Floats:
    """Return the median of each group, NaN for an empty one."""
    order = np.lexsort((values, codes))
    ordered = values[order]
    count = np.bincount(codes, minlength=n_groups)
    start = np.concatenate(([0], np.cumsum(count)[:-1])).astype(np.int64)
    median = np.full(n_groups, np.nan)
    filled = count > 0
    low = start[filled] + (count[filled] - 1) // 2
    high = start[filled] + count[filled] // 2
    median[filled] = (ordered[low] + ordered[high]) / 2
    return median


def group_statistics(values: Floats, codes: Integers, n_groups: int, keep: NDArray[np.bool_]) -> GroupStatistics:
    """Return the statistics of the kept, finite values of each group.

    Parameters
    ----------
    values : (n,) numbers, NaN where missing.
    codes : (n,) group of each value, 0..n_groups-1.
    n_groups : number of groups.
    keep : (n,) which values count.
    """
    chosen = keep & np.isfinite(values)
    kept, groups = values[chosen], codes[chosen]
    count, mean = group_means(kept, groups, n_groups)
    median = group_medians(kept, groups, n_groups)
    mad = MAD_TO_SD * group_medians(np.abs(kept - median[groups]), groups, n_groups)
    return GroupStatistics(count, mean, group_sds(kept, groups, n_groups), median, mad)
