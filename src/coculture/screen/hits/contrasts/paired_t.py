"""The plain paired contrast: a t-test of each donor's mean difference between two conditions.

Each independent unit (donor) saw every compound in both conditions. Within a unit the difference between the conditions is free
of what the unit itself does; over units it is tested with a paired t-test.
"""

from __future__ import annotations

import numpy as np

from coculture.screen.hits.contrasts.base import FEWEST_UNITS, ContrastEstimate, ContrastWells, over_units, unit_differences


def paired_t(wells: ContrastWells) -> ContrastEstimate:
    """Return the mean over units of the mean difference over the doses a unit saw in both conditions, and its t-test."""
    effect, sd = np.full(len(wells.rows), np.nan), np.full(len(wells.rows), np.nan)
    n = np.zeros(len(wells.rows), dtype=np.int64)
    place = {row: index for index, row in enumerate(wells.rows)}
    for arm in range(1, len(wells.arms) + 1):
        means = unit_differences(wells.tested, arm).groupby(["compound", "unit"])["difference"].mean()
        for compound, part in means.groupby("compound"):
            index = place[str(compound), arm]
            n[index], effect[index] = len(part), part.mean()
            sd[index] = part.std() if len(part) >= FEWEST_UNITS else np.nan
    df = np.where(n >= FEWEST_UNITS, n - 1.0, np.nan)
    return ContrastEstimate(effect, sd / np.sqrt(np.maximum(n, 1)), df, sd, n, over_units(wells, n))
